import type { Context } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'

const ZIP = [0x50, 0x4b, 0x03, 0x04]

/**
 * The decompressed body of an upload as a stream. Throws `bad_media_type` for an archive or an unknown encoding, and
 * `bad_body` if it is cut off or does not match its declared length.
 */
export async function* uploaded(c: Context<AppEnv>): AsyncGenerator<Uint8Array> {
  const coding = (c.req.header('content-encoding') ?? 'identity').trim().toLowerCase()
  const { body } = c.req.raw
  const whole = counted(body ? bytesOf(body) : nothing(), c.req.header('content-length'))
  if (coding === 'identity' || coding === '') return yield* plain(whole)
  if (coding !== 'gzip' && coding !== 'x-gzip') {
    throw new GatewayError(
      'bad_media_type',
      `The content encoding ${coding} is not supported; use gzip or none.`,
    )
  }
  yield* plain(unzipped(whole))
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function* bytesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      yield value
    }
  } catch (error) {
    throw new GatewayError('bad_body', 'The upload was interrupted; nothing was imported.', { cause: error })
  } finally {
    reader.releaseLock()
  }
}

async function* counted(
  bytes: AsyncIterable<Uint8Array>,
  length: string | undefined,
): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const one of bytes) {
    size += one.length
    yield one
  }
  if (length !== undefined && /^\d+$/.test(length) && Number(length) !== size) {
    throw new GatewayError(
      'bad_body',
      `The upload has ${size} bytes instead of ${length}; nothing was imported.`,
    )
  }
}

/** Throws for archives, including spreadsheets. */
async function* plain(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let begun = false
  for await (const one of bytes) {
    if (!begun && ZIP.every((byte, at) => one[at] === byte)) {
      throw new GatewayError(
        'bad_media_type',
        'The file is an archive or a spreadsheet: send the file inside it, or export it as CSV.',
      )
    }
    begun ||= one.length > 0
    yield one
  }
}

async function* unzipped(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new DecompressionStream('gzip')
  const writer = writable.getWriter()
  let fault: unknown
  const writing = (async () => {
    try {
      // A copy, because the runtime may reuse the buffer.
      for await (const one of bytes) await writer.write(new Uint8Array(one))
      await writer.close()
    } catch (error) {
      fault = error
      await writer.abort(error).catch(() => {})
    }
  })()
  try {
    yield* bytesOf(readable)
  } catch (error) {
    await writing
    throw fault instanceof GatewayError ? fault : error
  }
  await writing
  if (fault !== undefined) throw fault
}
