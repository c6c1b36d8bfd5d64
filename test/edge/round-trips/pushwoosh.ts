import { pushwoosh } from '../../../adapters/pushwoosh/index.ts'
import { type DialectTable, json, type Registered, type Row } from './table.ts'

type Dialect = Registered['dialect']
const BULK = '/api/v2/audience/bulkRegisterDevice'

const post = (dialect: Dialect, method: string, request: object, base = '/json/1.3') =>
  json('POST', `${base}/${method}`, { request: { application: dialect.applicationCode, ...request } })
const registration = (dialect: Dialect, token: string) =>
  post(dialect, 'registerDevice', { hwid: `hwid-of-${token}`, device_type: 3, push_token: token })
const bulk = (dialect: Dialect) => ({
  application: dialect.applicationCode,
  auth: dialect.apiToken,
  devices: [{ hwid: 'h', push_token: 't', platform: 3 }],
})

const message = (dialect: Dialect) =>
  post(dialect, 'createMessage', { auth: dialect.apiToken, notifications: [{ content: 'hello' }] })
/** The code of a message whose creation is not counted. */
async function codeOf({ h, dialect }: Registered): Promise<string> {
  const { method, path, body } = message(dialect)
  const made = await h.request(method, path, { body })
  const { response } = await made.json<{ response: { Messages: string[] } }>()
  return response.Messages[0] ?? ''
}
/** A back end's call about a message. */
const ofMessage = (method: string, bound: number, more: object = {}): Row => ({
  situation: method,
  bound,
  call: async (at) =>
    post(at.dialect, method, { auth: at.dialect.apiToken, message: await codeOf(at), ...more }),
})
const v2 = (dialect: Dialect, method: string, body: object) => {
  const request = json('POST', `/messaging/v2/${method}`, body)
  return { ...request, headers: { ...request.headers, Authorization: `Token ${dialect.apiToken}` } }
}
const SENDING: readonly Row[] = [
  { situation: 'createMessage', bound: 1, call: ({ dialect }) => message(dialect) },
  {
    situation: 'createTargetedMessage',
    bound: 2,
    call: ({ dialect }) =>
      post(dialect, 'createTargetedMessage', {
        auth: dialect.apiToken,
        devices_filter: `A("${dialect.applicationCode}")`,
        content: 'hello',
      }),
  },
  ofMessage('deleteMessage', 3),
  ofMessage('cancelMessage', 4),
  ofMessage('getMessageDetails', 2),
  ofMessage('getMsgStats', 2),
  {
    situation: 'getResults',
    bound: 4,
    async call(at) {
      const auth = at.dialect.apiToken
      const asked = post(at.dialect, 'getMsgStats', { auth, message: await codeOf(at) })
      const told = await at.h.request(asked.method, asked.path, { body: asked.body })
      const { response } = await told.json<{ response: { request_id: string } }>()
      return post(at.dialect, 'getResults', { auth, request_id: response.request_id })
    },
  },
  { ...ofMessage('getPushHistory', 1), refused: true },
  {
    situation: 'notify',
    bound: 2,
    call: ({ dialect }) =>
      v2(dialect, 'notify', {
        transactional: {
          application: dialect.applicationCode,
          platforms: ['ANDROID'],
          hwids: { list: ['x'] },
          payload: { content: { localized_content: { default: { android: { body: 'hello' } } } } },
        },
      }),
  },
  {
    situation: 'cancel',
    bound: 4,
    call: async (at) => v2(at.dialect, 'cancel', { message_code: await codeOf(at) }),
  },
]

/** A call about the device, and its allowed cost. */
const about = (method: string, bound: number, more: object = {}): Row => ({
  situation: method,
  bound,
  call: ({ dialect, device }) => post(dialect, method, { hwid: device, ...more }),
})
const email = { email: 'ann@example.com' }
const purchase = { productIdentifier: 'shoe', price: 1, quantity: 1, currency: 'EUR', transactionDate: 1 }

export const pushwooshTable: DialectTable = {
  adapter: pushwoosh,
  register: registration,
  deviceId: async (_, token) => `hwid-of-${token}`,
  // Invalid arguments are answered with HTTP 200.
  async accepted(response) {
    const { status_code = 200 } = await response.json<{ status_code?: number }>()
    return response.ok && status_code === 200
  },
  // Old builds say 1.2 and mean the same.
  sameAs: (path) => path.replace('/json/1.2/', '/json/1.3/'),
  rows: [
    { situation: 'a new device', bound: 2, call: ({ dialect }) => registration(dialect, 'new') },
    {
      situation: 'an app start that changes nothing',
      bound: 1,
      given: ({ dialect }) => [registration(dialect, 'same')],
      call: ({ dialect }) => registration(dialect, 'same'),
    },
    about('unregisterDevice', 1),
    about('deleteDevice', 1),
    about('checkDevice', 1),
    about('applicationOpen', 2),
    about('setBadge', 2, { badge: 3 }),
    about('setMADID', 2, { madid: 'ad' }),
    {
      situation: 'setMADID',
      bound: 2,
      call: ({ dialect, device }) =>
        post(dialect, 'setMADID', { hwid: device, madid: 'ad' }, '/api/v2/device-api'),
    },
    about('registerEmail', 2, email),
    // Two of the vendor's steps in one: an address is registered, then bound.
    about('registerEmailUser', 3, { ...email, userId: 'ann' }),
    about('setEmailTags', 1, { ...email, tags: { Level: 3 } }),
    about('deleteEmail', 1, email),
    about('setTags', 1, { tags: { Level: 3 } }),
    about('getTags', 1),
    about('registerUser', 2, { userId: 'ann' }),
    about('mergeUser', 1, { oldUserId: 'ann', newUserId: 'bob', merge: true, ts: 1 }),
    about('multiRegisterDevice', 2, { user_id: 'ann', ...email }),
    about('pushStat', 1, { hash: 'a' }),
    about('messageDeliveryEvent', 1, { hash: 'a' }),
    about('postEvent', 0, { event: 'PW_ScreenOpen', attributes: {} }),
    about('setPurchase', 1, purchase),
    about('getConfig', 0, { features: ['public_key'] }),
    about('getInboxMessages', 0, { count: 0 }),
    about('inboxStatus', 0, { inbox_code: 'a', status: 1, time: 1 }),
    about('getInApps', 0),
    about('triggerInAppAction', 0, { in_app: 'a', action: 'show' }),
    about('richMediaAction', 0, { rich_media_code: 'a', action_type: 1 }),
    about('pageVisit', 0, { page_id: 'a' }),
    about('getPopupForms', 0),
    { ...about('getPopupFormContent', 0, { form_id: 'a' }), refused: true },
    about('recordPopupFormEvent', 0, { form_id: 'a', event: 'show' }),
    about('createTestDevice', 0, { name: 'mine', description: '' }),
    about('getNearestZone', 0, { lat: 1, lng: 1 }),
    about('setActivityToken', 0, { activity_token: 'a', activity_id: 'b' }),
    about('setActivityPushToStartToken', 0, { activity_push_to_start_token: 'a' }),
    ...SENDING,
    {
      situation: 'rows of a server, kept for later',
      bound: 1,
      call: ({ dialect }) => json('POST', BULK, bulk(dialect)),
    },
    {
      situation: 'what became of them',
      bound: 1,
      async call({ h, dialect }) {
        const kept = await h.request('POST', BULK, { body: bulk(dialect) })
        const { request_id } = await kept.json<{ request_id: string }>()
        return { method: 'GET', path: `${BULK}/${request_id}`, headers: {} }
      },
    },
  ],
}
