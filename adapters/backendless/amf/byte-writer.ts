import { AmfError } from './errors.ts'

/** Writes big-endian numbers and UTF-8 to a buffer that grows. */
export type ByteWriter = {
  u8: (value: number) => void
  u16: (value: number) => void
  u32: (value: number) => void
  f64: (value: number) => void
  /** A variable length unsigned 29-bit integer (AMF 3 section 1.3.1); an AmfError when it needs more bits. */
  u29: (value: number) => void
  /** Milliseconds since 1970 as a double; an AmfError for an invalid date. */
  date: (value: Date) => void
  bytes: (value: Uint8Array) => void
  /** UTF-8 after a 16-bit byte length (AMF 0 section 1.3.1); an AmfError over 65,535 bytes. */
  shortText: (value: string) => void
  offset: () => number
  /** Overwrites four bytes already written. */
  patch: (offset: number, value: number) => void
  /** A copy of everything written so far. */
  finish: () => Uint8Array
}

/** UTF-8 of a text; half of a surrogate pair becomes U+FFFD, as in every UTF-8 encoder of the platform. */
export function toUtf8(text: string): Uint8Array {
  return utf8.encode(text)
}

const utf8 = new TextEncoder()

/** Starts an empty buffer. */
export function createByteWriter(): ByteWriter {
  let buffer = new Uint8Array(256)
  let view = new DataView(buffer.buffer)
  let position = 0

  const claim = (size: number) => {
    const end = position + size
    if (end > buffer.length) {
      const larger = new Uint8Array(Math.max(end, buffer.length * 2))
      larger.set(buffer)
      buffer = larger
      view = new DataView(larger.buffer)
    }
    position = end
    return end - size
  }
  // `claim` must run first, because it may replace the buffer and its view.
  const u8 = (value: number) => {
    const at = claim(1)
    view.setUint8(at, value)
  }
  const u16 = (value: number) => {
    const at = claim(2)
    view.setUint16(at, value)
  }
  const u32 = (value: number) => {
    const at = claim(4)
    view.setUint32(at, value)
  }
  const f64 = (value: number) => {
    const at = claim(8)
    view.setFloat64(at, value)
  }
  const bytes = (value: Uint8Array) => {
    const at = claim(value.length)
    buffer.set(value, at)
  }

  return {
    u8,
    u16,
    u32,
    f64,
    u29: (value) => writeU29(u8, value),
    date: (value) => {
      const time = value.getTime()
      if (Number.isNaN(time)) throw new AmfError('unencodable', 'a date is not a point in time')
      f64(time)
    },
    bytes,
    shortText: (value) => {
      const encoded = utf8.encode(value)
      if (encoded.length > 0xffff) throw new AmfError('unencodable', 'a name is over 65,535 bytes')
      u16(encoded.length)
      bytes(encoded)
    },
    offset: () => position,
    patch: (offset, value) => view.setUint32(offset, value),
    finish: () => buffer.slice(0, position),
  }
}

function writeU29(u8: (value: number) => void, value: number): void {
  if (value > 0x1fffffff) throw new AmfError('unencodable', 'a length or count is over 29 bits')
  // The fourth byte holds eight bits, the others seven.
  const long = value > 0x1fffff
  const high = long ? value >> 1 : value
  if (long) u8((high >> 21) | 0x80)
  if (high > 0x3fff) u8(((high >> 14) & 0x7f) | 0x80)
  if (high > 0x7f) u8(((high >> 7) & 0x7f) | 0x80)
  u8(value & (long ? 0xff : 0x7f))
}
