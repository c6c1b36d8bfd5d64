import type { Request } from '../../../src/adapter.ts'
import { isNothing } from '../../../src/domain/absent.ts'
import type { DialectApp } from '../../../src/domain/app.ts'
import type { Client } from '../../../src/domain/client.ts'
import { isStorable, repairedDocument } from '../../../src/domain/text.ts'
import { readJsonObject } from '../../../src/wire/body.ts'
import { countIssued } from '../../../src/wire/credentials.ts'
import type { Json } from '../../../src/wire/json.ts'
import { isRemoved } from '../caller.ts'
import { OAuthRefusal } from '../errors.ts'
import { DIALECT, MOST_APPLICATION_ID } from '../provisioning.ts'
import { grantedToMobile, scopeList } from '../scopes.ts'
import type { Form } from './form.ts'
import { assertionOf, formOf, object, signedRegistration, text } from './presented.ts'
import { type ClientKey, presentedKey, type Signed, verifies } from './signed.ts'

/** Tolerance for device clocks, whose assertions are valid for only a minute; in milliseconds. */
const LEEWAY = 5 * 60_000
const CODE_SECONDS = 120
/** Most characters of a device id, the same as in device registration. */
const MOST_DEVICE_ID = 1000
/** The Android SDK intercepts this address; nothing is ever sent to it. */
const INTERCEPTED = /^https?:\/\/mfpredirecturi\/?$/i

/** Most characters of a client id that we issued. */
const MOST_CLIENT_ID = 100

/** Makes SDKs discard their keys and register again (section 8, step 2). */
const unknownClient = () =>
  new OAuthRefusal('invalid_client', 'There is no such client.', 400, 'INVALID_CLIENT_ID')

/** Finds a client and its app, both of which must exist. */
async function knownClient(c: Request, id: string): Promise<{ client: Client; app: DialectApp }> {
  const client = id === '' || id.length > MOST_CLIENT_ID ? null : await c.get('gateway').auth.client(id)
  const app = client && (await c.get('gateway').apps.findById(DIALECT, client.appId))
  if (!client || client.dialect !== DIALECT || !app || isRemoved(app)) throw unknownClient()
  await c.get('tenant').enter(app)
  return { client, app }
}

// Safe cast: `register` below stored this key.
const keyOf = (client: Client) => client.key as unknown as ClientKey

interface Registration {
  readonly signed: Signed
  readonly app: DialectApp
  readonly about: Json
  /** The push `deviceId` of the client's device (section 8). */
  readonly externalId: string
}

async function registration(c: Request): Promise<Registration> {
  const signed = await signedRegistration(c)
  if (!signed) throw new OAuthRefusal('invalid_request', 'signedRegistrationData is missing or malformed.')
  const application = object(signed.payload.application)
  const device = object(signed.payload.device)
  const externalId = text(device.id)
  const usable = externalId.length <= MOST_DEVICE_ID && isStorable(externalId) && !isNothing(externalId)
  if (!usable) throw new OAuthRefusal('invalid_request', 'device.id is missing or not valid.')
  const name = text(application.id)
  const app = name.length > MOST_APPLICATION_ID ? null : await c.get('gateway').apps.find(DIALECT, name)
  if (!app || isRemoved(app)) throw new OAuthRefusal('invalid_request', 'The application is not known.')
  // Everything except the id is descriptive (R22).
  const about = repairedDocument({ device, application, attributes: object(signed.payload.attributes) })
  return { signed, app, about, externalId }
}

/** Step 1: a client registers itself with its own key. */
export async function register(c: Request, base: string): Promise<Response> {
  const { signed, app, about, externalId } = await registration(c)
  await c.get('tenant').enter(app)
  const key = presentedKey(signed.header)
  if (!key || !(await verifies(key, signed))) throw badSignature()
  // Counted only after verification, so that invalid requests from others cannot lock out a phone.
  await countIssued(c, app.app.id)
  const id = await c.get('gateway').auth.register(app, { key: { ...key }, about, externalId })
  c.header('Location', `${c.get('outside').origin}${base}/registration/clients/${id}`)
  return c.json({}, 201)
}

