import { type ClientHttp2Session, type ClientHttp2Stream, constants } from 'node:http2'
import {
  ANSWER_BYTES,
  type Answer,
  type Call,
  REQUEST_MILLISECONDS,
  Unanswered,
} from '../../delivery/transport/transport.ts'

const COLON = 0x3a
const decoder = new TextDecoder()

/** The service did not process the request, so it can be sent again. */
export class NotProcessed extends Error {
  override readonly name = 'NotProcessed'
}

export interface StreamOptions {
  /** The path of the base. */
  readonly prefix: string
  /** The last stream that the service processed, according to its GOAWAY. */
  readonly lastProcessed: () => number | undefined
}

/** Sends one request on a session with a free stream. Throws `Unanswered` or `NotProcessed`. */
export function request(session: ClientHttp2Session, call: Call, options: StreamOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let stream: ClientHttp2Stream
    try {
      stream = session.request({ ':method': 'POST', ':path': options.prefix + call.path, ...call.headers })
    } catch (error) {
      // The session has ended in the meantime (ERR_HTTP2_GOAWAY_SESSION, ERR_HTTP2_INVALID_SESSION).
      return reject(new NotProcessed('the session takes no request', { cause: error }))
    }
    let head: Headers | undefined
    let fault: NodeJS.ErrnoException | undefined
    let late = false
    let bytes = 0
    const chunks: Uint8Array[] = []
    const timer = setTimeout(() => {
      late = true
      stream.close(constants.NGHTTP2_CANCEL)
    }, call.milliseconds ?? REQUEST_MILLISECONDS)

    stream.on('response', (headers) => {
      head = headers
    })
    stream.on('data', (chunk: Uint8Array) => {
      chunks.push(chunk.subarray(0, Math.max(0, ANSWER_BYTES - bytes)))
      bytes += chunk.byteLength
      if (bytes > ANSWER_BYTES) stream.close(constants.NGHTTP2_CANCEL)
    })
    stream.on('error', (error) => {
      fault = error
    })
    stream.on('close', () => {
      clearTimeout(timer)
      const whole = stream.readableEnded && stream.rstCode === constants.NGHTTP2_NO_ERROR
      if (head) return resolve(answerOf(head, textOf(chunks), whole))
      if (late) return reject(new Unanswered('timeout', 'timeout'))
      // Node reports a GOAWAY that ended the session only after its streams.
      setImmediate(() => reject(missing(stream, fault, options.lastProcessed())))
    })
    stream.end(call.body)
  })
}

/** The reason why a stream closed without an answer. */
function missing(
  stream: ClientHttp2Stream,
  fault: NodeJS.ErrnoException | undefined,
  last: number | undefined,
) {
  const beyond = last !== undefined && stream.id !== undefined && stream.id > last
  if (stream.rstCode === constants.NGHTTP2_REFUSED_STREAM || stream.id === undefined || beyond)
    return new NotProcessed('the stream was refused', { cause: fault })
  return new Unanswered('lost', fault?.code ?? 'lost', { cause: fault })
}

function textOf(chunks: readonly Uint8Array[]): string {
  const [first] = chunks
  if (!first) return ''
  return decoder.decode(chunks.length === 1 ? first : Buffer.concat(chunks))
}

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>

/** Most answers' headers are never read, so they are converted only on access. */
function answerOf(head: Headers, text: string, whole: boolean): Answer {
  let headers: Record<string, string> | undefined
  return {
    status: Number(head[':status']),
    get headers() {
      headers ??= plain(head)
      return headers
    },
    text,
    whole,
  }
}

function plain(headers: Headers): Record<string, string> {
  const named: Record<string, string> = {}
  for (const name in headers) if (name.charCodeAt(0) !== COLON) named[name] = String(headers[name])
  return named
}
