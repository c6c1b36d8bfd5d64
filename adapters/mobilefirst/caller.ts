import type { Request } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import { bearerToken } from '../../src/wire/bearer.ts'
import { limitFailures } from '../../src/wire/credentials.ts'
import { Challenge, fault } from './errors.ts'
import { APP_SECRET, CLIENT_SECRET, DIALECT } from './provisioning.ts'
import { MOBILE_SCOPE, meets, neededScope, REGISTERED_CLIENT, type Requirement, scopeList } from './scopes.ts'

/** The authenticated caller. */
export type Caller =
  /** A confidential client with a token (section 7). */
  | { readonly kind: 'client'; readonly app: DialectApp; readonly scopes: readonly string[] }
  /** An app on a device with a token (section 8). */
  | {
      readonly kind: 'mobile'
      readonly app: DialectApp
      readonly scopes: readonly string[]
      readonly deviceId: string | null
    }
  /** The IBM Cloud variant (section 9): the app's back end, or an installation, with a plain secret. */
  | { readonly kind: 'secret'; readonly app: DialectApp; readonly server: boolean }

/** An app removed by DELETE counts as unknown until POST restores it (section 5.6). */
export const isRemoved = (app: DialectApp): boolean => app.options.removed === true

/** Authenticates the caller, or refuses with 401. `application` comes from the path, for secrets of the cloud variant. */
export async function authenticate(c: Request, application: string | null): Promise<Caller> {
  const vouched = application !== null && c.get('notes').vendor ? await vouchedCaller(c, application) : null
  if (vouched) return vouched
  const header = c.req.header('authorization')
  if (header === undefined && application !== null) {
    const secret = await secretCaller(c, application)
    if (secret) return secret
  }
  const presented = bearerToken(header)
  if (presented === 'missing') throw new Challenge('unauthorized', 'Bearer')
  // Not rate-limited: signatures cannot be guessed, and apps that share an address all send expired tokens at times.
  const token =
    presented === 'malformed' ? null : await c.get('gateway').auth.verify(DIALECT, presented.token)
  if (!token) throw invalidToken()
  const { app } = token
  const { scope, kind, device } = token.claims
  const scopes = typeof scope === 'string' ? scopeList(scope) : []
  return kind === 'mobile'
    ? { kind, app, scopes, deviceId: typeof device === 'string' ? device : null }
    : { kind: 'client', app, scopes }
}

/**
 * A caller that the vendor has accepted, with a token or secret of the vendor's: the vendor's answer is the
 * authorization (migration.md 6.4).
 */
async function vouchedCaller(c: Request, application: string): Promise<Caller | null> {
  const app = await c.get('gateway').apps.find(DIALECT, application)
  if (!app) return null
  const ofCloud = c.req.header('authorization') === undefined && c.req.header('clientSecret') !== undefined
  return ofCloud ? { kind: 'secret', app, server: false } : { kind: 'client', app, scopes: ['*'] }
}

const invalidToken = () => new Challenge('unauthorized', 'Bearer error="invalid_token"')

async function secretCaller(c: Request, application: string): Promise<Caller | null> {
  const server = c.req.header('appSecret')
  const presented = server ?? c.req.header('clientSecret')
  if (presented === undefined) return null
  const kind = server === undefined ? CLIENT_SECRET : APP_SECRET
  const verify = async () => {
    const found = await c.get('gateway').apps.find(DIALECT, application)
    return found && c.get('gateway').apps.verify(found, [kind], presented) ? found : null
  }
  // Apps on devices are not rate-limited: an old build with a revoked secret must not lock out a whole network of phones.
  const app = await (server === undefined ? verify() : limitFailures(c, application, verify))
  if (!app) throw new Challenge('unauthorized', 'Bearer')
  return { kind: 'secret', app, server: server !== undefined }
}

/** The devices on which an app on a device may use an operation. */
export type MobileUse = 'never' | 'own' | 'any token'

/** Refuses forbidden operations with 403; `mobile` tells whether apps on devices may use the operation. */
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

/** An app on a device may only access its own device (section 8). */
export function requireOwn(caller: Caller, deviceId: string | undefined): void {
  if (caller.kind === 'mobile' && caller.deviceId !== deviceId) {
    throw insufficient(`${REGISTERED_CLIENT} ${MOBILE_SCOPE}`)
  }
}

/** Apps on devices may not request unrestricted lists. */
export function requireDeviceNamed(caller: Caller, deviceId: string | undefined): void {
  requireOwn(caller, deviceId)
  if (caller.kind === 'secret' && !caller.server && deviceId === undefined) {
    throw insufficient(`${REGISTERED_CLIENT} ${MOBILE_SCOPE}`)
  }
}

/**
 * The application in the path, which must be the caller's own. A mobile token for another application is refused like a
 * token without the application's scope.
 */
export async function applicationOf(c: Request, caller: Caller, application: string): Promise<DialectApp> {
  const { kind, app } = caller
  const own = app.identifier === application
  if (kind === 'mobile' && !own) throw insufficient(`${REGISTERED_CLIENT} ${MOBILE_SCOPE}`)
  if (!own || isRemoved(app)) throw fault('notFound', application)
  await c.get('tenant').enter(app)
  return app
}