/** Step 1b: the client registers again with its existing key. */
export async function registerAgain(c: Request): Promise<Response> {
  const { signed, app, about, externalId } = await registration(c)
  const { client } = await knownClient(c, c.req.param('client') ?? '')
  if (client.appId !== app.app.id) throw unknownClient()
  if (!(await verifies(keyOf(client), signed))) throw badSignature()
  if (!(await c.get('gateway').auth.describe({ id: client.id, about, externalId }))) throw unknownClient()
  return c.json({})
}

const badSignature = () => new OAuthRefusal('invalid_request', 'The signature is not valid.')

/** Step 2: requires no security check; it only synchronizes the device's clock. */
export async function preauthorize(c: Request): Promise<Response> {
  const { client_id: id } = await readJsonObject(c)
  await knownClient(c, text(id))
  return c.json({ successes: { clockSynchronization: { serverTimeStamp: c.get('now')().getTime() } } })
}

/** Step 3: a code for the client, at its own redirect URI. */
export async function authorize(c: Request, base: string): Promise<Response> {
  const { client } = await knownClient(c, c.req.query('client_id') ?? '')
  if (c.req.query('response_type') !== 'code') {
    throw new OAuthRefusal('unsupported_response_type', 'response_type must be code.')
  }
  const redirectUri = c.req.query('redirect_uri') ?? ''
  const own = `${base}/az/v1/authorization/redirect/${client.id}`
  const allowed = [own, `${c.get('outside').origin}${own}`]
  if (!allowed.includes(redirectUri) && !INTERCEPTED.test(redirectUri)) {
    throw new OAuthRefusal('invalid_request', 'The redirect_uri is not one of the client.')
  }
  const scope = grantedToMobile(scopeList(c.req.query('scope') ?? '')).join(' ')
  const { appId, dialect } = client
  const grant = { appId, dialect, clientId: client.id, detail: { scope, redirectUri } }
  const code = await c.get('gateway').auth.grant(grant, CODE_SECONDS)
  return c.redirect(`${redirectUri}?code=${code}`, 302)
}

/** Step 3b: the page to which the web SDK is redirected. */
export async function showCode(c: Request): Promise<Response> {
  c.header('Cache-Control', 'no-store')
  return c.json({ code: c.req.query('code') ?? '' })
}

/** Step 4: redeems a code for the client that signed the assertion with its registered key. */
export async function redeemedClient(c: Request, form: Form) {
  const invalid = (why: string) => new OAuthRefusal('invalid_grant', why)
  const { client, app, payload } = await asserted(c)
  const code = form('code')
  if (code === '' || payload.jti !== code) throw invalid('The assertion is for another code.')
  if (!text(payload.aud).endsWith('az/v1/token')) throw invalid('The assertion is for another audience.')
  const grant = await c.get('gateway').auth.redeem(code)
  const { scope, redirectUri } = grant?.detail ?? {}
  if (!grant || grant.clientId !== client.id) throw invalid('The code is not valid.')
  if (form('redirect_uri') !== redirectUri) throw invalid('The redirect_uri is another one.')
  return { client, app, scope: text(scope), deviceId: client.externalId ?? '' }
}

/** Verifies the assertion in the form and returns its client. Times are in milliseconds (section 8). */
async function asserted(c: Request) {
  const form = await formOf(c)
  const signed = await assertionOf(c)
  if (!signed) throw new OAuthRefusal('invalid_request', 'client_assertion is missing or malformed.')
  const { payload } = signed
  const { client, app } = await knownClient(c, text(payload.sub))
  const named = form('client_id')
  const fresh = typeof payload.exp === 'number' && payload.exp > c.get('now')().getTime() - LEEWAY
  if (!fresh || (named !== '' && named !== client.id) || !(await verifies(keyOf(client), signed))) {
    throw new OAuthRefusal('invalid_grant', 'The assertion is not valid.')
  }
  return { client, app, payload }
}

/** Returns a client's self-description to itself; the SDK reads its device's display name from it. */
export async function showRegistration(c: Request): Promise<Response> {
  const { client } = await asserted(c)
  if (client.id !== c.req.param('client')) throw unknownClient()
  c.header('Cache-Control', 'no-store')
  return c.json({ registration: client.about })
}

/** Heartbeat and logout: there are no sessions, so these only authenticate the caller. */
export async function acknowledge(c: Request): Promise<Response> {
  await asserted(c)
  return c.json({})
}
