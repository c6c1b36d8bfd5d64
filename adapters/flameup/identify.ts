import type { Identity, Request } from '../../src/adapter.ts'
import { bearerToken } from '../../src/wire/bearer.ts'

/** A key names its workspace (section 2). */
export function identify(c: Request): Identity | null {
  const presented = bearerToken(c.req.header('authorization'))
  return typeof presented === 'object' ? { sent: presented.token, by: { secret: presented.token } } : null
}
