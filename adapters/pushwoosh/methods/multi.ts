import { GatewayError } from '../../../src/domain/error.ts'
import type { DevicePatch } from '../../../src/gateway/devices.ts'
import { isObject, type Json } from '../../../src/wire/json.ts'
import { emailAddress, externalIdOf, smsNumber, whatsappNumber } from '../address.ts'
import { EMAIL, platformOf, pushTokenOf, requiredType, SMS, WHATSAPP } from '../device-types.ts'
import { argument } from '../errors.ts'
import { reportedByAddress, reportedProfile } from '../profile.ts'
import { boundUser, HWID, joinedPatch, joinedTags, PUSH_TOKEN, tagsObject, upsert } from '../registration.ts'
import { type Call, described, type Method, required, text, userIdOf } from '../request.ts'
import { firstInstall } from '../system-tags.ts'
import { NO_TAGS, type TagRequest, tagRequest } from '../tags.ts'

/** A validated device of the call. */
interface Named {
  readonly externalId: string
  readonly type: number
  readonly token: string | undefined
  readonly keys: Json
  readonly sdkVersion?: string
  readonly model?: string
}

/** Most devices per call. */
const MOST = 1000
/** Larger calls become bulk jobs: a runtime limits the work of one request, and none may be done by halves. */
const AT_ONCE = 100
/** Most bytes of the tags, summed over all devices; one call sets them on each. */
const MOST_TAGS = 8_388_608

/** Validates everything before the first registration; then equivalent to single calls (section 5). */
const multiRegisterDevice: Method = async (call) => {
  const { c, request, gateway, app } = call
  const named = [...addresses(request), ...pushDevices(request)]
  if (named.length === 0) throw argument('push_devices, email or a phone number is required')
  const user = boundUser(userIdOf(request, 'user_id'))
  const tags = numberedTags(request.tags)
  if (named.length * JSON.stringify(tags.changes).length > MOST_TAGS) {
    throw argument(`tags takes more than ${MOST_TAGS} bytes on all devices together`)
  }
  const registrations = named.map((one) => registration(call, one, user, tags))
  if (registrations.length > AT_ONCE) {
    const rows = registrations.map(({ type, ...one }) => ({
      label: one.externalId.slice(0, HWID),
      registration: { ...one, platform: platformOf(type), firstTags: [firstInstall(c.get('now')())] },
    }))
    await gateway.jobs.create({ app, rows })
    c.get('services').wakeJobs(c)
    return null
  }
  let full: unknown
  for (const one of registrations) {
    // A device that cannot take the tags must not prevent the registration of the others.
    await upsert(call, one).catch((error: unknown) => {
      if (!(error instanceof GatewayError && error.code === 'limit')) throw error
      full = error
    })
  }
  if (full !== undefined) throw full
  return null
}

function registration(call: Call, named: Named, user: DevicePatch, { changes, profile }: TagRequest) {
  const { externalId, type, token, keys, sdkVersion, model } = named
  const { language, timezone } = call.request
  const own = {
    ...(sdkVersion !== undefined && { v: sdkVersion }),
    ...(model !== undefined && { device_model: model }),
  }
  const about = { ...call, request: { language, timezone, ...own } }
  const { patch, tags: systemTags } = type === EMAIL ? reportedByAddress(about) : reportedProfile(about)
  return {
    ...(token !== undefined && { pushToken: pushTokenOf(type, token, keys) }),
    externalId,
    type,
    patch: joinedPatch(patch, profile, user, { details: { deviceType: type } }),
    tags: joinedTags(systemTags, changes),
  }
}

function addresses(request: Json): Named[] {
  const found: Named[] = []
  const add = (type: number, member: string, read: (given: string) => string) => {
    const given = text(request, member, HWID)
    if (given === undefined) return
    const token = read(given)
    found.push({ externalId: externalIdOf(token), type, token, keys: {} })
  }
  add(EMAIL, 'email', emailAddress)
  add(SMS, 'sms_phone_number', smsNumber)
  add(WHATSAPP, 'whatsapp_phone_number', whatsappNumber)
  return found
}

function pushDevices({ push_devices: given }: Json): Named[] {
  if (given === undefined || given === null) return []
  if (!Array.isArray(given)) throw argument('push_devices must be an array')
  if (given.length > MOST) throw argument(`push_devices has more than ${MOST} elements`)
  return given.map((one: unknown): Named => {
    if (!isObject(one)) throw argument('push_devices must hold objects')
    const keys = isObject(one.platformData) ? one.platformData : {}
    const sdkVersion = described(one, 'sdk_version')
    const model = described(keys, 'browser')
    return {
      externalId: externalIdOf(required(one, 'hwid', HWID)),
      type: requiredType(one.platform, 'platform'),
      token: text(one, 'push_token', PUSH_TOKEN),
      keys,
      ...(sdkVersion !== undefined && { sdkVersion }),
      ...(model !== undefined && { model }),
    }
  })
}

const OPERATIONS = ['set', 'append', 'remove', 'increment']

/** Here tags are `{operation, value or values}` with numbered operations; bare values are accepted too. */
function numberedTags(given: unknown): TagRequest {
  if (given === undefined || given === null) return NO_TAGS
  const named = Object.entries(tagsObject(given)).map(([name, one]): [string, unknown] => {
    if (!isObject(one) || typeof one.operation !== 'number') return [name, one]
    const value = one.values ?? one.value ?? null
    const operation = OPERATIONS[one.operation] ?? String(one.operation)
    return [name, operation === 'set' ? value : { operation, value }]
  })
  return tagRequest(Object.fromEntries(named))
}

export const multiMethods = { multiRegisterDevice } satisfies Record<string, Method>
