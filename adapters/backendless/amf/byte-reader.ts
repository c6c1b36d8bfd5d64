import { AmfError, type AmfErrorReason } from './errors.ts'

/** Reads big-endian numbers and UTF-8 off bytes, front to back; any read past the end is an AmfError (`truncated`). */
export type ByteReader = {
  u8: () => number
  u16: () => number
  i32: () => number
  u32: () => number
  f64: () => number
  /** A variable length unsigned 29-bit integer (AMF 3 section 1.3.1), one to four bytes; longer forms than needed pass. */
  u29: () => number
  /** Milliseconds since 1970 as a double; an AmfError (`malformed`) for NaN or what a Date cannot hold. */
  date: () => Date
  /** A copy of the next `size` bytes. */
  bytes: (size: number) => Uint8Array
  /** The next `size` bytes as UTF-8; an AmfError (`malformed`) when they are not. */
  text: (size: number) => string
  /** Skips the next byte if it is `byte`; returns whether it was. */
  consume: (byte: number) => boolean
  /** An AmfError (`truncated`) unless `count` entries of at least `size` bytes each can still follow. */
  expect: (count: number, size: number) => void
  offset: () => number
  remaining: () => number
  /** Returns, without throwing, an error with the current offset. */
  error: (reason: AmfErrorReason, message: string) => AmfError
}

/** Starts at the first byte of `input`. The bytes are not copied and must not change while they are read. */
export function createByteReader(input: Uint8Array): ByteReader {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  // In AMF, a byte order mark is an ordinary character, so ignoreBOM keeps it.
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let position = 0

  const error = (reason: AmfErrorReason, message: string) => new AmfError(reason, message, position)
  const remaining = () => input.length - position
  const expect = (count: number, size: number) => {
    const needed = count * size
    if (needed > remaining()) {
      throw error('truncated', `${needed} bytes needed but ${remaining()} left`)
    }
  }
  const claim = (size: number) => {
    expect(size, 1)
    position += size
    return position - size
  }
  const u8 = () => view.getUint8(claim(1))
  const f64 = () => view.getFloat64(claim(8))

  return {
    u8,
    u16: () => view.getUint16(claim(2)),
    i32: () => view.getInt32(claim(4)),
    u32: () => view.getUint32(claim(4)),
    f64,
    u29: () => readU29(u8),
    date: () => {
      const date = new Date(f64())
      if (Number.isNaN(date.getTime())) throw error('malformed', 'a date is not a point in time')
      return date
    },
    bytes: (size) => {
      const start = claim(size)
      return input.slice(start, start + size)
    },
    text: (size) => {
      const start = claim(size)
      try {
        return utf8.decode(input.subarray(start, start + size))
      } catch {
        throw error('malformed', 'a string is not valid UTF-8')
      }
    },
    consume: (byte) => {
      const met = input[position] === byte
      if (met) position += 1
      return met
    },
    expect,
    offset: () => position,
    remaining,
    error,
  }
}

function readU29(u8: () => number): number {
  let value = 0
  for (let read = 0; read < 3; read += 1) {
    const byte = u8()
    value = (value << 7) | (byte & 0x7f)
    if (byte < 0x80) return value
  }
  return (value << 8) | u8()
}
