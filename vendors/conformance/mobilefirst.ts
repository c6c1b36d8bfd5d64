import { atLeast, mustBe, mustHave, TEXT } from '../../src/conformance/pattern.ts'
import type { Call, Samples, Tenant } from '../../src/conformance/samples.ts'

const V1 = '/imfpush/v1'
const SCOPES = [
  'apps.read apps.write devices.read devices.write messages.read messages.write',
  'settings.read settings.write subscriptions.read subscriptions.write tags.read tags.write',
  'webhooks.read webhooks.write',
].join(' ')

const base = ({ dialect }: Tenant) => `${V1}/apps/${dialect.applicationId}`
const device = (tenant: Tenant, id: string) => `${base(tenant)}/devices/${encodeURIComponent(id)}`
const refusal = (status: number, code: string) => ({ status, body: { code } })
const unknown = refusal(404, 'FPWSE0001E')
const badValue = refusal(400, 'FPWSE0005E')
const mediaType = refusal(405, 'UNSUPPORTED_MEDIA_TYPE')

/** Tags have to be there before a device can subscribe to them: made with the first call that names them. */
const made = new WeakMap<Tenant, Set<string>>()
function newTags(tenant: Tenant, names: readonly string[]): Call[] {
  const known = made.get(tenant) ?? new Set()
  made.set(tenant, known)
  const missing = names.filter((name) => !known.has(name))
  for (const name of missing) known.add(name)
  return missing.map((name) => ({ method: 'POST', path: `${base(tenant)}/tags`, body: { name } }))
}

const registration = (members: Readonly<Record<string, unknown>>) => ({
  what: `a registration with ${JSON.stringify(members, (_, value) => value ?? null)}`,
  call: (tenant: Tenant, { id, token }: { id: string; token: string }): Call => ({
    method: 'POST',
    path: `${base(tenant)}/devices`,
    body: { deviceId: id, token, platform: 'G', ...members },
  }),
  answer: badValue,
})

