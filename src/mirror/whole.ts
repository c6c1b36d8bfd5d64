import type { Context } from 'hono'
import type { AppEnv } from '../adapter.ts'

/** Whether a request has a body, told by its head where that says so: on Node, a look at the body itself makes a stream of it. */
export function hasBody({ req }: Context<AppEnv>): boolean {
  if (req.method === 'GET' || req.method === 'HEAD') return false
  const length = req.header('content-length')
  return length === undefined ? req.raw.body !== null : Number(length) > 0
}

/** The bytes of an answer, which is put back whole: the half of a clone is a stream, and costs more than the call. */
export async function answerBytes(c: Context<AppEnv>): Promise<Uint8Array<ArrayBuffer>> {
  const answer = c.res
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const { status, headers } = answer
  // Set over another one, it would get the headers of both.
  c.res = undefined
  c.res = new Response(bytes.byteLength === 0 ? null : bytes, { status, headers })
  return bytes
}
