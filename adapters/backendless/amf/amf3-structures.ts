import { type Amf3Sink, writeInlineHead, writeReference, writeString } from './amf3-sink.ts'
import { AmfError } from './errors.ts'
import type {
  AmfAssociativeArray,
  AmfDictionary,
  AmfNumberVector,
  AmfObject,
  AmfObjectVector,
  AmfValue,
} from './values.ts'

/** Writes what follows the object marker (AMF 3 section 3.12). */
export function writeObject(sink: Amf3Sink, object: AmfObject): void {
  if (writeReference(sink, object)) return
  const { className, members } = object
  // Typed objects are sealed, so that later objects of the class need no names. Anonymous objects are
  // dynamic, unless a member has the empty name, which would end a dynamic list.
  const dynamic = className === '' && !members.has('')
  const names = dynamic ? [] : [...members.keys()]
  writeTraits(sink, [className, ...names], dynamic)
  sink.budget.nest(() => {
    if (dynamic) writeNamed(sink, members)
    else for (const value of members.values()) sink.value(value)
  })
}

/** `strings` is the class name and then the sealed names. */
function writeTraits(sink: Amf3Sink, strings: string[], dynamic: boolean): void {
  const key = JSON.stringify(strings)
  const index = sink.traits.get(key)
  if (index !== undefined) {
    sink.writer.u29(index * 4 + 0b01)
    return
  }
  sink.traits.set(key, sink.traits.size)
  sink.writer.u29((strings.length - 1) * 16 + (dynamic ? 0b1011 : 0b0011))
  for (const text of strings) writeString(sink, text)
}

function writeNamed(sink: Amf3Sink, members: Map<string, AmfValue>): void {
  for (const [name, value] of members) {
    if (name === '') throw new AmfError('unencodable', 'an associative array cannot have an empty name')
    writeString(sink, name)
    sink.value(value)
  }
  writeString(sink, '')
}

const noMembers: Map<string, AmfValue> = new Map()

/** Writes what follows the array marker for a plain array (AMF 3 section 3.11). */
export function writeList(sink: Amf3Sink, list: AmfValue[]): void {
  if (!writeReference(sink, list)) writeArrayContent(sink, list, noMembers)
}

/** Writes what follows the array marker for an array with named members (AMF 3 section 3.11). */
export function writeAssociative(sink: Amf3Sink, array: AmfAssociativeArray): void {
  if (!writeReference(sink, array)) writeArrayContent(sink, array.dense, array.members)
}

function writeArrayContent(sink: Amf3Sink, dense: AmfValue[], members: Map<string, AmfValue>): void {
  writeInlineHead(sink, dense.length)
  sink.budget.nest(() => {
    writeNamed(sink, members)
    for (const item of dense) sink.value(item)
  })
}

/** Whether an item is in range and how it is written. */
const numbers = {
  int: { fits: (item) => (item | 0) === item, write: ({ writer }, item) => writer.u32(item) },
  uint: { fits: (item) => item >>> 0 === item, write: ({ writer }, item) => writer.u32(item) },
  double: { fits: () => true, write: ({ writer }, item) => writer.f64(item) },
} satisfies Record<
  AmfNumberVector['of'],
  { fits: (item: number) => boolean; write: (sink: Amf3Sink, item: number) => void }
>

/** Writes what follows a vector's marker (AMF 3 section 3.15). */
export function writeVector(sink: Amf3Sink, vector: AmfNumberVector | AmfObjectVector): void {
  if (writeReference(sink, vector)) return
  writeInlineHead(sink, vector.items.length)
  sink.writer.u8(vector.fixed ? 1 : 0)
  if (vector.of === 'object') {
    writeString(sink, vector.className)
    sink.budget.nest(() => vector.items.forEach(sink.value))
    return
  }
  const { fits, write } = numbers[vector.of]
  for (const item of vector.items) {
    if (!fits(item)) throw new AmfError('unencodable', `${item} is no ${vector.of}`)
    write(sink, item)
  }
}

/** Writes what follows the dictionary marker (AMF 3 section 3.16). */
export function writeDictionary(sink: Amf3Sink, dictionary: AmfDictionary): void {
  if (writeReference(sink, dictionary)) return
  writeInlineHead(sink, dictionary.entries.length)
  sink.writer.u8(dictionary.weak ? 1 : 0)
  sink.budget.nest(() => {
    for (const [key, value] of dictionary.entries) {
      sink.value(key)
      sink.value(value)
    }
  })
}
