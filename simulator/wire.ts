/** A request as a phone makes it. A body that is no text is sent as JSON. */
export interface Call {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  /** Parsed where it is JSON. */
  readonly body: unknown
}

/** Sends a request to wherever the app's base URL leads. */
export type Send = (call: Call) => Promise<Reply>

/** An answer on which an SDK tries again later: nothing of the call may count as done. */
export class TryAgain extends Error {
  constructor(call: Call, { status, body }: Reply) {
    super(`${call.method} ${call.path}: ${status} ${JSON.stringify(body)}`)
  }
}

/** An answer that no SDK of this vendor can live with: the simulation has found a fault. */
export class Broken extends Error {
  constructor(call: Call, { status, body }: Reply) {
    super(`${call.method} ${call.path} was answered ${status} ${JSON.stringify(body)}`)
  }
}

/** The JSON object of a success; what comes of everything else is what SDKs make of it. */
export function done(call: Call, reply: Reply): Readonly<Record<string, unknown>> {
  if (reply.status === 429 || reply.status >= 500) throw new TryAgain(call, reply)
  if (reply.status >= 300) throw new Broken(call, reply)
  const { body } = reply
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
}

/** Sends a call that has to succeed. */
export const sent = async (send: Send, call: Call): Promise<Readonly<Record<string, unknown>>> =>
  done(call, await send(call))
