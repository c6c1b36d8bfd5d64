import { GatewayError } from './domain/error.ts'
import { isPrivateTarget } from './wire/target.ts'

/** A runtime's way to send a request; it never follows a redirect. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** Calls to servers whose addresses operators or clients gave. */
export interface Outbound {
  /**
   * Sends a request and resolves once the answer has begun, whatever its status; a redirect is an answer. Throws
   * `unavailable` where the server cannot be reached in time, or may not be: it is a private address, and those are not
   * allowed.
   */
  send(url: URL, init?: RequestInit & { readonly milliseconds?: number }): Promise<Response>
}

export interface OutboundOptions {
  /** Whether loopback, private and otherwise special addresses may be called. */
  readonly allowPrivate: boolean
  readonly fetch: Fetch
}

const DEFAULT_MILLISECONDS = 30_000

export function createOutbound({ allowPrivate, fetch }: OutboundOptions): Outbound {
  return {
    async send(url, { milliseconds = DEFAULT_MILLISECONDS, ...init } = {}) {
      if (!allowPrivate && isPrivateTarget(url)) {
        throw unreachable(new Error(`${url.hostname} is private; ALLOW_PRIVATE_TARGETS=on allows it`))
      }
      // Not AbortSignal.timeout: it would cut off a long answer that has begun in time.
      const abort = new AbortController()
      const timer = setTimeout(() => abort.abort(new Error(`no answer in ${milliseconds} ms`)), milliseconds)
      try {
        return await fetch(url.href, { ...init, redirect: 'manual', signal: abort.signal })
      } catch (error) {
        throw unreachable(error)
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

const unreachable = (cause: unknown) =>
  new GatewayError('unavailable', 'Another server that this call needs cannot be reached.', { cause })
