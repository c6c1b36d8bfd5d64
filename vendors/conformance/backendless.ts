import { atLeast, mustBe, mustHave, NUMBER, TEXT } from '../../src/conformance/pattern.ts'
import type { Call, Samples, Tenant } from '../../src/conformance/samples.ts'

const prefix = ({ dialect }: Tenant, id = dialect.applicationId, kind = 'rest') =>
  `/${id}/${(dialect.apiKeys as Record<string, string>)[kind]}`
const registrations = (tenant: Tenant) => `${prefix(tenant)}/messaging/registrations`
const of = (tenant: Tenant, device: string) => `${registrations(tenant)}/${encodeURIComponent(device)}`
const post = (path: string, body: unknown): Call => ({ method: 'POST', path, body })
const refusal = (status: number, code: number) => ({ status, body: { code } })
const bodyOf = (id: string, deviceToken: string) => ({
  deviceToken,
  deviceId: id,
  os: 'ANDROID',
  osVersion: '14',
})
const valid = bodyOf('D', 'T')

export const backendlessSamples: Samples = {
  register: (tenant, { id, token }) => post(registrations(tenant), bodyOf(id, token)),
  deviceId: (_, { id }) => id,
  unknownApp: (tenant, { id, token }) =>
    post(`${prefix(tenant, crypto.randomUUID().toUpperCase())}/messaging/registrations`, bodyOf(id, token)),
  unknownId: () => crypto.randomUUID(),
  deviceCalls: [
    {
      what: 'read',
      call: (t, id) => ({ method: 'GET', path: of(t, id) }),
      unknown: refusal(400, 5000),
    },
    {
      what: 'remove',
      call: (t, id) => ({ method: 'DELETE', path: of(t, id) }),
      unknown: refusal(400, 5001),
    },
  ],
  read: (t, id) => ({ method: 'GET', path: of(t, id) }),
  unregister: (t, id) => ({ method: 'DELETE', path: of(t, id) }),
  moveToken: (t, { id }, token) => post(registrations(t), bodyOf(id, token)),
  topics: {
    subscribe: (t, deviceId, channels) => [
      post(registrations(t), { ...bodyOf(deviceId, `token-of-${deviceId}`), channels }),
    ],
    name: (n) => `channel-${n}`,
    odd: ['a b', 'a/b', 'ünïcode ☃', '%41', '+', "o'clock", 'a:b', 'News', 'news', 'x'.repeat(1000)],
  },
  wrongVerb: (t) => ({ method: 'PUT', path: registrations(t) }),
  brokenEscape: (t) => ({ method: 'GET', path: `${registrations(t)}/%zz` }),
  unknownPaths: (t) => [`${prefix(t)}/messaging/no/such/thing`, `${prefix(t)}/users/login`],
  refusals: [
    {
      what: 'a wrong API key',
      call: ({ dialect }) => post(`/${dialect.applicationId}/WRONG/messaging/registrations`, valid),
      answer: refusal(400, 2002),
    },
    ...(
      [
        ['a registration without a token', { deviceToken: undefined }, 5002],
        ['an empty token', { deviceToken: '' }, 5002],
        ['a token that is a number', { deviceToken: 1 }, 5002],
        ['a registration without a device id', { deviceId: undefined }, 5003],
        ['an empty device id', { deviceId: '' }, 5003],
        ['a device id that is null', { deviceId: null }, 5003],
        ['a device id that is a list', { deviceId: ['D'] }, 5003],
        ['channels that are a text', { channels: 'news' }, 5005],
        ['channels that are an object', { channels: { a: 1 } }, 5005],
        ['a channel that is a number', { channels: ['news', 1] }, 5005],
        ['a channel that is null', { channels: [null] }, 5005],
        ['a channel with a comma', { channels: ['a,b'] }, 5005],
        ['a channel with a double colon', { channels: ['a::b'] }, 5005],
        ['5,001 channels', { channels: Array.from({ length: 5001 }, (_, n) => `${n}`) }, 5005],
        ['an operating system that is a number', { os: 1 }, 8003],
        ['a version that is an object', { osVersion: {} }, 8003],
      ] as const
    ).map(([what, members, code]) => ({
      what,
      call: (t: Tenant) => post(registrations(t), { ...valid, ...members }),
      answer: refusal(400, code),
    })),
    {
      what: 'a binary call with another content type',
      call: (t) => ({
        method: 'POST',
        path: `${prefix(t)}/binary`,
        headers: { 'Content-Type': 'text/plain' },
        body: 'x',
      }),
      answer: refusal(400, 8003),
    },
  ],
  errorForm: ({ status, headers, json }) => {
    mustHave('status', status, atLeast(400))
    mustHave('Content-Type', headers.get('Content-Type'), 'application/json')
    mustHave('Access-Control-Allow-Origin', headers.get('Access-Control-Allow-Origin'), '*')
    mustBe('body', json, {
      code: NUMBER,
      message: TEXT,
      errorData: {},
    })
  },
  answers: {
    unknownPath: refusal(404, 404),
    wrongVerb: refusal(404, 404),
    brokenEscape: refusal(400, 8003),
    tooLong: refusal(400, 8003),
    malformedBody: refusal(400, 8003),
    notAnObject: refusal(400, 8003),
    tooLarge: refusal(413, 8003),
    tooDeep: refusal(400, 8003),
    notUtf8: refusal(400, 8003),
    unknownField: 'accepted',
    missingContentType: 'accepted',
    otherContentType: refusal(400, 8003),
    oddContentType: 'accepted',
    unknownApp: refusal(400, 2002),
    trailingSlash: refusal(404, 404),
    options: { status: 204 },
    internal: refusal(500, 500),
    unavailable: refusal(503, 503),
  },
}
