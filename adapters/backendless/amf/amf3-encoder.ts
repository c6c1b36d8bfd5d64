import { type Amf3Sink, writeInlineHead, writeReference, writeSizedText, writeString } from './amf3-sink.ts'
import { writeAssociative, writeDictionary, writeList, writeObject, writeVector } from './amf3-structures.ts'
import { type ByteWriter, createByteWriter } from './byte-writer.ts'
import { AmfError } from './errors.ts'
import { type AmfEncodeLimits, type Budget, createEncodeBudget } from './limits.ts'
import type { AmfTagged, AmfValue, AmfXml } from './values.ts'

/** The type markers (AMF 3 section 3.1). */
const marker = {
  undefined: 0x00,
  null: 0x01,
  false: 0x02,
  true: 0x03,
  integer: 0x04,
  double: 0x05,
  string: 0x06,
  xmlDocument: 0x07,
  date: 0x08,
  array: 0x09,
  object: 0x0a,
  xml: 0x0b,
  byteArray: 0x0c,
  vector: { int: 0x0d, uint: 0x0e, double: 0x0f, object: 0x10 },
  dictionary: 0x11,
} as const

const INTEGER_BOUND = 2 ** 28

/** Starts an AMF 3 stream with empty reference tables. */
export function createAmf3Sink(writer: ByteWriter, budget: Budget): Amf3Sink {
  const sink: Amf3Sink = {
    writer,
    budget,
    strings: new Map(),
    traits: new Map(),
    objects: new Map(),
    value: (value) => writeValue(sink, value),
  }
  return sink
}

/**
 * Encodes one AMF 3 value. A number that is an integer of 29 bits is written as an integer, any other (NaN, -0 and the
 * infinities too) as a double; AmfInteger and AmfDouble decide otherwise. Equal strings, classes of equal members and
 * the very same objects are written once and then by reference, so cycles are fine. Throws AmfError for what AMF 3
 * cannot carry or what is nested too deep. (AMF 3 specification, January 2013, section 3)
 */
export function encodeAmf3(value: AmfValue, limits: AmfEncodeLimits = {}): Uint8Array {
  const writer = createByteWriter()
  createAmf3Sink(writer, createEncodeBudget(limits)).value(value)
  return writer.finish()
}

function writeValue(sink: Amf3Sink, value: AmfValue): void {
  const { u8 } = sink.writer
  if (value === undefined) u8(marker.undefined)
  else if (value === null) u8(marker.null)
  else if (typeof value === 'boolean') u8(value ? marker.true : marker.false)
  else if (typeof value === 'number') writeNumber(sink, value)
  else if (typeof value === 'string') {
    u8(marker.string)
    writeString(sink, value)
  } else if (value instanceof Date) writeDate(sink, value)
  else if (value instanceof Uint8Array) writeByteArray(sink, value)
  else if (Array.isArray(value)) {
    u8(marker.array)
    writeList(sink, value)
  } else writeTagged(sink, value)
}

function writeTagged(sink: Amf3Sink, value: AmfTagged): void {
  const { u8 } = sink.writer
  switch (value.kind) {
    case 'object':
      u8(marker.object)
      writeObject(sink, value)
      break
    case 'array':
      u8(marker.array)
      writeAssociative(sink, value)
      break
    case 'integer':
      writeInteger(sink, value.value)
      break
    case 'double':
      writeDouble(sink, value.value)
      break
    case 'xml':
      writeXml(sink, value)
      break
    case 'vector':
      u8(marker.vector[value.of])
      writeVector(sink, value)
      break
    case 'dictionary':
      u8(marker.dictionary)
      writeDictionary(sink, value)
      break
    default:
      // Only a value that does not match its type gets here. Writing nothing would shift everything that
      // follows.
      value satisfies never
      throw new AmfError('unencodable', 'not an AMF value')
  }
}

function isInteger(value: number): boolean {
  return Number.isInteger(value) && value >= -INTEGER_BOUND && value < INTEGER_BOUND
}

function writeNumber(sink: Amf3Sink, value: number): void {
  if (isInteger(value) && !Object.is(value, -0)) writeInteger(sink, value)
  else writeDouble(sink, value)
}

function writeInteger({ writer }: Amf3Sink, value: number): void {
  if (!isInteger(value)) throw new AmfError('unencodable', `${value} is no integer of 29 bits`)
  writer.u8(marker.integer)
  writer.u29(value & 0x1fffffff)
}

function writeDouble({ writer }: Amf3Sink, value: number): void {
  writer.u8(marker.double)
  writer.f64(value)
}

function writeDate(sink: Amf3Sink, date: Date): void {
  sink.writer.u8(marker.date)
  if (writeReference(sink, date)) return
  writeInlineHead(sink, 0)
  sink.writer.date(date)
}

function writeByteArray(sink: Amf3Sink, bytes: Uint8Array): void {
  sink.writer.u8(marker.byteArray)
  if (writeReference(sink, bytes)) return
  writeInlineHead(sink, bytes.length)
  sink.writer.bytes(bytes)
}

function writeXml(sink: Amf3Sink, xml: AmfXml): void {
  sink.writer.u8(xml.legacy ? marker.xmlDocument : marker.xml)
  if (!writeReference(sink, xml)) writeSizedText(sink, xml.text)
}
