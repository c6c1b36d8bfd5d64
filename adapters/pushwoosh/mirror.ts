import type { Accepted, Mirroring } from '../../src/adapter.ts'
import { isNothing, isSharedId } from '../../src/domain/absent.ts'
import type { Copying, Lesson, MirroredRoute } from '../../src/domain/mirroring.ts'
import { isObject, mapOf } from '../../src/wire/json.ts'
import { guessedType } from './address.ts'
import { withoutBaseUrl } from './answers.ts'
import { knownType, platformOf } from './device-types.ts'
import { UNWRAPPED } from './identify.ts'
import { deviceMethods } from './methods/devices.ts'
import { emailMethods } from './methods/email.ts'
import { eventMethods } from './methods/events.ts'
import { multiMethods } from './methods/multi.ts'
import { startupMethods } from './methods/startup.ts'
import { tagMethods } from './methods/tags.ts'
import { userMethods } from './methods/users.ts'
import { tagRequest } from './tags.ts'

const METHODS = Object.keys({
  ...deviceMethods,
  ...emailMethods,
  ...eventMethods,
  ...multiMethods,
  ...startupMethods,
  ...tagMethods,
  ...userMethods,
})

/** Calls that the vendor counts and that must not arrive there twice. */
const COUNTED: ReadonlySet<string> = new Set([
  ...['postEvent', 'pushStat', 'messageDeliveryEvent', 'setPurchase', 'mergeUser'],
  ...['triggerInAppAction', 'richMediaAction', 'pageVisit', 'recordPopupFormEvent'],
])

const method = (name: string): MirroredRoute => ({
  name: `POST /json/1.3/${name}`,
  ...(COUNTED.has(name) && { copied: 'once' }),
  ...(name === 'createTestDevice' && { copied: 'never' }),
  method: 'POST',
  paths: [
    `/json/1.3/${name}`,
    `/json/1.2/${name}`,
    ...(name === UNWRAPPED ? [`/api/v2/device-api/${name}`] : []),
  ],
})

const BULK = '/api/v2/audience/bulkRegisterDevice'

/**
 * Calls of phones, and bulk registrations, are mirrored; messages of back ends are forwarded and not
 * inspected. Stored in `record`: everything that phones report, and the tags that the vendor returns.
 * Compared: every answer to a phone, except `base_url`, which is removed. Copied in `shadow`: the same calls;
 * those that count, add values or report events at most once. Not mirrored: messages, and bulk registrations,
 * which are jobs of one side.
 */
export const pushwooshMirror: Mirroring = {
  routes: [
    ...METHODS.map(method),
    { name: `POST ${BULK}`, method: 'POST', paths: [BULK], bulk: true, passes: true },
    { name: `GET ${BULK}/{job}`, method: 'GET', paths: [`${BULK}/{job}`], passes: true },
  ],
  credentials: [['apiToken']],
  fallsBack: true,
  cleaned: withoutBaseUrl,
  refuses: (answer) => isObject(answer) && answer.status_code !== undefined && answer.status_code !== 200,
  comparison: {
    texts: [{ path: 'status_message', reason: 'generated; SDKs show it to developers alone' }],
    ignored: [
      { path: 'base_url', reason: 'taken out of every answer (section 1, row 5)' },
      { path: 'request_id', reason: 'each side makes its own' },
    ],
    loose: [{ path: 'response', reason: 'SDKs take null and absent alike (section 3)' }],
    maps: [{ path: 'response.result', reason: 'names of tags' }],
    sets: [{ path: 'response.result.*', reason: 'a tag of type list (section 7)' }],
    declared: [
      ...['page_visit', 'web_in_apps', 'events', 'popup_forms'].map((name) => ({
        path: `response.features.${name}`,
        reason: 'left out, since SDKs would only send more with it (section 5)',
      })),
    ],
  },
  masked: {
    tokens: ['push_token', 'auth', 'auth_token', 'public_key', 'endpoint', 'application'],
    users: [
      'hwid',
      'userId',
      'user_id',
      'email',
      'sms_phone_number',
      'whatsapp_phone_number',
      'oldUserId',
      'newUserId',
    ],
    tags: ['tags', 'result', 'attributes'],
  },
  unknown,
  prepare: madeKnown,
  lesson,
  counted,
  copying,
  subject: ({ request }) => hwidOf(request),
  users: ({ request }) => USERS.map((name) => sent(request)?.[name]).filter(isText),
}

/** Members of calls that contain users. */
const USERS = ['userId', 'user_id', 'email', 'oldUserId', 'newUserId'] as const
const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

const sent = (request: unknown) => mapOf(mapOf(request)?.request)

function hwidOf(request: unknown): string | null {
  const hwid = sent(request)?.hwid
  return typeof hwid === 'string' && hwid !== '' ? hwid : null
}

async function unknown({ c, app, request }: Accepted): Promise<boolean> {
  const externalId = hwidOf(request)
  return externalId !== null && !(await c.get('gateway').devices.find({ app, externalId }))
}

const ENDS = /\/(?:unregister|delete)Device$/

/**
 * A device that only the vendor knows is created before it is removed, so that no older import can restore it
 * or its token.
 */
async function madeKnown({ c, app, route, request }: Accepted): Promise<boolean> {
  const externalId = hwidOf(request)
  if (!ENDS.test(route.name) || externalId === null || isNothing(externalId)) return false
  const { devices } = c.get('gateway')
  if (isSharedId(externalId) || (await devices.find({ app, externalId }))) return false
  const type = knownType(sent(request)?.device_type) ?? guessedType(externalId)
  await devices.register({
    ...{ app, externalId, identity: 'key', platform: platformOf(type), platformWhen: 'created' },
    lists: { tags: false, topics: false },
    cause: c.get('requestId'),
  })
  return true
}

/** Tags that are incremented or appended to. */
function copying(request: unknown): Copying | undefined {
  return counted(request).length > 0 ? 'once' : undefined
}

/** The names of these tags. */
function counted(request: unknown): readonly string[] {
  const { changes } = tagRequest(mapOf(sent(request)?.tags) ?? {})
  return changes.filter((one) => ['increment', 'append', 'subtract'].includes(one.do)).map(({ name }) => name)
}

/** At the first call of a device, the vendor is asked for its tags. */
function lesson({ c, app, route, request }: Accepted): Lesson | null {
  const { application, hwid } = (isObject(request) && mapOf(request.request)) || {}
  if (typeof hwid !== 'string' || isNothing(hwid) || typeof application !== 'string') return null
  if (
    /\/(?:un|bulk|multi)?[rR]egister|deleteDevice$/.test(route.name) &&
    !route.name.endsWith('/registerDevice')
  )
    return null
  const asked = { method: 'POST', target: '/json/1.3/getTags', body: { request: { application, hwid } } }
  return {
    subject: hwid,
    asks: [asked],
    async take([answer], counted) {
      const result = isObject(answer) && mapOf(answer.response)?.result
      const { changes } = tagRequest(mapOf(result) ?? {})
      // Tags that the device has set here are newer; tags that it has incremented here started at zero.
      const missing = changes.flatMap((one) =>
        one.do === 'set' ? [{ ...one, do: counted.has(one.name) ? one.do : ('default' as const) }] : [],
      )
      const cause = c.get('requestId')
      if (missing.length > 0)
        await c.get('gateway').tags.change({ app, externalId: hwid, changes: missing, cause })
    },
  }
}
