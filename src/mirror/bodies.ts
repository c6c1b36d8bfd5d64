import type { Context } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { readBytes } from '../wire/body.ts'
import type { Passing } from './forward.ts'
import { parsed } from './verdict.ts'

/** The body of a request, as it is compared; undefined without one that can be read. */
export async function requestBody({ c, mirroring, route }: Passing): Promise<unknown> {
  if (!hasBody(c)) return undefined
  const { bulkBytes, bodyBytes } = c.get('limits')
  return bodyOf(mirroring, await readBytes(c, route?.bulk ? bulkBytes : bodyBytes).catch(() => NOTHING))
}

const NOTHING = new Uint8Array()

/** A body as it is compared: JSON, or what the dialect reads. */
export const bodyOf = ({ read }: Passing['mirroring'], body: Uint8Array): unknown =>
  body.byteLength === 0 ? undefined : (parsed(body) ?? read?.(body))

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
