import type { DialectApp } from '../../src/domain/app.ts'
import { toBase64Url } from '../../src/domain/encoding.ts'
import { isStorable, isStorableDocument, repaired } from '../../src/domain/text.ts'
import type { Offers } from '../../src/gateway/adoption.ts'
import { readApnsCertificate } from '../../src/secrets/apns-certificate.ts'
import { type Json, wholeDigits } from '../../src/wire/json.ts'
import { type Fault, fault } from './errors.ts'
import { readForm } from './negotiation.ts'
import { type Call, link, type Operation, type Operations } from './operations.ts'
import { optionalFlag, requiredText, timeText } from './values.ts'

/** The settings of one provider (section 5.7), stored as an encrypted document. */
interface Provider {
  readonly kind: 'apnsConf' | 'gcmConf' | 'wnsConf' | 'smsConf'
  readonly missing: Fault
  readonly body: 'json' | 'multipart'
  /** Validates a request; returns the document to store. */
  readonly accept: (call: Call) => Promise<Json> | Json
  /** The part of the document that is returned to callers. */
  readonly present: (document: Json) => Json
  /** The credential for the push service, with the member names of the admin API. */
  readonly offers?: { readonly kind: string; readonly from: (document: Json) => Json }
}

const PROVIDERS: readonly Provider[] = [
  {
    kind: 'apnsConf',
    missing: 'certificateUnknown',
    body: 'multipart',
    accept: certificate,
    // The file and its password are never returned.
    present: ({ certificate, isSandBox, validUntil }) => ({ certificate, isSandBox, validUntil }),
    offers: {
      kind: 'apns',
      from: ({ file, password, isSandBox }) => ({
        certificate: file,
        passphrase: password,
        environment: isSandBox === 'true' ? 'sandbox' : 'production',
      }),
    },
  },
  // A key of the old API can no longer send: it is stored but not used.
  { kind: 'gcmConf', missing: 'notFound', body: 'json', accept: gcm, present: (document) => document },
  {
    kind: 'wnsConf',
    missing: 'notFound',
    body: 'json',
    accept: wns,
    present: (document) => document,
    offers: {
      kind: 'wns',
      from: ({ packageSID, clientSecret }) => ({ packageSid: packageSID, clientSecret }),
    },
  },
  { kind: 'smsConf', missing: 'notFound', body: 'json', accept: sms, present: (document) => document },
]

/** Push Application Settings and those of each provider (section 5.7). */
export function settingsOperations(on: Operations): void {
  on.app(
    { method: 'GET', path: '/apps/:app/settings', scopes: ['settings.read'], negotiated: true },
    async ({ c, app }) => {
      const apns = await c.get('gateway').documents.read(app, 'apnsConf')
      const to = (kind: string) => link(c, app, 'settings', kind)
      return c.json({
        applicationId: app.identifier,
        apnsConf: to('apnsConf'),
        gcmConf: to('gcmConf'),
        wnsConf: to('wnsConf'),
        mode: apns?.isSandBox === 'true' ? 'SANDBOX' : 'PRODUCTION',
      })
    },
  )
  on.app(
    {
      method: 'GET',
      path: '/apps/:app/settings/gcmConfPublic',
      scopes: ['gcmConfPublic.read', 'gcmConf.read', 'settings.read'],
      // The first call of an Android registration (section 1, row 7).
      mobile: 'any token',
      negotiated: true,
    },
    async ({ c, app }) => {
      const { senderId } = await stored(c, app, 'gcmConf', 'notFound')
      return c.json({ senderId })
    },
  )
  for (const provider of PROVIDERS) providerOperations(on, provider)
}

function providerOperations(on: Operations, provider: Provider): void {
  const { kind, missing, body, accept, present, offers } = provider
  const path = `/apps/:app/settings/${kind}`
  const write = [`${kind}.write`, 'settings.write']

  on.app(
    { method: 'GET', path, scopes: [`${kind}.read`, 'settings.read'], negotiated: true },
    async ({ c, app }) => c.json(present(await stored(c, app, kind, missing))),
  )
  for (const method of ['PUT', 'POST'] as const satisfies Operation['method'][]) {
    on.app({ method, path, scopes: write, negotiated: true, body }, async (call) => {
      const document = await accept(call)
      await call.c.get('gateway').documents.write(call.app, kind, document)
      await offer(call, provider, document)
      return call.c.json(present(document))
    })
  }
  on.app({ method: 'DELETE', path, scopes: write, negotiated: true }, async ({ c, app }) => {
    if (!(await c.get('gateway').documents.remove(app, kind))) throw fault(missing, kind)
    if (offers) await c.get('gateway').providers.withdraw(app, offers.kind, c.get('requestId'))
    return c.body(null, 204)
  })
}

