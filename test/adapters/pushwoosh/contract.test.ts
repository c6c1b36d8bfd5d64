import { expect } from 'vitest'
import { pushwoosh } from '../../../adapters/pushwoosh/index.ts'
import { adapterContract, type Call, type Tenant } from '../../contract/adapter.ts'

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
const argument = (status_message: unknown = expect.stringMatching(/./)) => ({
  status: 200,
  body: { status_code: 210, status_message },
})
const malformed = { status: 400, body: { status_code: 400, status_message: 'Malformed request string' } }
const noTopics = 'there are no topics: tags are attributes with values'

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

adapterContract(
  pushwoosh,
  {
    register: (tenant, { id, token }) =>
      post('registerDevice', of(tenant, id, { device_type: 3, push_token: token })),
    deviceId: (_, { id }) => id,
    unknownApp: (_, { id }) =>
      post('registerDevice', { application: 'AAAAA-00000', hwid: id, device_type: 3 }),
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
        call: ({ dialect }) =>
          post('registerDevice', { application: dialect.applicationCode, device_type: 3 }),
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
      expect(status).toBe(200)
      expect(json).toMatchObject({ status_code: 200, status_message: 'OK' })
    },
    errorForm: ({ status, headers, json }) => {
      expect(headers.get('Content-Type')).toBe('application/json')
      const text = expect.stringMatching(/./)
      const { status_code: code } = json as { status_code?: number }
      if ('details' in (json as object)) {
        expect(json).toEqual({ code: expect.any(Number), message: text, details: [] })
      } else if (code === undefined) expect(json).toEqual({ message: text })
      else expect(json).toEqual({ status_code: code, status_message: text, response: null })
      expect(code === undefined ? status : code).toBeGreaterThanOrEqual(210)
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
  },
  [
    { what: 'answers HEAD as GET, without a body', why: 'every method is a POST; contract section 3' },
    { what: 'subscribes a device to 300 topics', why: noTopics },
    { what: 'subscribes to the same topic twice without a second subscription', why: noTopics },
    { what: 'takes one topic away and keeps the others', why: noTopics },
    { what: 'keeps the topics of a device that registers again', why: noTopics },
    { what: 'keeps names with odd characters as they are', why: noTopics },
    { what: 'keeps every one of the topics that are added and removed at once', why: noTopics },
  ],
)
