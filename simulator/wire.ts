/** A request of a phone. A body that is not a string is sent as JSON. */
export interface Call {
  readonly method: string
  /** The path and query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  /** Parsed, if it is JSON. */
  readonly body: unknown
}

/** Sends a request to the server of the app's base URL. */
export type Send = (call: Call) => Promise<Reply>

/** An answer after which an SDK retries later; nothing of the call may count as done. */
export class TryAgain extends Error {
  constructor(call: Call, { status, body }: Reply) {
    super(`${call.method} ${call.path}: ${status} ${JSON.stringify(body)}`)
  }
}

/** An answer that no SDK of this vendor can handle: a fault that the simulation has found. */
export class Broken extends Error {
  constructor(call: Call, { status, body }: Reply) {
    super(`${call.method} ${call.path} was answered ${status} ${JSON.stringify(body)}`)
  }
}

/** The JSON object of a success; how other answers are handled depends on the SDK. */
export function done(call: Call, reply: Reply): Readonly<Record<string, unknown>> {
  if (reply.status === 429 || reply.status >= 500) throw new TryAgain(call, reply)
  if (reply.status >= 300) throw new Broken(call, reply)
  const { body } = reply
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
}

/** Sends a call that must succeed. */
export const sent = async (send: Send, call: Call): Promise<Readonly<Record<string, unknown>>> =>
  done(call, await send(call))
