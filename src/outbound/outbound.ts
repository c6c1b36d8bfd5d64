import { GatewayError } from '../domain/error.ts'
import { isPrivateTarget } from './target.ts'

/** The runtime's `fetch`; must not follow redirects. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** Calls to servers whose addresses come from operators or clients. */
export interface Outbound {
  /** Whether the text of an address permits a call; used to refuse an address when it is entered. */
  allows(url: URL): boolean
  /**
   * Sends a request and resolves when the response headers arrive, whatever the status; redirects are returned, not
   * followed. Throws `unavailable` on a timeout, an unreachable server, or a private address if those are forbidden. The
   * response body fails if it exceeds its bounds in size or time.
   */
  send(
    url: URL,
    init?: RequestInit & { readonly milliseconds?: number; readonly answer?: AnswerBounds },
  ): Promise<Response>
}

/** Bounds on a decompressed response body, against compression bombs and endless slow answers. */
export interface AnswerBounds {
  readonly bytes: number
  readonly milliseconds: number
}

export interface OutboundOptions {
  /** Whether loopback, private and other special addresses may be called. */
  readonly allowPrivate: boolean
  readonly fetch: Fetch
}

const DEFAULT_MILLISECONDS = 30_000
/** Sized for files that an app stores with its vendor, sent to a phone on a slow connection. */
const DEFAULT_ANSWER: AnswerBounds = { bytes: 100 * 1024 * 1024, milliseconds: 300_000 }

export function createOutbound({ allowPrivate, fetch }: OutboundOptions): Outbound {
  const allows = (url: URL) => allowPrivate || !isPrivateTarget(url)
  return {
    allows,
    async send(url, { milliseconds = DEFAULT_MILLISECONDS, answer = DEFAULT_ANSWER, ...init } = {}) {
      if (!allows(url)) {
        throw unreachable(new Error(`${url.hostname} is private; ALLOW_PRIVATE_TARGETS=on allows it`))
      }
      // AbortSignal.timeout would also cut off a long answer that began in time.
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

/** Wraps a response: its body fails beyond the bounds, and then reads no more from the server. */
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
      timer = setTimeout(() => cut(controller, `the answer took more than ${milliseconds} ms`), milliseconds)
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
