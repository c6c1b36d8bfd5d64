import type { Context } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'

/**
 * The request's body as bytes, at most `most` of them. Throws `too_large`, without reading on; a body that lies about
 * its length is cut off all the same.
 */
export async function readBytes(c: Context<AppEnv>, most = c.get('limits').bodyBytes): Promise<Uint8Array> {
  const length = c.req.header('content-length')
  if (Number(length ?? 0) > most) throw tooLarge(most)
  try {
    // Reading the whole body at once spares Node a web stream per request, which costs more than the rest of HTTP.
    if (length === undefined) return await readStream(c.req.raw.body, most)
    const bytes = new Uint8Array(await c.req.raw.arrayBuffer())
    if (bytes.byteLength > most) throw tooLarge(most)
    return bytes
  } catch (error) {
    if (error instanceof GatewayError) throw error
    throw new GatewayError('bad_body', 'The body broke off.', { cause: error })
  }
}

const tooLarge = (most: number) => new GatewayError('too_large', `The body is larger than ${most} bytes.`)

/** A body of unknown length: no more of it is kept than is allowed. */
async function readStream(stream: ReadableStream | null, most: number): Promise<Uint8Array> {
  if (!stream) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > most) throw tooLarge(most)
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
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

/**
 * A JSON document, whatever the content type says. Throws `bad_body` where it is empty, not JSON, or nested deeper
 * than the limit, which is checked before anything is built.
 */
export function parseJson(text: string, maxDepth: number): unknown {
  if (depthOf(text) > maxDepth)
    throw new GatewayError('bad_body', `The JSON has more than ${maxDepth} levels.`)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new GatewayError('bad_body', 'The body is not JSON.', { cause: error })
  }
}

/** Like `parseJson`, and the document must be an object. */
export function parseJsonObject(text: string, maxDepth: number): Record<string, unknown> {
  const document = parseJson(text, maxDepth)
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new GatewayError('bad_body', 'The body is not a JSON object.')
  }
  return document as Record<string, unknown>
}

/** The body as a JSON object: `readText` and `parseJsonObject` under the request's limits. */
export async function readJsonObject(c: Context<AppEnv>, most?: number): Promise<Record<string, unknown>> {
  return parseJsonObject(await readText(c, most), c.get('limits').jsonDepth)
}

/** The media type of a Content-Type value, lower case, without parameters; null where there is none. */
export function mediaType(c: Context<AppEnv>): string | null {
  const value = c.req.header('content-type')
  return value === undefined ? null : (value.split(';', 1)[0] ?? '').trim().toLowerCase()
}

/** The deepest nesting of brackets outside strings. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (inString) {
      if (code === 92) i++
      else if (code === 34) inString = false
    } else if (code === 34) inString = true
    else if (code === 123 || code === 91) {
      depth++
      if (depth > deepest) deepest = depth
    } else if (code === 125 || code === 93) depth--
  }
  return deepest
}
