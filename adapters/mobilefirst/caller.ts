import type { Request } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import { bearerToken } from '../../src/wire/bearer.ts'
import { limitFailures } from '../../src/wire/credentials.ts'
import { tried } from '../../src/wire/refused.ts'
import { noteTenant } from '../../src/wire/tenant.ts'
import { Challenge, fault } from './errors.ts'
import { APP_SECRET, CLIENT_SECRET, DIALECT } from './provisioning.ts'
import { MOBILE_SCOPE, meets, neededScope, REGISTERED_CLIENT, type Requirement, scopeList } from './scopes.ts'

/** Who calls. */
export type Caller =
  /** A confidential client with its token (section 7). */
  | { readonly kind: 'client'; readonly app: DialectApp; readonly scopes: readonly string[] }
  /** An app on a device with its token (section 8). */
  | {
      readonly kind: 'mobile'
      readonly app: DialectApp
      readonly scopes: readonly string[]
      readonly deviceId: string | null
    }
  /** The IBM Cloud variant (section 9): the app's back end, or one of its installations, with a bare secret. */
  | { readonly kind: 'secret'; readonly app: DialectApp; readonly server: boolean }

/** An app whose setup was taken away by DELETE is unknown until POST brings it back (section 5.6). */
export const isRemoved = (app: DialectApp): boolean => app.options.removed === true

/** Knows the caller, or refuses with 401. `application` is what the path names, for the secrets of the cloud variant. */
export async function authenticate(c: Request, application: string | null): Promise<Caller> {
  if (application !== null) tried(c, application)
  const header = c.req.header('authorization')
  if (header === undefined && application !== null) {
    const secret = await secretCaller(c, application)
    if (secret) return secret
  }
  const presented = bearerToken(header)
  if (presented === 'missing') throw new Challenge('unauthorized', 'Bearer')
  // Unlimited: a signature cannot be guessed, and every app's token expires while others share its address.
  const token = presented === 'malformed' ? null : await c.var.gateway.auth.verify(DIALECT, presented.token)
  if (!token) throw invalidToken()
  const { app } = token
  const { scope, kind, device } = token.claims
  const scopes = typeof scope === 'string' ? scopeList(scope) : []
  return kind === 'mobile'
    ? { kind, app, scopes, deviceId: typeof device === 'string' ? device : null }
    : { kind: 'client', app, scopes }
}

const invalidToken = () => new Challenge('unauthorized', 'Bearer error="invalid_token"')

async function secretCaller(c: Request, application: string): Promise<Caller | null> {
  const server = c.req.header('appSecret')
  const presented = server ?? c.req.header('clientSecret')
  if (presented === undefined) return null
  const kind = server === undefined ? CLIENT_SECRET : APP_SECRET
  const verify = async () => {
    const found = await c.var.gateway.apps.find(DIALECT, application)
    return found && c.var.gateway.apps.verify(found, [kind], presented) ? found : null
  }
  // Apps on devices are not counted: an old build with a dead secret must not keep a whole network of phones out.
  const app = await (server === undefined ? verify() : limitFailures(c, application, verify))
  if (!app) throw new Challenge('unauthorized', 'Bearer')
  return { kind: 'secret', app, server: server !== undefined }
}

/** What of an operation an app on a device may do. */
export type MobileUse = 'never' | 'own' | 'any token'

/** Refuses with 403 what the caller may not do; `mobile`: whether an app on a device may at all. */
export function authorize(caller: Caller, requirement: Requirement, mobile: MobileUse): void {
  if (caller.kind === 'client') {
    if (!meets(caller.scopes, requirement)) throw insufficient(neededScope(requirement))
  } else if (caller.kind === 'secret') {
    if (!caller.server && mobile === 'never') throw insufficient(neededScope(requirement))
  } else if (mobile === 'never' || (mobile === 'own' && !caller.scopes.includes(MOBILE_SCOPE))) {
    throw insufficient(`${REGISTERED_CLIENT} ${MOBILE_SCOPE}`)
  }
}

const insufficient = (scope: string) =>
  new Challenge('forbidden', `Bearer error="insufficient_scope", scope="${scope}"`)

/** An app on a device does its own device's business only (section 8). */
export function requireOwn(caller: Caller, deviceId: string | undefined): void {
  if (caller.kind === 'mobile' && caller.deviceId !== deviceId) {
    throw insufficient(`${REGISTERED_CLIENT} ${MOBILE_SCOPE}`)
  }
}

/** An unrestricted list is not for apps on devices. */
export function requireDeviceNamed(caller: Caller, deviceId: string | undefined): void {
  requireOwn(caller, deviceId)
  if (caller.kind === 'secret' && !caller.server && deviceId === undefined) {
    throw insufficient(`${REGISTERED_CLIENT} ${MOBILE_SCOPE}`)
  }
}

/**
 * The application that the path names, if it is the caller's own: nothing crosses apps. A mobile token at another
 * application is refused as one without its scope is.
 */
export async function applicationOf(c: Request, caller: Caller, application: string): Promise<DialectApp> {
  const { kind, app } = caller
  const own = app.identifier === application
  if (kind === 'mobile' && !own) throw insufficient(`${REGISTERED_CLIENT} ${MOBILE_SCOPE}`)
  if (!own || isRemoved(app)) throw fault('notFound', application)
  await noteTenant(c, app)
  return app
}
