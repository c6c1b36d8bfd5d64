import type { Request } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { mediaType } from '../../src/wire/body.ts'
import { refuseBrokenEscapes } from '../../src/wire/path.ts'
import { covers, type Permission } from './provisioning.ts'

export const BASE = '/api/v1'
export const WORKSPACE = `${BASE}/workspaces/:workspace` as const

/** The app of the key, which must have the permission and, if the path names a workspace, be of that one. */
export async function authorizedApp(c: Request, permission: Permission): Promise<DialectApp> {
  // Wrong keys are not rate-limited: an old build with a revoked key must not lock out every phone behind its address.
  const tenant = await c.get('tenant').find()
  if (!tenant) throw new GatewayError('unauthorized', 'Missing or invalid API key.')
  const { app, credential } = tenant
  // The vendor has accepted the call, so its key is not checked again.
  const vouched = c.get('notes').vendor !== undefined
  if (!vouched && !covers(credential?.scopes ?? [], permission)) {
    throw new GatewayError('forbidden', `This API key lacks the permission ${permission}.`)
  }
  // Section 1.
  refuseBrokenEscapes(c.req.url)
  const workspace = c.req.param('workspace')
  if (workspace !== undefined && workspace !== app.identifier) {
    throw new GatewayError('forbidden', 'This API key belongs to another workspace.')
  }
  return app
}

/** Refuses other content types; a missing one is accepted. */
export function requireJson(c: Request): void {
  const type = mediaType(c)
  if (type !== null && type !== 'application/json') {
    throw new GatewayError('bad_media_type', 'Content-Type must be application/json.')
  }
}

export function notAllowed(c: Request, allowed: string): never {
  c.header('Allow', `${allowed}, OPTIONS`)
  throw new GatewayError('method_not_allowed', 'Method not allowed.')
}
