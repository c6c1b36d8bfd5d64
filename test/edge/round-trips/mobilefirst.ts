import * as z from 'zod'
import { mobileFirst } from '../../../adapters/mobilefirst/index.ts'
import { pkcs12 } from '../../adapters/mobilefirst/certificates.ts'
import { ALL_SCOPES, form, RUNTIME, requestToken, V1 } from '../../adapters/mobilefirst/kit.ts'
import { createPhone, hmacSigner, jws, type Phone, registration } from '../../adapters/mobilefirst/phone.ts'
import type { ExampleRequest } from '../../harness/example.ts'
import type { Harness } from '../../harness/harness.ts'
import { type DialectTable, json, type Registered, type Row } from './table.ts'

const Document = z.object({
  applicationId: z.string(),
  clients: z.array(z.object({ clientId: z.string(), clientSecret: z.string() })).min(1),
})
type Dialect = Registered['dialect']
type Step = (at: Registered) => Promise<ExampleRequest>

const appOf = (dialect: Dialect) => Document.parse(dialect).applicationId

/** The back end's access token, requested once and not counted. */
const tokens = new WeakMap<Dialect, Promise<string>>()
async function asked(h: Harness, dialect: Dialect): Promise<string> {
  const { applicationId, clients } = Document.parse(dialect)
  const scope = `${ALL_SCOPES} push.application.${applicationId}`
  const answer = await requestToken(h, { clientId: '', clientSecret: '', ...clients[0], scope })
  return z.object({ access_token: z.string() }).parse(await answer.json()).access_token
}
async function authorized(h: Harness, dialect: Dialect, request: ExampleRequest): Promise<ExampleRequest> {
  const token = tokens.get(dialect) ?? asked(h, dialect)
  tokens.set(dialect, token)
  return { ...request, headers: { ...request.headers, Authorization: `Bearer ${await token}` } }
}

/** A back end's call below the application; `{device}` stands for the registered one. */
const on =
  (method: string, path: string, body?: Readonly<Record<string, unknown>>): Step =>
  ({ h, dialect, device }) => {
    const whole = `${V1}/apps/${appOf(dialect)}${path.replace('{device}', device)}`
    const named = body && { ...body, ...('deviceId' in body && { deviceId: device }) }
    return authorized(h, dialect, json(method, whole, named))
  }
const register = (h: Harness, dialect: Dialect, token: string) => {
  const body = { deviceId: `device-${token}`, token, platform: 'G' }
  return authorized(h, dialect, json('POST', `${V1}/apps/${appOf(dialect)}/devices`, body))
}
const row = (situation: string, bound: number, call: Step, ...given: readonly Step[]): Row => ({
  situation,
  bound,
  given: (at) => Promise.all(given.map((step) => step(at))),
  call,
})

const NEWS = on('POST', '/tags', { name: 'news', description: 'news' })
const SUBSCRIBED = on('POST', '/subscriptions', { deviceId: '', tagName: 'news' })
const GCM = { apiKey: 'key', senderId: '123456' }
const hook = { name: 'hook', url: 'https://hook.example/', eventTypes: 'onDeviceRegister' }
const HOOK = on('POST', '/webhooks', hook)

const MESSAGE = on('POST', '/messages', { message: { alert: 'hello' } })
/** A call about a message; creating and finding it are not counted. */
const ofMessage =
  (method: string, more = '', body?: Readonly<Record<string, unknown>>): Step =>
  async (at) => {
    const { method: verb, path, headers, body: sent } = await MESSAGE(at)
    const made = await at.h.request(verb, path, { headers, body: sent })
    const { messageId } = z.object({ messageId: z.string() }).parse(await made.json())
    return on(method, `/messages/${messageId}${more}`, body)(at)
  }
const several =
  (path: string, list: readonly unknown[]): Step =>
  ({ h, dialect }) =>
    authorized(h, dialect, json('POST', `${V1}/apps/${appOf(dialect)}${path}`, list))

/** The subscription to the news; creating and finding it are not counted. */
const subscriptionPath =
  (method: string): Step =>
  async (at) => {
    const { method: verb, path, headers, body } = await SUBSCRIBED(at)
    const made = await at.h.request(verb, path, { headers, body })
    const { subscriptionId } = z.object({ subscriptionId: z.string() }).parse(await made.json())
    return on(method, `/subscriptions/${subscriptionId}`)(at)
  }

