import { GatewayError } from '../domain/error.ts'
import { collected } from './stream.ts'

/** Supported content codings (RFC 9110, section 8.4.1). */
export type Coding = 'gzip' | 'deflate'
const CODINGS: Readonly<Record<string, Coding>> = { gzip: 'gzip', 'x-gzip': 'gzip', deflate: 'deflate' }

/** Bytes decompressed at a time; deflate expands them at most about a thousandfold. */
const PIECE = 16 * 1024

/**
 * The coding named by a Content-Encoding header; null for none. Repeated equal codings count once. Throws `bad_body` for
 * unsupported or several codings.
 */
export function codingOf(header: string): Coding | null {
  const names = new Set(header.split(',').map((name) => name.trim().toLowerCase()))
  names.delete('')
  names.delete('identity')
  const [name, ...more] = names
  if (name === undefined) return null
  const coding = Object.hasOwn(CODINGS, name) ? CODINGS[name] : undefined
  if (!coding || more.length > 0) throw new GatewayError('bad_body', 'The coding of the body is not known.')
  return coding
}

/**
 * Decompresses a body. Throws `too_large` as soon as more than `most` bytes have come out, and `bad_body` for incomplete
 * or invalid input.
 */
export async function unpacked(
  packed: Uint8Array,
  coding: Coding,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { readable, writable } = new DecompressionStream(formatOf(packed, coding))
  const progress: Progress = { read: 0, stopped: false }
  // The reader sees the same error.
  written(packed, writable, progress).catch(() => {})
  try {
    return await collected(counted(readable, progress), most)
  } catch (error) {
    if (error instanceof GatewayError) throw error
    throw new GatewayError('bad_body', 'The body cannot be unpacked.', { cause: error })
  } finally {
    progress.stopped = true
  }
}

/** The reader's progress. Needed because some runtimes decompress everything written, whether it is read or not. */
interface Progress {
  read: number
  stopped: boolean
}

async function* counted(stream: ReadableStream<Uint8Array>, progress: Progress): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream as ReadableStream<Uint8Array> & AsyncIterable<Uint8Array>) {
    progress.read += chunk.byteLength
    yield chunk
  }
}

/** Writes in pieces, each only after the output of the previous one has been read. */
async function written(bytes: Uint8Array, to: WritableStream<Uint8Array>, progress: Progress): Promise<void> {
  const writer = to.getWriter()
  writer.closed.catch(() => {})
  for (let at = 0; at < bytes.byteLength; at += PIECE) {
    if (at > 0) await idle(progress)
    if (progress.stopped) return
    await writer.write(bytes.slice(at, at + PIECE))
  }
  await writer.close()
}

/** Resolves when nothing has been read for a moment. */
async function idle(progress: Progress): Promise<void> {
  for (let before = -1; before !== progress.read && !progress.stopped; ) {
    before = progress.read
    await new Promise((resolved) => setTimeout(resolved, 1))
  }
}

/** Clients send deflate with the zlib wrapper, as specified, or without it. */
function formatOf([first = 0, second = 0]: Uint8Array, coding: Coding): Coding | 'deflate-raw' {
  if (coding === 'gzip') return 'gzip'
  const wrapped = (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0
  return wrapped ? 'deflate' : 'deflate-raw'
}
