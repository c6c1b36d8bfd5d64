import { amf0ValueReader } from './amf0-decoder.ts'
import { amf0ValueWriter } from './amf0-encoder.ts'
import { createAmf3Sink } from './amf3-encoder.ts'
import { type ByteReader, createByteReader } from './byte-reader.ts'
import { type ByteWriter, createByteWriter } from './byte-writer.ts'
import { AmfError } from './errors.ts'
import {
  type AmfEncodeLimits,
  type AmfLimits,
  type Budget,
  createBudget,
  createEncodeBudget,
} from './limits.ts'
import type { AmfValue } from './values.ts'

/** A context header (AMF 0 section 4, header). */
export type AmfHeader = { name: string; mustUnderstand: boolean; value: AmfValue }

/** A message: what it is for, where its answer belongs, and what it says (AMF 0 section 4, message). */
export type AmfBody = { target: string; response: string; value: AmfValue }

/** An AMF packet (AMF 0 section 4, packet). */
export type AmfPacket = { version: 0 | 3; headers: AmfHeader[]; bodies: AmfBody[] }

/** How to write a packet; `lengths` says whether headers and bodies carry their real length or -1, the default. */
export type AmfPacketOptions = AmfEncodeLimits & { lengths?: 'unknown' | 'exact' }

const UNKNOWN_LENGTH = 0xffffffff
const AVMPLUS = 0x11

/**
 * Decodes a packet of version 0 or 3 that fills `input` exactly. Values are AMF 0 with AMF 3 behind the avmplus marker,
 * in either version; every header and body starts with empty reference tables. A length other than -1 must be right.
 * Throws AmfError and nothing else, in time and memory proportional to `input`, whose size is the caller's to limit.
 * (AMF 0 specification, section 4; AMF 3 specification, section 4.1, NetConnection and AMF 3)
 */
export function decodePacket(input: Uint8Array, limits: AmfLimits = {}): AmfPacket {
  const reader = createByteReader(input)
  const budget = createBudget(limits, reader.offset)
  const version = reader.u16()
  if (version !== 0 && version !== 3) throw reader.error('malformed', `no AMF packet has version ${version}`)
  const headers = readList(reader, 8, () => readHeader(reader, budget))
  const bodies = readList(reader, 9, () => readBody(reader, budget))
  if (reader.remaining() > 0) throw reader.error('malformed', 'bytes after the packet')
  return { version, headers, bodies }
}

/**
 * Encodes a packet: values as AMF 3 behind the avmplus marker in version 3, as AMF 0 in version 0.
 * Throws AmfError for what the version cannot carry; see encodeAmf3 and encodeAmf0.
 * (AMF 0 specification, section 4; AMF 3 specification, section 4.1, NetConnection and AMF 3)
 */
export function encodePacket(packet: AmfPacket, options: AmfPacketOptions = {}): Uint8Array {
  const writer = createByteWriter()
  const write = (value: AmfValue) => writeValue(writer, packet.version, value, options)
  writer.u16(packet.version)
  writeCount(writer, packet.headers.length)
  for (const header of packet.headers) {
    writer.shortText(header.name)
    writer.u8(header.mustUnderstand ? 1 : 0)
    write(header.value)
  }
  writeCount(writer, packet.bodies.length)
  for (const body of packet.bodies) {
    writer.shortText(body.target)
    writer.shortText(body.response)
    write(body.value)
  }
  return writer.finish()
}

/** Reads a 16-bit count and as many entries, each of at least `size` bytes. */
function readList<T>(reader: ByteReader, size: number, read: () => T): T[] {
  const count = reader.u16()
  reader.expect(count, size)
  return Array.from({ length: count }, read)
}

function readHeader(reader: ByteReader, budget: Budget): AmfHeader {
  const name = reader.text(reader.u16())
  const mustUnderstand = reader.u8() !== 0
  return { name, mustUnderstand, value: readValue(reader, budget) }
}

function readBody(reader: ByteReader, budget: Budget): AmfBody {
  const target = reader.text(reader.u16())
  const response = reader.text(reader.u16())
  return { target, response, value: readValue(reader, budget) }
}

function readValue(reader: ByteReader, budget: Budget): AmfValue {
  const length = reader.u32()
  if (length === UNKNOWN_LENGTH) return amf0ValueReader(reader, budget)()
  reader.expect(length, 1)
  const end = reader.offset() + length
  const value = amf0ValueReader(reader, budget)()
  if (reader.offset() !== end) throw reader.error('malformed', 'a length does not match its value')
  return value
}

function writeCount(writer: ByteWriter, count: number): void {
  if (count > 0xffff) throw new AmfError('unencodable', 'more than 65,535 headers or bodies')
  writer.u16(count)
}

function writeValue(writer: ByteWriter, version: 0 | 3, value: AmfValue, options: AmfPacketOptions): void {
  const { lengths, ...limits } = options
  const at = writer.offset()
  writer.u32(UNKNOWN_LENGTH)
  const budget = createEncodeBudget(limits)
  if (version === 0) amf0ValueWriter(writer, budget)(value)
  else {
    writer.u8(AVMPLUS)
    createAmf3Sink(writer, budget).value(value)
  }
  if (lengths === 'exact') writer.patch(at, writer.offset() - at - 4)
}
