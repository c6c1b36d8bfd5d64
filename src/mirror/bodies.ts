import { readBytes } from '../wire/body.ts'
import type { Passing } from './forward.ts'
import { parsed } from './verdict.ts'
import { hasBody } from './whole.ts'

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
