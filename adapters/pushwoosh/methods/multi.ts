import { emailAddress, externalIdOf, smsNumber, whatsappNumber } from '../address.ts'
import { EMAIL, pushTokenOf, requiredType, SMS, WHATSAPP } from '../device-types.ts'
import { argument } from '../errors.ts'
import { told, toldOfPerson } from '../profile.ts'
import { boundUser, HWID, joinedPatch, joinedTags, meet, PUSH_TOKEN, tagsObject } from '../registration.ts'
import { described, isObject, type Json, type Method, required, text, userIdOf } from '../request.ts'
import { NO_TAGS, type TagRequest, tagRequest } from '../tags.ts'

/** One of the devices that the call names, checked. */
interface Named {
  readonly externalId: string
  readonly type: number
  readonly token: string | undefined
  readonly keys: Json
  readonly sdkVersion?: string
  readonly model?: string
}

/** All that it names is checked before anything is registered; then it is the same as the single calls (section 5). */
const multiRegisterDevice: Method = async (call) => {
  const { request } = call
  const named = [...addresses(request), ...pushDevices(request)]
  if (named.length === 0) throw argument('push_devices, email or a phone number is required')
  const user = boundUser(userIdOf(request, 'user_id'))
  const tags = numberedTags(request.tags)
  for (const { externalId, type, token, keys, sdkVersion, model } of named) {
    const own = {
      ...(sdkVersion !== undefined && { v: sdkVersion }),
      ...(model !== undefined && { device_model: model }),
    }
    const about = { ...call, request: { language: request.language, timezone: request.timezone, ...own } }
    const { patch, tags: systemTags } = type === EMAIL ? toldOfPerson(about) : told(about)
    await meet(call, {
      externalId,
      type,
      ...(token !== undefined && { pushToken: pushTokenOf(type, token, keys) }),
      patch: joinedPatch(patch, tags.profile, user, { details: { deviceType: type } }),
      tags: joinedTags(systemTags, tags.changes),
    })
  }
  return null
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

/** Here each tag is `{operation, value or values}` with numbered operations; a bare value is understood too. */
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