const upload =
  (method: string): Step =>
  async ({ h, dialect }) => {
    const members = new FormData()
    members.append('certificate', new File([pkcs12()], 'apns.p12'))
    members.append('password', 'pässword')
    const sent = new Response(members)
    return authorized(h, dialect, {
      method,
      path: `${V1}/apps/${appOf(dialect)}/settings/apnsConf`,
      headers: { 'Content-Type': sent.headers.get('content-type') ?? '' },
      body: new Uint8Array(await sent.arrayBuffer()),
    })
  }

/** Storing settings that are also offered to the app as a push service's credential costs more, once. */
function settings(kind: string, put: Step, post: Step, { written = 1, removed = 1 } = {}): Row[] {
  const path = `/settings/${kind}`
  return [
    row(`${kind}: put`, written, put),
    row(`${kind}: post`, written, post),
    row(`${kind}: read`, 1, on('GET', path), put),
    row(`${kind}: remove`, removed, on('DELETE', path), put),
  ]
}
const jsonSettings = (kind: string, document: Readonly<Record<string, unknown>>, more = {}) =>
  settings(kind, on('PUT', `/settings/${kind}`, document), on('POST', `/settings/${kind}`, document), more)

/** A call of a shipped app, whose phone has registered its client. */
const asPhone =
  (request: (phone: Phone, at: Registered) => ExampleRequest | Promise<ExampleRequest>): Step =>
  async (at) =>
    request(await createPhone(at.h, appOf(at.dialect), await hmacSigner()), at)
async function assertion({ signer, clientId }: Phone, { h }: Registered): Promise<string> {
  const iat = h.clock.now.getTime()
  const { header, payload, signature } = await jws(
    signer,
    { sub: clientId, exp: iat + 60_000, iat },
    clientId,
  )
  return form({ client_assertion: `${header}.${payload}.${signature}` })
}
const posted = (path: string, body: string, headers: Readonly<Record<string, string>> = {}) => ({
  method: 'POST',
  path: `${RUNTIME}${path}`,
  headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
  body,
})

const WAY_IN: readonly Row[] = [
  row('a token for the back end', 1, async ({ dialect }) => {
    const { clients } = Document.parse(dialect)
    const basic = btoa(`${clients[0]?.clientId}:${clients[0]?.clientSecret}`)
    return posted('/az/v1/token', 'grant_type=client_credentials', { Authorization: `Basic ${basic}` })
  }),
  // A token's holder has cached the app by id, not by name: paths with the name read once more, others once
  // less.
  row('a client registers itself', 2, async ({ dialect }) => {
    const signer = await hmacSigner()
    const signedRegistrationData = await jws(signer, registration(appOf(dialect), 'phone', signer))
    return json('POST', `${RUNTIME}/registration/v1/self`, { signedRegistrationData })
  }),
  row(
    'a client registers itself again',
    2,
    asPhone(async ({ clientId, deviceId, signer }, { dialect }) => {
      const signedRegistrationData = await jws(signer, registration(appOf(dialect), deviceId, signer))
      return json('PUT', `${RUNTIME}/registration/v1/self/${clientId}`, { signedRegistrationData })
    }),
  ),
  row(
    'a client reads itself',
    1,
    asPhone(async (phone, at) =>
      json('GET', `${RUNTIME}/registration/v1/self/${phone.clientId}?${await assertion(phone, at)}`),
    ),
  ),
  row(
    'preauthorize',
    1,
    asPhone(({ clientId }) =>
      json('POST', `${RUNTIME}/preauth/v1/preauthorize`, { client_id: clientId, scope: '' }),
    ),
  ),
  row(
    'heartbeat',
    1,
    asPhone(async (phone, at) => posted('/preauth/v1/heartbeat', await assertion(phone, at))),
  ),
  row(
    'logout',
    1,
    asPhone(async (phone, at) => posted('/preauth/v1/logout', await assertion(phone, at))),
  ),
  {
    ...row(
      'a code for a client',
      2,
      asPhone(({ clientId }) => {
        const redirect_uri = `${RUNTIME}/az/v1/authorization/redirect/${clientId}`
        const query = form({ response_type: 'code', client_id: clientId, scope: '', redirect_uri })
        return json('GET', `${RUNTIME}/az/v1/authorization?${query}`)
      }),
    ),
  },
  row('a code is shown', 0, async () => json('GET', `${RUNTIME}/az/v1/authorization/redirect/x?code=y`)),
  row('the keys', 2, async ({ dialect }) => json('GET', `${RUNTIME}/az/v1/keys/${appOf(dialect)}`)),
]

