import type { Context } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { codingOf, unpacked } from './coding.ts'
import { parseJsonObject } from './json.ts'
import { collected, tooLarge } from './stream.ts'

/**
 * The request's body as bytes, unpacked, at most `most` of them on the wire and afterwards. Throws `too_large`, without
 * reading or unpacking on; a body that lies about its length is cut off all the same. Throws `bad_body` where it breaks
 * off or cannot be unpacked.
 */
export async function readBytes(c: Context<AppEnv>, most = c.get('limits').bodyBytes): Promise<Uint8Array> {
  const encoding = c.req.header('content-encoding')
  if (encoding === undefined) return readSent(c, most)
  const coding = codingOf(encoding)
  const sent = await readSent(c, most)
  return coding === null ? sent : unpacked(sent, coding, most)
}

/** Both runtimes can walk a stream; the types of one do not say so. */
type Body = (ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) | null

/** The body as it was sent. */
async function readSent(c: Context<AppEnv>, most: number): Promise<Uint8Array> {
  const length = c.req.header('content-length')
  if (Number(length ?? 0) > most) throw tooLarge(most)
  try {
    // Reading the whole body at once spares Node a web stream per request, which costs more than the rest of HTTP.
    if (length === undefined) return await collected(c.req.raw.body as Body, most)
    const bytes = new Uint8Array(await c.req.raw.arrayBuffer())
    if (bytes.byteLength > most) throw tooLarge(most)
    return bytes
  } catch (error) {
    if (error instanceof GatewayError) throw error
    throw new GatewayError('bad_body', 'The body broke off.', { cause: error })
  }
}

/** The body as text. Throws `too_large`, or `bad_body` where it is not UTF-8. */
export async function readText(c: Context<AppEnv>, most?: number): Promise<string> {
  return decodeUtf8(await readBytes(c, most))
}

/** Bytes as text, without a byte order mark. Throws `bad_body` where they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch (error) {
    throw new GatewayError('bad_body', 'The body is not UTF-8.', { cause: error })
  }
}

/** The body as a JSON object: `readText` and `parseJsonObject` under the request's limits. */
export async function readJsonObject(c: Context<AppEnv>, most?: number): Promise<Record<string, unknown>> {
  return parseJsonObject(await readText(c, most), c.get('limits').jsonDepth)
}

/**
 * The media type of a Content-Type value, lower case, without parameters; null where there is none. A header that was set
 * twice to the same type counts once; of different types the whole list is the type, which nobody takes.
 */
export function mediaType(c: Context<AppEnv>): string | null {
  const value = c.req.header('content-type')
  if (value === undefined) return null
  const plain = (type: string) => (type.split(';', 1)[0] ?? '').trim().toLowerCase()
  if (!value.includes(',') || value.length > LONGEST_TYPE) return plain(value)
  const types = new Set(listed(value).map(plain))
  return types.size > 1 ? [...types].join(', ') : (types.values().next().value ?? '')
}

/** A longer one is no list of types. */
const LONGEST_TYPE = 1000

/** The elements of a list in a header (RFC 9110, section 5.6.1), empty ones left out; a quoted comma separates nothing. */
const listed = (value: string): string[] =>
  (value.match(/(?:"(?:[^"\\]|\\.)*"|[^,])+/g) ?? []).map((one) => one.trim()).filter((one) => one !== '')