const credentialOf = ({ kind, from }: NonNullable<Provider['offers']>, document: Json) => ({
  kind,
  ...from(document),
  endpoint: null,
})
/** The credentials in the app's stored settings. */
export const OFFERS: Offers = Object.fromEntries(
  PROVIDERS.flatMap(({ kind, offers }) =>
    offers ? [[kind, (document: Json) => credentialOf(offers, document)]] : [],
  ),
)

/** The answer does not wait for the push service; operators see whether it accepts the credential. */
async function offer({ c, app }: Call, { offers }: Provider, document: Json): Promise<void> {
  if (!offers) return
  const { providers } = c.get('gateway')
  const taken = await providers.offer(app, credentialOf(offers, document), c.get('requestId'))
  if (taken) c.get('services').later(c, providers.probe(app.app.id, offers.kind))
}

async function stored(c: Call['c'], app: DialectApp, kind: string, missing: Fault): Promise<Json> {
  const document = await c.get('gateway').documents.read(app, kind)
  if (!document) throw fault(missing, kind)
  return document
}

const MOST_NAME = 255
/** Most characters of a key; the JSON of a service account has about two thousand. */
const MOST_KEY = 16_384
const MOST_PASSWORD = 1000
/** Most bytes of a certificate file; exports have some thousands. */
const MOST_FILE = 128 * 1024

/** The file must decrypt with the password, and contain an unexpired certificate with its own private key. */
async function certificate({ c }: Call): Promise<Json> {
  const form = await readForm(c)
  const file: unknown = form.get('certificate')
  const password = form.get('password') ?? ''
  if (!(file instanceof File) || file.size > MOST_FILE) throw fault('badValue', 'certificate')
  if (typeof password !== 'string' || password.length > MOST_PASSWORD) throw fault('badValue', 'password')
  const isSandBox = optionalFlag({ isSandBox: form.get('isSandBox') || undefined }, 'isSandBox')
  const bytes = new Uint8Array(await file.arrayBuffer())
  const read = await readApnsCertificate(bytes, password)
  if (!read || read.validUntil <= c.get('now')()) throw fault('badValue', 'certificate')
  return {
    certificate: repaired(file.name).slice(0, MOST_NAME) || 'certificate.p12',
    isSandBox: String(isSandBox ?? read.environments.join() === 'sandbox'),
    validUntil: timeText(read.validUntil),
    file: toBase64Url(bytes),
    password,
  }
}

function gcm({ body }: Call): Json {
  const apiKey = requiredText(body, 'apiKey', MOST_KEY)
  // The current FCM API uses the JSON of a service account, the old one a plain key.
  if (apiKey.trimStart().startsWith('{') && !isServiceAccount(apiKey)) throw fault('badValue', 'apiKey')
  return { apiKey, senderId: senderId(body) }
}

/** Returned as a JSON string (section 1, row 7). */
function senderId(body: Json): string {
  return wholeDigits(body.senderId) ?? requiredText(body, 'senderId')
}

function isServiceAccount(text: string): boolean {
  try {
    const { type, private_key: key, client_email: email } = JSON.parse(text)
    return type === 'service_account' && typeof key === 'string' && typeof email === 'string'
  } catch {
    return false
  }
}

function wns({ body }: Call): Json {
  return {
    clientSecret: requiredText(body, 'clientSecret', MOST_KEY),
    packageSID: requiredText(body, 'packageSID'),
  }
}

/** Only the host is required; other members are stored unchanged. */
function sms({ body }: Call): Json {
  const host = requiredText(body, 'host')
  const { port, name, programName, parameters } = body
  for (const [key, value] of Object.entries({ port, name, programName })) {
    const fine = value === undefined || isShort(value) || (key === 'port' && typeof value === 'number')
    if (!fine) throw fault('badValue', key)
  }
  if (parameters !== undefined && !areParameters(parameters)) throw fault('badValue', 'parameters')
  return {
    host,
    ...(port !== undefined && { port: String(port) }),
    ...(name !== undefined && { name }),
    ...(programName !== undefined && { programName }),
    ...(parameters !== undefined && { parameters }),
  }
}

const MOST_SHORT = 1000
const isShort = (value: unknown): boolean =>
  typeof value === 'string' && value.length <= MOST_SHORT && isStorable(value)

const MOST_PARAMETERS = 100
const MOST_PARAMETER_TEXT = 4000

/** Objects with a name; their other members are stored unchanged, up to a size limit. */
const areParameters = (value: unknown): boolean =>
  Array.isArray(value) && value.length <= MOST_PARAMETERS && value.every(isParameter)

const isParameter = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  isShort(value.name) &&
  isStorableDocument(value) &&
  JSON.stringify(value).length <= MOST_PARAMETER_TEXT
