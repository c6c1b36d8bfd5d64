import { type ByteWriter, createByteWriter, toUtf8 } from './byte-writer.ts'
import { AmfError } from './errors.ts'
import { type AmfEncodeLimits, type Budget, createEncodeBudget } from './limits.ts'
import type { AmfAssociativeArray, AmfObject, AmfTagged, AmfValue } from './values.ts'

/** One AMF 0 stream being written: its bytes and its reference table (AMF 0 section 2.1). */
type Amf0Sink = {
  writer: ByteWriter
  budget: Budget
  objects: Map<object, number>
  value: (value: AmfValue) => void
}

/** The type markers (AMF 0 section 2.1). */
const marker = {
  number: 0x00,
  boolean: 0x01,
  string: 0x02,
  object: 0x03,
  null: 0x05,
  undefined: 0x06,
  reference: 0x07,
  ecmaArray: 0x08,
  objectEnd: 0x09,
  strictArray: 0x0a,
  date: 0x0b,
  longString: 0x0c,
  xml: 0x0f,
  typedObject: 0x10,
} as const

/** Makes the writer of values in one AMF 0 stream that starts with an empty reference table. */
export function amf0ValueWriter(writer: ByteWriter, budget: Budget): (value: AmfValue) => void {
  const sink: Amf0Sink = { writer, budget, objects: new Map(), value: (value) => writeValue(sink, value) }
  return sink.value
}

/**
 * Encodes one AMF 0 value. All numbers are doubles; the very same array or object is written once and then by reference,
 * as far as the 65,536 references of AMF 0 reach; the dense part of an associative array becomes members named by their
 * index. Throws AmfError for what AMF 0 cannot carry: byte arrays, vectors, dictionaries, names over 65,535 bytes, and
 * what is nested too deep. (AMF 0 specification, section 2)
 */
export function encodeAmf0(value: AmfValue, limits: AmfEncodeLimits = {}): Uint8Array {
  const writer = createByteWriter()
  amf0ValueWriter(writer, createEncodeBudget(limits))(value)
  return writer.finish()
}

function writeValue(sink: Amf0Sink, value: AmfValue): void {
  const { u8 } = sink.writer
  if (value === undefined) u8(marker.undefined)
  else if (value === null) u8(marker.null)
  else if (typeof value === 'boolean') {
    u8(marker.boolean)
    u8(value ? 1 : 0)
  } else if (typeof value === 'number') writeNumber(sink, value)
  else if (typeof value === 'string') writeText(sink, value)
  else if (value instanceof Date) writeDate(sink, value)
  else if (value instanceof Uint8Array) throw new AmfError('unencodable', 'AMF 0 has no byte arrays')
  else if (Array.isArray(value)) writeStrictArray(sink, value)
  else writeTagged(sink, value)
}

function writeTagged(sink: Amf0Sink, value: AmfTagged): void {
  switch (value.kind) {
    case 'object':
      writeObject(sink, value)
      break
    case 'array':
      writeEcmaArray(sink, value)
      break
    case 'integer':
    case 'double':
      writeNumber(sink, value.value)
      break
    case 'xml':
      writeXml(sink, value.text)
      break
    default:
      throw new AmfError('unencodable', `AMF 0 has no ${value.kind}`)
  }
}

function writeNumber({ writer }: Amf0Sink, value: number): void {
  writer.u8(marker.number)
  writer.f64(value)
}

function writeText(sink: Amf0Sink, text: string): void {
  const encoded = toUtf8(text)
  const long = encoded.length > 0xffff
  sink.writer.u8(long ? marker.longString : marker.string)
  if (long) sink.writer.u32(encoded.length)
  else sink.writer.u16(encoded.length)
  sink.writer.bytes(encoded)
}

function writeXml({ writer }: Amf0Sink, text: string): void {
  const encoded = toUtf8(text)
  writer.u8(marker.xml)
  writer.u32(encoded.length)
  writer.bytes(encoded)
}

function writeDate({ writer }: Amf0Sink, date: Date): void {
  writer.u8(marker.date)
  writer.date(date)
  writer.u16(0) // the time zone, reserved (section 2.13)
}

/**
 * Writes a reference if the same object was written before; otherwise adds it to the reference table and
 * returns false.
 */
function writeReference({ writer, objects }: Amf0Sink, value: object): boolean {
  const index = objects.get(value)
  if (index === undefined) {
    objects.set(value, objects.size)
    return false
  }
  if (index > 0xffff) return false
  writer.u8(marker.reference)
  writer.u16(index)
  return true
}

function writeStrictArray(sink: Amf0Sink, list: AmfValue[]): void {
  if (writeReference(sink, list)) return
  sink.writer.u8(marker.strictArray)
  sink.writer.u32(list.length)
  sink.budget.nest(() => {
    for (const item of list) sink.value(item)
  })
}

function writeEcmaArray(sink: Amf0Sink, array: AmfAssociativeArray): void {
  if (writeReference(sink, array)) return
  const members = new Map(array.members)
  array.dense.forEach((item, index) => {
    members.set(String(index), item)
  })
  sink.writer.u8(marker.ecmaArray)
  sink.writer.u32(members.size)
  writeMembers(sink, members)
}

function writeObject(sink: Amf0Sink, object: AmfObject): void {
  if (writeReference(sink, object)) return
  const typed = object.className !== ''
  sink.writer.u8(typed ? marker.typedObject : marker.object)
  if (typed) sink.writer.shortText(object.className)
  writeMembers(sink, object.members)
}

function writeMembers(sink: Amf0Sink, members: Map<string, AmfValue>): void {
  sink.budget.nest(() => {
    for (const [name, value] of members) {
      sink.writer.shortText(name)
      sink.value(value)
    }
  })
  sink.writer.shortText('')
  sink.writer.u8(marker.objectEnd)
}
