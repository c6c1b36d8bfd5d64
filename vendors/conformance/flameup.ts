import { atLeast, mustBe, mustHave, TEXT, textLike } from '../../src/conformance/pattern.ts'
import type { Call, Samples, Tenant } from '../../src/conformance/samples.ts'

const JANE = '/api/v1/people/jane@example.com/devices'
const keyOf = ({ apiKeys }: Tenant['dialect']) =>
  (apiKeys as readonly { readonly key: string }[] | undefined)?.[0]?.key ?? ''

const register = (body: unknown, path = JANE): Call => ({ method: 'POST', path, body })
const device = (id: string, person = JANE): Call => ({
  method: 'DELETE',
  path: `${person}/${encodeURIComponent(id)}`,
})
const refusal = (status: number, code: string, fields?: readonly string[]) => ({
  status,
  body: {
    success: false,
    error: {
      code,
      type: code.toUpperCase(),
      ...(fields && {
        details: { fields: Object.fromEntries(fields.map((name) => [name, TEXT])) },
      }),
    },
  },
})
const badRequest = refusal(400, 'bad_request')
const invalid = (...fields: string[]) => refusal(422, 'validation_error', fields)
const unauthorized = refusal(401, 'unauthorized')
const notFound = refusal(404, 'not_found')

export const flameupSamples: Samples = {
  headers: (_, dialect) => ({ Authorization: `Bearer ${keyOf(dialect)}` }),
  register: (_, { token }) => register({ token, platform: 'android', device_name: 'Pixel 8' }),
  deviceId: (_, { token }) => token,
  unknownApp: (_, { token }) => ({
    ...register({ token, platform: 'android' }),
    headers: { Authorization: 'Bearer ws_live_nobody.0123456789' },
  }),
  unknownId: () => `unknown-${crypto.randomUUID()}`,
  deviceCalls: [{ what: 'remove', call: (_, id) => device(id), unknown: notFound }],
  read: () => ({ method: 'GET', path: JANE }),
  unregister: (_, id) => device(id),
  wrongVerb: () => ({ method: 'PATCH', path: JANE, body: {} }),
  brokenEscape: (_, id) => ({ method: 'DELETE', path: `${JANE}/${encodeURIComponent(id)}%zz` }),
  refusals: [
    { what: 'an empty object', call: () => register({}), answer: invalid('token', 'platform') },
    {
      what: 'a registration without a token',
      call: () => register({ platform: 'ios' }),
      answer: invalid('token'),
    },
    {
      what: 'an empty token',
      call: () => register({ token: '', platform: 'ios' }),
      answer: invalid('token'),
    },
    {
      what: 'a token that is a number',
      call: () => register({ token: 1, platform: 'ios' }),
      answer: invalid('token'),
    },
    {
      what: 'a registration without a platform',
      call: (_, { token }) => register({ token }),
      answer: invalid('platform'),
    },
    {
      what: 'a platform that there is not',
      call: (_, { token }) => register({ token, platform: 'windows' }),
      answer: invalid('platform'),
    },
    ...(['device_name', 'device_model', 'os_version', 'app_version'] as const).map((name) => ({
      what: `${name} as a number`,
      call: (_: Tenant, { token }: { token: string }) => register({ token, platform: 'ios', [name]: 17 }),
      answer: invalid(name),
    })),
    {
      what: 'a list with a limit of 0',
      call: () => ({ method: 'GET', path: `${JANE}?limit=0` }),
      answer: invalid('limit'),
    },
    {
      what: 'a registration without a key',
      call: (_, { token }) => ({
        ...register({ token, platform: 'ios' }),
        headers: { Authorization: '' },
      }),
      answer: unauthorized,
    },
    {
      what: 'a wrong key before a wrong body',
      call: () => ({ ...register({}), headers: { Authorization: 'Bearer wrong' } }),
      answer: unauthorized,
    },
    {
      what: 'a removal with a wrong key',
      call: (_, __, id) => ({ ...device(id), headers: { Authorization: 'Bearer wrong' } }),
      answer: unauthorized,
    },
    {
      what: "a removal by another person's path",
      call: (_, __, id) => device(id, '/api/v1/people/john/devices'),
      answer: notFound,
    },
  ],
  unknownPaths: () => ['/api/v1/no/such/thing'],
  errorForm: ({ status, headers, json }) => {
    mustHave('status', status, atLeast(400))
    mustHave('Content-Type', headers.get('Content-Type'), 'application/json')
    mustHave('Access-Control-Allow-Origin', headers.get('Access-Control-Allow-Origin'), '*')
    if (status === 429) {
      mustBe('body', json, { error: TEXT, message: TEXT })
      return
    }
    mustHave('body', json, {
      success: false,
      error: {
        code: textLike(/^[a-z_]+$/),
        type: textLike(/^[A-Z_]+$/),
        message: TEXT,
      },
      request_id: textLike(/^req_./),
    })
  },
  answers: {
    unknownPath: notFound,
    wrongVerb: refusal(405, 'method_not_allowed'),
    brokenEscape: badRequest,
    tooLong: badRequest,
    malformedBody: badRequest,
    notAnObject: badRequest,
    tooLarge: refusal(413, 'payload_too_large'),
    tooDeep: badRequest,
    notUtf8: badRequest,
    unknownField: 'accepted',
    missingContentType: 'accepted',
    otherContentType: badRequest,
    oddContentType: 'accepted',
    unknownApp: unauthorized,
    trailingSlash: notFound,
    options: { status: 204 },
    internal: refusal(500, 'internal_error'),
    unavailable: refusal(503, 'unavailable'),
  },
}
