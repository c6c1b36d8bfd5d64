import type { Context } from 'hono'
import type { AppEnv } from '../adapter.ts'

/**
 * Whether a request has a body, determined from its headers if possible: on Node, accessing the body itself
 * creates a stream.
 */
export function hasBody({ req }: Context<AppEnv>): boolean {
  if (req.method === 'GET' || req.method === 'HEAD') return false
  const length = req.header('content-length')
  return length === undefined ? req.raw.body !== null : Number(length) > 0
}

/** The bytes of an answer, which stays readable. A clone would be a stream and cost more than the call. */
export async function answerBytes(c: Context<AppEnv>): Promise<Uint8Array<ArrayBuffer>> {
  const answer = c.res
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const { status, headers } = answer
  // Assigned over another response, it would inherit that one's headers.
  c.res = undefined
  c.res = new Response(bytes.byteLength === 0 ? null : bytes, { status, headers })
  return bytes
}