export const mobileFirstSamples: Samples = {
  async headers(h, dialect) {
    const [client] = dialect.clients as { clientId: string; clientSecret: string }[]
    if (!client) throw new Error('no client was generated')
    const scope = `${SCOPES} push.application.${dialect.applicationId}`
    const pair = btoa(`${client.clientId}:${client.clientSecret}`)
    const answer = await h.request('POST', '/mfp/api/az/v1/token', {
      headers: { Authorization: `Basic ${pair}`, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }).toString(),
    })
    const { access_token: token } = (await answer.json()) as { readonly access_token?: string }
    return { Authorization: `Bearer ${token}` }
  },
  register: (tenant, { id, token }) => ({
    method: 'POST',
    path: `${base(tenant)}/devices`,
    body: { deviceId: id, token, platform: 'G', phoneNumber: '' },
  }),
  deviceId: ({ json }) => (json as { deviceId: string }).deviceId,
  // Its scope is the application's own, so that the token is what does not reach there.
  unknownApp: (_, { id, token }) => ({
    method: 'POST',
    path: `${V1}/apps/com.example.none/devices`,
    body: { deviceId: id, token, platform: 'G' },
  }),
  unknownId: () => crypto.randomUUID(),
  deviceCalls: [
    { what: 'read', call: (t, id) => ({ method: 'GET', path: device(t, id) }), unknown },
    { what: 'remove', call: (t, id) => ({ method: 'DELETE', path: device(t, id) }), unknown },
    {
      what: 'update',
      call: (t, id) => ({ method: 'PUT', path: device(t, id), body: { userId: 'alice' } }),
      unknown,
    },
    {
      what: 'token',
      call: (t, id) => ({ method: 'PUT', path: device(t, id), body: { token: 'other', platform: 'G' } }),
      unknown,
    },
    {
      what: 'subscribe',
      call: (t, id) => ({
        method: 'POST',
        path: `${base(t)}/subscriptions`,
        body: { deviceId: id, tagName: 'Push.ALL' },
      }),
      unknown,
    },
    {
      what: 'unsubscribe',
      call: (t, id) => ({
        method: 'DELETE',
        path: `${base(t)}/subscriptions?deviceId=${id}&tagName=Push.ALL`,
      }),
      unknown,
    },
  ],
  read: (t, id) => ({ method: 'GET', path: device(t, id) }),
  unregister: (t, id) => ({ method: 'DELETE', path: device(t, id) }),
  moveToken: (t, { id }, token) => ({ method: 'PUT', path: device(t, id), body: { token, platform: 'G' } }),
  topics: {
    subscribe: (t, deviceId, names) => [
      ...newTags(t, names),
      { method: 'POST', path: `${base(t)}/subscriptions`, body: { deviceId, tagNames: names } },
    ],
    unsubscribe: (t, deviceId, names) => [
      {
        method: 'POST',
        path: `${base(t)}/subscriptions?action=delete`,
        body: { deviceId, tagNames: names },
      },
    ],
    name: (n) => `tag-${n}`,
    odd: ['a b', 'a/b', 'ünïcode ☃', '%41', '+', "o'clock", 'a,b', '[a]', 'News', 'news', 'x'.repeat(500)],
  },
  wrongVerb: (t) => ({ method: 'PATCH', path: `${base(t)}/devices` }),
  brokenEscape: (t) => ({ method: 'GET', path: `${base(t)}/devices/%zz` }),
  refusals: [
    ...[
      { deviceId: undefined },
      { deviceId: '' },
      { deviceId: 1 },
      { token: undefined },
      { token: '' },
      { token: [] },
      { platform: undefined },
      { platform: 'X' },
      { platform: 1 },
      { userId: 'u'.repeat(255) },
      { userId: {} },
      { phoneNumber: 1 },
    ].map(registration),
    {
      what: 'a call without a token',
      call: (t) => ({ method: 'GET', path: `${base(t)}/devices`, headers: { Authorization: '' } }),
      answer: { status: 401 },
    },
    {
      what: 'a made-up token',
      call: (t) => ({
        method: 'GET',
        path: `${base(t)}/devices`,
        headers: { Authorization: 'Bearer a.b.c' },
      }),
      answer: { status: 401 },
    },
    {
      what: 'what it cannot answer in',
      call: (t) => ({ method: 'GET', path: `${base(t)}/devices`, headers: { Accept: 'text/html' } }),
      answer: { status: 406 },
    },
    {
      what: 'a filter that does not exist',
      call: (t) => ({ method: 'GET', path: `${base(t)}/devices?filter=name==x` }),
      answer: badValue,
    },
  ],
  unknownPaths: () => ['/imfpush/no/such/thing', '/mfp/api/no/such/thing'],
  errorForm: ({ status, headers, json }) => {
    mustHave('status', status, atLeast(400))
    mustHave('Content-Type', headers.get('Content-Type'), 'application/json')
    mustHave('Access-Control-Allow-Origin', headers.get('Access-Control-Allow-Origin'), '*')
    mustBe('body', json, {
      code: TEXT,
      message: TEXT,
      docUrl: '',
    })
  },
  answers: {
    unknownPath: unknown,
    wrongVerb: unknown,
    brokenEscape: badValue,
    tooLong: badValue,
    malformedBody: refusal(400, 'FPWSE0004E'),
    notAnObject: refusal(400, 'FPWSE0013E'),
    tooLarge: refusal(413, 'REQUEST_TOO_LARGE'),
    tooDeep: refusal(400, 'FPWSE0004E'),
    notUtf8: refusal(400, 'FPWSE0004E'),
    unknownField: 'accepted',
    missingContentType: mediaType,
    otherContentType: mediaType,
    oddContentType: 'accepted',
    unknownApp: { status: 403 },
    trailingSlash: 'accepted',
    options: { status: 204 },
    internal: refusal(500, 'FPWSE0010E'),
    unavailable: refusal(503, 'FPWSE0025E'),
  },
}
