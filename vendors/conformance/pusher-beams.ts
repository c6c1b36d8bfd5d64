import { atLeast, mustBe, mustHave, TEXT } from '../../src/conformance/pattern.ts'
import type { Call, Samples, Tenant } from '../../src/conformance/samples.ts'

const base = ({ dialect }: Tenant, instance = dialect.instanceId) =>
  `/device_api/v1/instances/${instance}/devices/fcm`
const put = (path: string, body?: unknown): Call => ({ method: 'PUT', path, body })
const refusal = (status: number, error: string, description?: string) => ({
  status,
  body: { error, ...(description !== undefined && { description }) },
})
const badBody = refusal(400, 'Bad request', 'Failed to read body as a JSON object.')
const badType = refusal(400, 'Invalid content type', 'Only `application/json` is supported.')
const unknown = refusal(404, 'Device not found', 'Could not find the device.')
const interests = (tenant: Tenant, device: string) => `${base(tenant)}/${device}/interests`

export const pusherBeamsSamples: Samples = {
  register: (tenant, { token }) => ({
    method: 'POST',
    path: base(tenant),
    body: { token, knownPreviousClientIds: [], metadata: { sdkVersion: '1.9.2', androidVersion: '14' } },
  }),
  deviceId: ({ json }) => (json as { id: string }).id,
  unknownApp: (tenant, { token }) => ({
    method: 'POST',
    path: base(tenant, crypto.randomUUID()),
    body: { token },
  }),
  unknownId: () => `fcm-${crypto.randomUUID()}`,
  deviceCalls: [
    { what: 'read', call: (t, id) => ({ method: 'GET', path: `${base(t)}/${id}` }), unknown },
    {
      what: 'remove',
      call: (t, id) => ({ method: 'DELETE', path: `${base(t)}/${id}` }),
      unknown: 'accepted',
    },
    { what: 'metadata', call: (t, id) => put(`${base(t)}/${id}/metadata`, { sdkVersion: '2' }), unknown },
    { what: 'token', call: (t, id) => put(`${base(t)}/${id}/token`, { token: 'other' }), unknown },
    { what: 'interests', call: (t, id) => ({ method: 'GET', path: interests(t, id) }), unknown },
    { what: 'set interests', call: (t, id) => put(interests(t, id), { interests: ['a'] }), unknown },
    { what: 'add interest', call: (t, id) => ({ method: 'POST', path: `${interests(t, id)}/a` }), unknown },
    {
      what: 'drop interest',
      call: (t, id) => ({ method: 'DELETE', path: `${interests(t, id)}/a` }),
      unknown,
    },
  ],
  read: (tenant, device) => ({ method: 'GET', path: `${base(tenant)}/${device}` }),
  unregister: (tenant, device) => ({ method: 'DELETE', path: `${base(tenant)}/${device}` }),
  moveToken: (tenant, { id }, token) => put(`${base(tenant)}/${id}/token`, { token }),
  topics: {
    subscribe: (tenant, device, names) =>
      names.length === 1
        ? [{ method: 'POST', path: `${interests(tenant, device)}/${encodeURIComponent(names[0] ?? '')}` }]
        : [put(interests(tenant, device), { interests: names })],
    unsubscribe: (tenant, device, names) =>
      names.map((name) => ({
        method: 'DELETE',
        path: `${interests(tenant, device)}/${encodeURIComponent(name)}`,
      })),
    name: (n) => `interest-${n}`,
    odd: ['=@,;', 'a=b', 'user@example.com', 'a,b;c', '...', '-', '_', 'News', 'news', 'x'.repeat(164)],
  },
  wrongVerb: (tenant) => ({ method: 'PATCH', path: base(tenant) }),
  brokenEscape: (tenant, device) => ({ method: 'POST', path: `${interests(tenant, device)}/%zz` }),
  refusals: [
    {
      what: 'a registration without a token',
      call: (tenant) => ({ method: 'POST', path: base(tenant), body: {} }),
      answer: refusal(400, 'Bad request', 'Missing FCM token.'),
    },
    {
      what: 'a token that is a number',
      call: (tenant) => ({ method: 'POST', path: base(tenant), body: { token: 1 } }),
      answer: refusal(400, 'Bad request', 'Missing FCM token.'),
    },
    {
      what: 'interests that are a string',
      call: (tenant, _, device) => put(interests(tenant, device), { interests: 'a' }),
      answer: refusal(400, 'Bad request'),
    },
    {
      what: 'a user without a token that proves it',
      call: (tenant, _, device) => put(`${base(tenant)}/${device}/user`),
      answer: refusal(401, 'Unauthorized', '`Authorization` header token is missing.'),
    },
    {
      what: 'a wrong secret key',
      call: ({ dialect }) => ({
        method: 'DELETE',
        path: `/customer_api/v1/instances/${dialect.instanceId}/users/alice`,
        headers: { Authorization: 'Bearer 0123456789' },
      }),
      answer: refusal(401, 'Unauthorized', 'Incorrect Secret Key'),
    },
  ],
  unknownPaths: () =>
    ['device', 'reporting', 'user', 'customer', 'publish', 'safari'].map(
      (api) => `/${api}_api/no/such/thing`,
    ),
  errorForm: ({ status, headers, json }) => {
    mustHave('status', status, atLeast(400))
    mustHave('Content-Type', headers.get('Content-Type'), 'application/json')
    mustHave('Access-Control-Allow-Origin', headers.get('Access-Control-Allow-Origin'), '*')
    mustBe('body', json, { error: TEXT, description: TEXT })
  },
  answers: {
    unknownPath: { status: 404, body: { error: 'Not found' } },
    wrongVerb: { status: 404, body: { error: 'Not found' } },
    brokenEscape: refusal(400, 'Bad request'),
    tooLong: refusal(400, 'Bad request'),
    malformedBody: badBody,
    notAnObject: badBody,
    tooLarge: refusal(400, 'Bad request'),
    tooDeep: badBody,
    notUtf8: badBody,
    unknownField: 'accepted',
    missingContentType: badType,
    otherContentType: badType,
    oddContentType: 'accepted',
    unknownApp: refusal(404, 'Instance not found', 'Could not find the instance.'),
    trailingSlash: refusal(400, 'Incomplete Request', '`device-id` param is missing from path.'),
    options: { status: 204 },
    internal: refusal(500, 'Something went wrong', 'Internal server error.'),
    unavailable: refusal(503, 'Service Unavailable'),
  },
}
