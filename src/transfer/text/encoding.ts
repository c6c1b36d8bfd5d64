import { joined } from '../../domain/encoding.ts'
/** The encoding of a file. `auto`: UTF-8, unless a byte order mark indicates another one. */
export const ENCODINGS = ['auto', 'utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const
export type Encoding = (typeof ENCODINGS)[number]

/**
 * The characters of windows-1252 where Latin-1 has control characters. Our own table, because `TextDecoder`
 * decodes windows-1252 as Latin-1 in several versions of Node and in workerd (nodejs/node#56542,
 * cloudflare/workerd#6027).
 */
const HIGH = [
  ...[
    0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d,
    0x17d, 0x8f,
  ],
  ...[
    0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d,
    0x17e, 0x178,
  ],
]
/**
 * A byte that never occurs in UTF-8. It replaces undecodable input, so that the record that contains it is
 * refused.
 */
const INVALID = 0xff

type Bytes = AsyncIterable<Uint8Array>

/** Converts the file to UTF-8 without a byte order mark; invalid input stays invalid. */
export async function* inUtf8(file: Bytes, encoding: Encoding): AsyncGenerator<Uint8Array> {
  let form: (bytes: Uint8Array, last: boolean) => Uint8Array = (bytes) => bytes
  let head: Uint8Array = new Uint8Array()
  let begun = false
  for await (const bytes of file) {
    if (begun) {
      yield form(bytes, false)
      continue
    }
    head = head.length === 0 ? bytes : joined([head, bytes])
    // A byte order mark has at most three bytes.
    if (head.length < 3) continue
    begun = true
    const mark = markOf(head)
    form = formOf(mark.encoding ?? encoding)
    yield form(head.subarray(mark.length), false)
  }
  if (!begun) {
    const mark = markOf(head)
    form = formOf(mark.encoding ?? encoding)
    yield form(head.subarray(mark.length), false)
  }
  const end = form(new Uint8Array(), true)
  if (end.length > 0) yield end
}

function markOf([one, two, three]: Uint8Array): { encoding: Encoding | null; length: number } {
  if (one === 0xef && two === 0xbb && three === 0xbf) return { encoding: 'utf-8', length: 3 }
  if (one === 0xff && two === 0xfe) return { encoding: 'utf-16le', length: 2 }
  if (one === 0xfe && two === 0xff) return { encoding: 'utf-16be', length: 2 }
  return { encoding: null, length: 0 }
}

function formOf(encoding: Encoding) {
  if (encoding === 'windows-1252') return (bytes: Uint8Array) => utf8.encode(fromWindows(bytes))
  if (encoding === 'utf-16le') return utf16(true)
  if (encoding === 'utf-16be') return utf16(false)
  return (bytes: Uint8Array) => bytes
}
const utf8 = new TextEncoder()

function fromWindows(bytes: Uint8Array): string {
  const codes = Array.from(bytes, (byte) =>
    byte >= 0x80 && byte < 0xa0 ? (HIGH[byte - 0x80] ?? byte) : byte,
  )
  const parts: string[] = []
  for (let at = 0; at < codes.length; at += 4096)
    parts.push(String.fromCharCode(...codes.slice(at, at + 4096)))
  return parts.join('')
}

/** Half a surrogate pair, or half a code unit at the end, becomes a byte that is invalid in any record. */
function utf16(little: boolean) {
  let odd: number | null = null
  let high: number | null = null
  return (bytes: Uint8Array, last: boolean): Uint8Array => {
    const all = odd === null ? bytes : joined([new Uint8Array([odd]), bytes])
    odd = all.length % 2 === 1 ? (all.at(-1) ?? null) : null
    const out: number[] = []
    const view = new DataView(all.buffer, all.byteOffset, all.length)
    for (let at = 0; at + 1 < all.length; at += 2) {
      const unit = view.getUint16(at, little)
      const low = unit >= 0xdc00 && unit < 0xe000
      if (high !== null && low) put(out, 0x10000 + (high - 0xd800) * 0x400 + unit - 0xdc00)
      else {
        if (high !== null) out.push(INVALID)
        if (low) out.push(INVALID)
        else if (unit < 0xd800 || unit >= 0xe000) put(out, unit)
      }
      high = unit >= 0xd800 && unit < 0xdc00 ? unit : null
    }
    if (last && (odd !== null || high !== null)) out.push(INVALID)
    return Uint8Array.from(out)
  }
}

function put(out: number[], code: number): void {
  if (code < 0x80) out.push(code)
  else if (code < 0x800) out.push(0xc0 | (code >> 6), 0x80 | (code & 63))
  else if (code < 0x10000) out.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
  else
    out.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
}
