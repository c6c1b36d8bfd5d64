import type { Request } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { decodeSegment } from '../../src/wire/path.ts'
import { type Address, SERVICES } from './address.ts'
import { fault } from './errors.ts'
import { presented, sentAddress, sentHost } from './identify.ts'
import { KEY_KINDS, type Options, optionsOf } from './provisioning.ts'

/** The app of a request, its options and the kind of key that was used. */
export interface Caller {
  readonly app: DialectApp
  readonly options: Options
  /** The kind of key; `rest` changes the form of answers (section 4.2). Null on a domain without a key. */
  readonly kind: string | null
  readonly form: Address['form']
}

/** The address of a request, not decoded. */
export function addressOfRequest(c: Request): Address {
  const address = sentAddress(c)
  if (!address) throw nothingHere()
  return address
}

/** The last path segment as an id; split first, then decoded once (section 2). */
export const idOf = (c: Request): string => decodeSegment(addressOfRequest(c).rest.at(-1) ?? '')

/** Throws the same error for a wrong app and a wrong key; disowns a request that belongs to no app here. */
export async function callerOf(c: Request): Promise<Caller> {
  const address = addressOfRequest(c)
  for (const segment of address.rest) decodeSegment(segment)
  if (address.form === 'path') {
    decodeSegment(address.applicationId)
    const app = await tenantOf(c)
    const kind = app && kindOf(c, app, decodeSegment(address.apiKey))
    if (!app || !kind) throw wrongApp(app)
    return { app, options: optionsOf(app.options), kind, form: 'path' }
  }
  if (address.form === 'domain') return domainCaller(c, address)
  return versionCaller(c)
}

async function domainCaller(c: Request, { rest }: Address): Promise<Caller> {
  const app = await tenantOf(c)
  if (app) {
    const host = sentHost(c)
    const options = optionsOf(app.options)
    const kind = options.domains.find((one) => one.host === host)?.key ?? null
    return { app, options, kind, form: 'domain' }
  }
  // Other paths below /api belong to this dialect only on a bound host (section 2).
  if (!SERVICES.has(rest[0] ?? '')) disown(c)
  throw fault('unboundHost')
}

/** The app of a v3 request; the app must be set up for this form (section 2). */
export async function versionCaller(c: Request): Promise<Caller> {
  const { applicationId = '', secretKey = '', applicationType } = await presented(c)
  if (applicationId === '') disown(c)
  const app = await tenantOf(c)
  const options = app && optionsOf(app.options)
  const kind = app && options?.v3 ? kindOf(c, app, secretKey) : null
  if (app && !options?.v3) throw wrongApp(app, 'The app is not set up for calls of version 3.')
  if (!app || !options || !kind) throw wrongApp(app)
  return { app, options, kind: applicationType?.toLowerCase() ?? kind, form: 'version' }
}

const tenantOf = async (c: Request): Promise<DialectApp | null> => (await c.get('tenant').find())?.app ?? null

/** Not rate-limited: these keys ship in apps, and an old build with a revoked one must not lock out a whole network. */
const kindOf = (c: Request, app: DialectApp, key: string): string | null =>
  c.get('gateway').apps.verify(app, KEY_KINDS, key)?.kind ?? null

/** Callers see the same error for both causes (section 6); operators see which one it was. */
const wrongApp = (
  app: DialectApp | null,
  reason = app ? 'The API key is none of the app.' : 'No app has this application id.',
) => fault('wrongApp', undefined, reason)

/** The path has the right form, but belongs to no app here. */
function disown(c: Request): never {
  c.get('notes').adapter = undefined
  throw nothingHere()
}

const nothingHere = () => new GatewayError('not_found', 'No such endpoint.')
