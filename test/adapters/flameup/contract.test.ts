import { expect } from 'vitest'
import * as z from 'zod'
import { flameup } from '../../../adapters/flameup/index.ts'
import { adapterContract, type Call, type Tenant } from '../../contract/adapter.ts'

const JANE = '/api/v1/people/jane@example.com/devices'
const Document = z.object({ apiKeys: z.array(z.object({ key: z.string() })).min(1) })
const keyOf = (dialect: Tenant['dialect']) => Document.parse(dialect).apiKeys[0]?.key ?? ''

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
        details: { fields: Object.fromEntries(fields.map((name) => [name, expect.any(String)])) },
      }),
    },
  },
})
const badRequest = refusal(400, 'bad_request')
const invalid = (...fields: string[]) => refusal(422, 'validation_error', fields)
const unauthorized = refusal(401, 'unauthorized')
const notFound = refusal(404, 'not_found')

const noDevice = 'a device is its token (contract section 14, R2 to R5)'
const noTopics = 'this API knows no topics (contract section 14, R6)'

adapterContract(
  flameup,
  {
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
    errorForm: ({ status, headers, json }) => {
      expect(status).toBeGreaterThanOrEqual(400)
      expect(headers.get('Content-Type')).toBe('application/json')
      expect(headers.get('Access-Control-Allow-Origin')).toBe('*')
      if (status === 429) {
        expect(json).toEqual({ error: expect.stringMatching(/./), message: expect.stringMatching(/./) })
        return
      }
      expect(json).toMatchObject({
        success: false,
        error: {
          code: expect.stringMatching(/^[a-z_]+$/),
          type: expect.stringMatching(/^[A-Z_]+$/),
          message: expect.stringMatching(/./),
        },
        request_id: expect.stringMatching(/^req_./),
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
  },
  [
    { what: 'moves a token from one device to another', why: noDevice },
    ...[
      'subscribes a device to 300 topics',
      'subscribes to the same topic twice without a second subscription',
      'takes one topic away and keeps the others',
      'keeps the topics of a device that registers again',
      'keeps names with odd characters as they are',
      'keeps every one of the topics that are added and removed at once',
    ].map((what) => ({ what, why: noTopics })),
  ],
)
