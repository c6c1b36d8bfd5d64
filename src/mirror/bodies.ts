import { readBytes } from '../wire/body.ts'
import type { Passing } from './forward.ts'
import { parsed } from './verdict.ts'
import { hasBody } from './whole.ts'

/** The body of a request in the form for comparison; undefined if it has none or cannot be read. */
export async function requestBody({ c, mirroring, route }: Passing): Promise<unknown> {
  if (!hasBody(c)) return undefined
  const { bulkBytes, bodyBytes } = c.get('limits')
  return bodyOf(mirroring, await readBytes(c, route?.bulk ? bulkBytes : bodyBytes).catch(() => NOTHING))
}

const NOTHING = new Uint8Array()

/** A body in the form for comparison: parsed JSON, or the dialect's own decoding. */
export const bodyOf = ({ read }: Passing['mirroring'], body: Uint8Array): unknown =>
  body.byteLength === 0 ? undefined : (parsed(body) ?? read?.(body))
