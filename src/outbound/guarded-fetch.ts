import type * as Undici from 'undici'
import { guardedAgent, undici } from './guarded-agent.ts'
import type { Fetch } from './outbound.ts'

/** `fetch` for Node over connections that lead to no private address. */
export function guardedFetch(allowPrivate: boolean): Fetch {
  const agent = guardedAgent(allowPrivate)
  return async (url, init) => {
    const [{ fetch }, dispatcher] = await Promise.all([undici(), agent()])
    // undici's classes differ from the global ones, so headers are passed as a list.
    const headers = [...new Headers(init.headers)]
    const answer = await fetch(url, { ...init, headers, dispatcher } as Undici.RequestInit)
    const body = answer.body as ReadableStream<Uint8Array> | null
    return new Response(body, { status: answer.status, headers: [...answer.headers] })
  }
}
