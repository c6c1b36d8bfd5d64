import type { Context } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { codingOf, unpacked } from './coding.ts'
import { parseJson } from './json.ts'
import { collected, tooLarge } from './stream.ts'

/**
 * A body is read from the connection once and kept for as long as its request: whoever identifies the app, handles the
 * call or forwards it gets the same bytes, and the same parsed document.
 */
interface KeptBody {
  /** As sent, still packed. */
  sent?: Promise<Uint8Array<ArrayBuffer>>
  /** Unpacked, with the limit that applied; `sent` itself without a coding. */
  plain?: { readonly most: number; readonly bytes: Promise<Uint8Array<ArrayBuffer>> }
  text?: string
  document?: Outcome
  /** Set once the request is answered. */
  closed?: boolean
}

/** A failure is kept too: a second reader gets the same error, without parsing again. */
type Outcome = { readonly value: unknown } | { readonly error: unknown }

const bodies = new WeakMap<globalThis.Request, KeptBody>()

function bodyOf(c: Context<AppEnv>): KeptBody {
  const known = bodies.get(c.req.raw)
  if (known) return known
  const body: KeptBody = {}
  bodies.set(c.req.raw, body)
  return body
}

/**
 * Reads and decompresses the request body; `most` bytes are allowed both before and after decompression. Throws
 * `too_large` as soon as the limit is exceeded, whatever Content-Length says, and `bad_body` for an incomplete body or
 * one that cannot be decompressed. Every reader's own limit applies; a body that was too large for the first reader is
 * lost to the others.
 */
export async function readBytes(
  c: Context<AppEnv>,
  most = c.get('limits').bodyBytes,
): Promise<Uint8Array<ArrayBuffer>> {
  const encoding = c.req.header('content-encoding')
  const coding = encoding === undefined ? null : codingOf(encoding)
  const sent = await readSent(c, most)
  if (coding === null) return sent
  const body = bodyOf(c)
  if (!body.plain || body.plain.most < most) body.plain = { most, bytes: unpacked(sent, coding, most) }
  const bytes = await body.plain.bytes
  if (bytes.byteLength > most) throw tooLarge(most)
  return bytes
}

/** The body before decompression. */
async function readSent(c: Context<AppEnv>, most: number): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(c.req.header('content-length') ?? 0) > most) throw tooLarge(most)
  const body = bodyOf(c)
  if (body.closed && !body.sent) throw new GatewayError('bad_body', 'The body was not read in time.')
  body.sent ??= received(c, most)
  const bytes = await body.sent
  if (bytes.byteLength > most) throw tooLarge(most)
  return bytes
}

/** Streams are async iterable on both runtimes, but one runtime's types lack it. */
type Body = (ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) | null

async function received(c: Context<AppEnv>, most: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const arrived = await c.get('services').arrived?.(c)
    if (arrived) return arrived
    // `arrayBuffer` avoids a web stream per request on Node, which costs more than the rest of HTTP.
    return c.req.header('content-length') === undefined
      ? await collected(c.req.raw.body as Body, most)
      : new Uint8Array(await c.req.raw.arrayBuffer())
  } catch (error) {
    if (error instanceof GatewayError) throw error
    throw new GatewayError('bad_body', 'The body broke off.', { cause: error })
  }
}

/** The body as text. Throws `too_large`, or `bad_body` if it is not UTF-8. */
export async function readText(c: Context<AppEnv>, most?: number): Promise<string> {
  const bytes = await readBytes(c, most)
  const body = bodyOf(c)
  body.text ??= decodeUtf8(bytes)
  return body.text
}

/** Created once; it keeps no state between two texts. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/** Decodes UTF-8 and drops a byte order mark. Throws `bad_body` for invalid UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (error) {
    throw new GatewayError('bad_body', 'The body is not UTF-8.', { cause: error })
  }
}

/** The body as JSON, parsed once. Readers share the document, so none may change it. Throws like `parseJson`. */
export async function readJson(c: Context<AppEnv>, most?: number): Promise<unknown> {
  const text = await readText(c, most)
  const body = bodyOf(c)
  body.document ??= parsed(text, c.get('limits').jsonDepth)
  if ('error' in body.document) throw body.document.error
  return body.document.value
}

function parsed(text: string, maxDepth: number): Outcome {
  try {
    return { value: parseJson(text, maxDepth) }
  } catch (error) {
    return { error }
  }
}

/** From here on, only a body that was already read is available. */
export function closeBody(c: Context<AppEnv>): void {
  bodyOf(c).closed = true
}

/** The body exactly as sent, still compressed: the kept bytes if it has been read, otherwise the stream. */
export const originalBody = (
  c: Context<AppEnv>,
): Promise<Uint8Array<ArrayBuffer>> | ReadableStream<Uint8Array> | null =>
  bodies.get(c.req.raw)?.sent ?? c.req.raw.body
