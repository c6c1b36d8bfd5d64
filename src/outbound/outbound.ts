import { GatewayError } from '../domain/error.ts'
import { isPrivateTarget } from './target.ts'

/** A runtime's way to send a request; it never follows a redirect. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** Calls to servers whose addresses operators or clients gave. */
export interface Outbound {
  /** Whether a call of this address would be tried, as far as its text says: for refusing it when it is given. */
  allows(url: URL): boolean
  /**
   * Sends a request and resolves once the answer has begun, whatever its status; a redirect is an answer. Throws
   * `unavailable` where the server cannot be reached in time, or may not be: it is a private address, and those are not
   * allowed. The answer's body fails where it is larger or takes longer than its bounds.
   */
  send(
    url: URL,
    init?: RequestInit & { readonly milliseconds?: number; readonly answer?: AnswerBounds },
  ): Promise<Response>
}

/** Of an answer's body, once it is unpacked: a small one may become very large, and one that trickles never ends. */
export interface AnswerBounds {
  readonly bytes: number
  readonly milliseconds: number
}

export interface OutboundOptions {
  /** Whether loopback, private and otherwise special addresses may be called. */
  readonly allowPrivate: boolean
  readonly fetch: Fetch
}

const DEFAULT_MILLISECONDS = 30_000
/** Files that an app keeps with its vendor, to a phone with a slow connection. */
const DEFAULT_ANSWER: AnswerBounds = { bytes: 100 * 1024 * 1024, milliseconds: 300_000 }

export function createOutbound({ allowPrivate, fetch }: OutboundOptions): Outbound {
  const allows = (url: URL) => allowPrivate || !isPrivateTarget(url)
  return {
    allows,
    async send(url, { milliseconds = DEFAULT_MILLISECONDS, answer = DEFAULT_ANSWER, ...init } = {}) {
      if (!allows(url)) {
        throw unreachable(new Error(`${url.hostname} is private; ALLOW_PRIVATE_TARGETS=on allows it`))
      }
      // Not AbortSignal.timeout: it would cut off a long answer that has begun in time.
      const abort = new AbortController()
      const timer = setTimeout(() => abort.abort(new Error(`no answer in ${milliseconds} ms`)), milliseconds)
      try {
        const begun = await fetch(url.href, { ...init, redirect: 'manual', signal: abort.signal })
        return bounded(begun, answer)
      } catch (error) {
        throw unreachable(error)
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

/** The same answer with a body that ends within its bounds, or fails; then nothing more is taken from the server. */
function bounded(answer: Response, { bytes, milliseconds }: AnswerBounds): Response {
  if (!answer.body) return answer
  const reader = answer.body.getReader()
  let left = bytes
  let timer: ReturnType<typeof setTimeout> | undefined
  const cut = (controller: ReadableStreamDefaultController, why: string) => {
    clearTimeout(timer)
    const error = unreachable(new Error(why))
    controller.error(error)
    reader.cancel(error).catch(() => {})
  }
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      timer = setTimeout(() => cut(controller, `the answer takes over ${milliseconds} ms`), milliseconds)
    },
    async pull(controller) {
      const { done, value } = await reader.read()
      if (done) {
        clearTimeout(timer)
        return controller.close()
      }
      left -= value.byteLength
      if (left < 0) return cut(controller, `the answer is larger than ${bytes} bytes`)
      controller.enqueue(value)
    },
    cancel(reason) {
      clearTimeout(timer)
      return reader.cancel(reason)
    },
  })
  return new Response(body, { status: answer.status, headers: answer.headers })
}

const unreachable = (cause: unknown) =>
  new GatewayError('unavailable', 'Another server that this call needs cannot be reached.', { cause })
