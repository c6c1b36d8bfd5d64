import { createAmf3Source } from './amf3-decoder.ts'
import { type ByteReader, createByteReader } from './byte-reader.ts'
import { type AmfLimits, type Budget, createBudget } from './limits.ts'
import type { AmfAssociativeArray, AmfObject, AmfValue } from './values.ts'

/** One AMF 0 stream being read: its bytes and its reference table (AMF 0 section 2.1). */
type Amf0Source = {
  reader: ByteReader
  budget: Budget
  objects: AmfValue[]
  value: () => AmfValue
  /** Reads an AMF 3 value; the reference tables last as long as this stream, as in BlazeDS. */
  amf3: () => AmfValue
}

const OBJECT_END = 0x09

/**
 * Reader for each marker, indexed by the marker; null for markers that carry no value (AMF 0 section 2.1).
 */
const readers: readonly (((source: Amf0Source) => AmfValue) | null)[] = [
  ({ reader }) => reader.f64(),
  ({ reader }) => reader.u8() !== 0,
  readShortText,
  (source) => readObject(source, ''),
  null, // movieclip, reserved
  () => null,
  () => undefined,
  readReference,
  readEcmaArray,
  null, // object end, valid only inside an object
  readStrictArray,
  readDate,
  readLongText,
  null, // unsupported, sent for a value that the sender could not write
  null, // recordset, reserved
  (source) => ({ kind: 'xml', legacy: true, text: readLongText(source) }),
  (source) => readObject(source, readShortText(source)),
  ({ amf3 }) => amf3(),
]

/** Makes the reader of values in one AMF 0 stream that starts with an empty reference table where `reader` stands. */
export function amf0ValueReader(reader: ByteReader, budget: Budget): () => AmfValue {
  const source: Amf0Source = {
    reader,
    budget,
    objects: [],
    value: () => {
      budget.spend(1)
      const marker = reader.u8()
      const read = readers[marker]
      if (read === null) throw reader.error('unsupported', `AMF 0 marker ${marker} stands for no value`)
      if (read === undefined) throw reader.error('malformed', `no AMF 0 type has marker ${marker}`)
      return read(source)
    },
    amf3: createAmf3Source(reader, budget).value,
  }
  return source.value
}

/**
 * Decodes one AMF 0 value that fills `input` exactly, AMF 3 parts behind the avmplus marker included; see AmfValue for
 * the result and AmfLimits for the bounds. Throws AmfError and nothing else. (AMF 0 specification, sections 2 and 3)
 */
export function decodeAmf0(input: Uint8Array, limits: AmfLimits = {}): AmfValue {
  const reader = createByteReader(input)
  const value = amf0ValueReader(reader, createBudget(limits, reader.offset))()
  if (reader.remaining() > 0) throw reader.error('malformed', 'bytes after the value')
  return value
}

function readShortText({ reader }: Amf0Source): string {
  return reader.text(reader.u16())
}

function readLongText({ reader }: Amf0Source): string {
  return reader.text(reader.u32())
}

function readReference({ reader, objects }: Amf0Source): AmfValue {
  const index = reader.u16()
  if (index >= objects.length) throw reader.error('malformed', `no object ${index} to refer to`)
  return objects[index]
}

function readDate({ reader }: Amf0Source): AmfValue {
  const date = reader.date()
  reader.u16() // the time zone, which is reserved and must be ignored (section 2.13)
  return date
}

function readObject(source: Amf0Source, className: string): AmfValue {
  const object: AmfObject = { kind: 'object', className, members: new Map() }
  source.objects.push(object)
  source.budget.nest(() => readMembers(source, object.members))
  return object
}

function readEcmaArray(source: Amf0Source): AmfValue {
  source.reader.u32() // the count is only a hint and often wrong; the end marker decides
  const array: AmfAssociativeArray = { kind: 'array', dense: [], members: new Map() }
  source.objects.push(array)
  source.budget.nest(() => readMembers(source, array.members))
  return array
}

function readMembers(source: Amf0Source, members: Map<string, AmfValue>): void {
  const { reader } = source
  for (;;) {
    const name = readShortText(source)
    if (name === '' && reader.consume(OBJECT_END)) return
    members.set(name, source.value())
  }
}

function readStrictArray(source: Amf0Source): AmfValue {
  const count = source.reader.u32()
  source.reader.expect(count, 1)
  const items: AmfValue[] = []
  source.objects.push(items)
  source.budget.nest(() => {
    for (let index = 0; index < count; index += 1) items.push(source.value())
  })
  return items
}
