import type { Context } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { codingOf, unpacked } from './coding.ts'
import { parseJsonObject } from './json.ts'
import { collected, tooLarge } from './stream.ts'

/**
 * Reads and decompresses the request body; `most` bytes are allowed both before and after decompression. Throws
 * `too_large` as soon as the limit is exceeded, whatever Content-Length says, and `bad_body` for an incomplete body or
 * one that cannot be decompressed.
 */
export async function readBytes(c: Context<AppEnv>, most = c.get('limits').bodyBytes): Promise<Uint8Array> {
  const encoding = c.req.header('content-encoding')
  if (encoding === undefined) return readSent(c, most)
  const coding = codingOf(encoding)
  const sent = await readSent(c, most)
  return coding === null ? sent : unpacked(sent, coding, most)
}

/** Streams are async iterable on both runtimes, but one runtime's types lack it. */
type Body = (ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) | null

/** The body before decompression. */
async function readSent(c: Context<AppEnv>, most: number): Promise<Uint8Array> {
  const length = c.req.header('content-length')
  if (Number(length ?? 0) > most) throw tooLarge(most)
  try {
    // `arrayBuffer` avoids a web stream per request on Node, which costs more than the rest of HTTP.
    if (length === undefined) return await collected(c.req.raw.body as Body, most)
    const bytes = new Uint8Array(await c.req.raw.arrayBuffer())
    if (bytes.byteLength > most) throw tooLarge(most)
    return bytes
  } catch (error) {
    if (error instanceof GatewayError) throw error
    throw new GatewayError('bad_body', 'The body broke off.', { cause: error })
  }
}

/** The body as text. Throws `too_large`, or `bad_body` if it is not UTF-8. */
export async function readText(c: Context<AppEnv>, most?: number): Promise<string> {
  return decodeUtf8(await readBytes(c, most))
}

/** Decodes UTF-8 and drops a byte order mark. Throws `bad_body` for invalid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch (error) {
    throw new GatewayError('bad_body', 'The body is not UTF-8.', { cause: error })
  }
}

/** The body as a JSON object, within the request's limits. Throws like `readText` and `parseJsonObject`. */
export async function readJsonObject(c: Context<AppEnv>, most?: number): Promise<Record<string, unknown>> {
  return parseJsonObject(await readText(c, most), c.get('limits').jsonDepth)
}

/**
 * The media type of the Content-Type header, lower case, without parameters; null without a header. Repeated equal types
 * count once; for different types the whole list is returned, which matches no accepted type.
 */
export function mediaType(c: Context<AppEnv>): string | null {
  const value = c.req.header('content-type')
  if (value === undefined) return null
  const plain = (type: string) => (type.split(';', 1)[0] ?? '').trim().toLowerCase()
  if (!value.includes(',') || value.length > LONGEST_TYPE) return plain(value)
  const types = new Set(listed(value).map(plain))
  return types.size > 1 ? [...types].join(', ') : (types.values().next().value ?? '')
}

/** A longer value is not parsed as a list. */
const LONGEST_TYPE = 1000

/** The non-empty elements of a header list (RFC 9110, section 5.6.1); commas inside quotes do not separate. */
const listed = (value: string): string[] =>
  (value.match(/(?:"(?:[^"\\]|\\.)*"|[^,])+/g) ?? []).map((one) => one.trim()).filter((one) => one !== '')