export const mobileFirstTable: DialectTable = {
  adapter: mobileFirst,
  register: (dialect, token, h) => register(h, dialect, token),
  deviceId: async (_, token) => `device-${token}`,
  // The SDK follows a code's redirect.
  accepted: async ({ status }) => status < 400,
  // Below the runtime context and with a trailing slash, each path is the same endpoint.
  sameAs: (path) => path.replace(`${RUNTIME}${V1}`, V1).replace(/\/$/, ''),
  rows: [
    row('a new device', 2, ({ h, dialect }) => register(h, dialect, 'new')),
    row(
      'an app start that changes nothing',
      1,
      ({ h, dialect }) => register(h, dialect, 'same'),
      ({ h, dialect }) => register(h, dialect, 'same'),
    ),
    row('read', 1, on('GET', '/devices/{device}')),
    row('another user', 2, on('PUT', '/devices/{device}', { userId: 'alice' })),
    row('the same user', 1, on('PUT', '/devices/{device}', { userId: 'anonymous' })),
    row('remove', 1, on('DELETE', '/devices/{device}')),
    row('devices', 1, on('GET', '/devices')),
    row('subscribe', 2, SUBSCRIBED, NEWS),
    row('unsubscribe', 1, on('DELETE', '/subscriptions?deviceId={device}&tagName=news'), NEWS, SUBSCRIBED),
    row('subscriptions', 1, on('GET', '/subscriptions')),
    row('read a subscription', 1, subscriptionPath('GET'), NEWS),
    row('remove a subscription', 1, subscriptionPath('DELETE'), NEWS),
    row('a tag', 1, NEWS),
    row('read a tag', 1, on('GET', '/tags/news'), NEWS),
    row('change a tag', 1, on('PUT', '/tags/news', { description: 'x' }), NEWS),
    row('remove a tag', 1, on('DELETE', '/tags/news'), NEWS),
    row('tags', 1, on('GET', '/tags')),
    row('a message', 1, MESSAGE),
    row('several messages', 1, several('/messages/bulk', [{ message: { alert: 'hello' } }])),
    row('read a message', 1, ofMessage('GET')),
    row('how far a message is', 1, ofMessage('GET', '/status')),
    row('which devices a message reached', 2, ofMessage('GET', '/deliverystatus')),
    row('forget a message', 1, ofMessage('DELETE')),
    row('a message was seen', 2, ofMessage('PUT', '', { deviceId: '', status: 'SEEN' })),
    row('settings', 1, on('GET', '/settings')),
    row('sender id', 1, on('GET', '/settings/gcmConfPublic'), on('PUT', '/settings/gcmConf', GCM)),
    ...settings('apnsConf', upload('PUT'), upload('POST'), { removed: 2 }),
    ...jsonSettings('gcmConf', GCM),
    ...jsonSettings('wnsConf', { clientSecret: 's', packageSID: 'ms-app://x' }, { written: 5, removed: 2 }),
    ...jsonSettings('smsConf', { host: 'sms.example' }),
    row('a webhook', 1, HOOK),
    row('change a webhook', 1, on('PUT', '/webhooks/hook', { url: hook.url }), HOOK),
    row('change a webhook by its body', 1, on('PUT', '/webhooks', { name: 'hook', url: hook.url }), HOOK),
    row('read a webhook', 1, on('GET', '/webhooks/hook'), HOOK),
    row('webhooks', 1, on('GET', '/webhooks')),
    row('remove a webhook', 1, on('DELETE', '/webhooks/hook'), HOOK),
    row('applications', 0, ({ h, dialect }) => authorized(h, dialect, json('GET', `${V1}/apps`))),
    row('an application', 0, on('GET', '')),
    row('its status', 0, on('GET', '/status')),
    row('another status', 1, on('PUT', '/status', { enabled: false })),
    row('remove an application', 1, on('DELETE', '')),
    row(
      'an application again',
      2,
      ({ h, dialect }) =>
        authorized(h, dialect, json('POST', `${V1}/apps`, { applicationId: appOf(dialect), enabled: true })),
      on('DELETE', ''),
    ),
    row('health', 1, async () => json('GET', `${V1}/health/status`)),
    ...WAY_IN,
  ],
}
