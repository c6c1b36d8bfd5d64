import { atLeast, mustBe, mustHave, NUMBER, TEXT } from '../../src/conformance/pattern.ts'
import type { Call, Samples, Tenant } from '../../src/conformance/samples.ts'

const post = (method: string, request: unknown): Call => ({
  method: 'POST',
  path: `/json/1.3/${method}`,
  body: { request },
})
const of = ({ dialect }: Tenant, hwid: string, more = {}) => ({
  application: dialect.applicationCode,
  hwid,
  ...more,
})
const argument = (status_message: unknown = TEXT) => ({
  status: 200,
  body: { status_code: 210, status_message },
})
const malformed = { status: 400, body: { status_code: 400, status_message: 'Malformed request string' } }

const calls = [
  ['unregisterDevice', {}],
  ['deleteDevice', {}],
  ['checkDevice', {}],
  ['getTags', {}],
  ['setBadge', { badge: 3 }],
  ['pushStat', { hash: 'a' }],
  ['messageDeliveryEvent', { hash: 'a' }],
  ['getInboxMessages', {}],
  ['postEvent', { event: 'PW_ScreenOpen', attributes: {} }],
  ['setPurchase', { productIdentifier: 'shoe', price: 1 }],
  ['setMADID', { madid: 'ad' }],
] as const

export const pushwooshSamples: Samples = {
  register: (tenant, { id, token }) =>
    post('registerDevice', of(tenant, id, { device_type: 3, push_token: token })),
  deviceId: (_, { id }) => id,
  unknownApp: (_, { id }) => post('registerDevice', { application: 'AAAAA-00000', hwid: id, device_type: 3 }),
  unknownId: () => crypto.randomUUID(),
  deviceCalls: calls.map(([method, more]) => ({
    what: method,
    call: (tenant, device) => post(method, of(tenant, device, more)),
    unknown: 'accepted',
  })),
  unregister: (tenant, device) => post('deleteDevice', of(tenant, device)),
  moveToken: (tenant, { id }, token) =>
    post('registerDevice', of(tenant, id, { device_type: 3, push_token: token })),
  wrongVerb: () => ({ method: 'GET', path: '/json/1.3/registerDevice' }),
  brokenEscape: () => ({ method: 'POST', path: '/json/1.3/%zz', body: {} }),
  refusals: [
    {
      what: 'a registration without a hwid',
      call: ({ dialect }) => post('registerDevice', { application: dialect.applicationCode, device_type: 3 }),
      answer: argument('hwid is required'),
    },
    {
      what: 'a registration without a type',
      call: (tenant, { id }) => post('registerDevice', of(tenant, id)),
      answer: argument('device_type is required'),
    },
    {
      what: 'a hwid that is a list',
      call: (tenant) => post('registerDevice', { ...of(tenant, ''), hwid: ['a'], device_type: 3 }),
      answer: argument('hwid must be a string'),
    },
    {
      what: 'a wrong token of the Audience API',
      call: ({ dialect }) => ({
        method: 'POST',
        path: '/api/v2/audience/bulkRegisterDevice',
        body: { application: dialect.applicationCode, auth: 'wrong', devices: [] },
      }),
      answer: { status: 401, body: { message: 'unauthorized' } },
    },
  ],
  success: ({ status, json }) => {
    mustHave('status', status, 200)
    mustHave('body', json, { status_code: 200, status_message: 'OK' })
  },
  unknownPaths: () =>
    ['/json/1.3', '/json/1.2', '/api/v2/audience', '/api/v2/device-api', '/messaging/v2'].map(
      (base) => `${base}/no/such/thing`,
    ),
  errorForm: ({ status, headers, json }) => {
    mustHave('Content-Type', headers.get('Content-Type'), 'application/json')
    const text = TEXT
    const { status_code: code } = json as { status_code?: number }
    if ('details' in (json as object)) {
      mustBe('body', json, { code: NUMBER, message: text, details: [] })
    } else if (code === undefined) mustBe('body', json, { message: text })
    else mustBe('body', json, { status_code: code, status_message: text, response: null })
    mustHave('status', code === undefined ? status : code, atLeast(210))
  },
  answers: {
    unknownPath: { status: 404 },
    wrongVerb: { status: 405, body: { status_code: 405 } },
    brokenEscape: { status: 404, body: { status_code: 404 } },
    tooLong: { status: 400, body: { status_code: 400 } },
    malformedBody: malformed,
    notAnObject: malformed,
    tooLarge: { status: 400, body: { status_code: 400 } },
    tooDeep: malformed,
    notUtf8: malformed,
    unknownField: 'accepted',
    missingContentType: 'accepted',
    otherContentType: 'accepted',
    oddContentType: 'accepted',
    unknownApp: argument('Application not found'),
    trailingSlash: { status: 404, body: { status_code: 404 } },
    options: { status: 204 },
    internal: { status: 500, body: { status_code: 500 } },
    unavailable: { status: 503, body: { status_code: 503 } },
  },
}
