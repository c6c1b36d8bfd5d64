import { readBytes } from '../wire/body.ts'
import type { Passing } from './forward.ts'
import { parsed } from './verdict.ts'

/** Whether the device is to register once more, which it is told once ever. */
export async function isCoaxed({ c, app, route, mirroring }: Passing): Promise<boolean> {
  const device = route && (await mirroring.coaxed?.({ c, app, route }))
  return device != null && c.get('gateway').mirrors.once(app, 'coaxed', device)
}

/** The body of a request, as it is compared; undefined without one that can be read. */
export async function requestBody({ c, mirroring, route }: Passing): Promise<unknown> {
  if (c.req.method === 'GET' || !c.req.raw.body) return undefined
  const { bulkBytes, bodyBytes } = c.get('limits')
  return bodyOf(mirroring, await readBytes(c, route?.bulk ? bulkBytes : bodyBytes).catch(() => NOTHING))
}

const NOTHING = new Uint8Array()

/** A body as it is compared: JSON, or what the dialect reads. */
export const bodyOf = ({ read }: Passing['mirroring'], body: Uint8Array): unknown =>
  body.byteLength === 0 ? undefined : (parsed(body) ?? read?.(body))
