import type { IncomingMessage, Server, ServerResponse } from 'node:http'

/** Milliseconds for which a call counts as waiting; one that takes longer, such as a stream, slows nothing down. */
const LIVE = 50

/** The calls of a server, to which background work yields. */
interface LiveCalls {
  /** Calls so far. */
  served(): number
  /** Whether a call of late waits for its answer. */
  waiting(): boolean
}

/** `now`: milliseconds since any start. */
export function liveCalls(now = () => performance.now()): LiveCalls & { watch(server: Server): void } {
  let count = 0
  let open = 0
  let latest = Number.NEGATIVE_INFINITY
  const ended = () => {
    open--
  }
  return {
    served: () => count,
    waiting: () => open > 0 && now() - latest < LIVE,
    watch(server) {
      server.on('request', (_: IncomingMessage, answer: ServerResponse) => {
        count++
        open++
        latest = now()
        answer.once('close', ended)
      })
    },
  }
}
