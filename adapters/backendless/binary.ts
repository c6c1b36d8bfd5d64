import type { Request } from '../../src/adapter.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { mediaType, readBytes } from '../../src/wire/body.ts'
import { type AmfValue, amfInteger, amfObject, itemsOf, membersOf } from './amf/values.ts'
import { answerBody, awaitAnswer, type BinaryCall, readCall, sentCall } from './binary-message.ts'
import { addressOfRequest, type Caller, callerOf, versionCaller } from './caller.ts'
import { cancel, leaveChannels, refreshToken, register, retrieveDevice } from './devices.ts'
import { fault } from './errors.ts'
import { registrationId, registrationOf } from './present.ts'
import { channelList, deviceTokenOf, registrationInput } from './registration.ts'
import { MESSAGING_SOURCE, messagingOperation } from './sending/binary.ts'
import { templatesOf } from './sending/templates.ts'
import { hasUpstream, relay } from './upstream.ts'

export const TYPE = 'application/x-amf'
export const SOURCE = 'com.backendless.services.messaging.DeviceRegistrationService'
export const DTO = 'com.backendless.management.DeviceRegistrationDto'

type Operation = (c: Request, caller: Caller, args: readonly AmfValue[]) => Promise<AmfValue>

/** The operations of section 9.2. */
const OPERATIONS = {
  async registerDevice(c, caller, [dto]) {
    const members = membersOf(dto)
    if (!members) throw fault('member', 'Unable to register device. The registration is missing.')
    const input = registrationInput(memberOf(members), c.get('now')())
    const device = await register(c, caller, input)
    // SDKs since version 5 parse the result as JSON; v3 expects the plain id.
    const id = registrationId(device)
    if (caller.form === 'version') return id
    return JSON.stringify([id, templatesOf(caller.options.pushTemplates, input.os)])
  },

  async getDeviceRegistrationByDeviceId(c, caller, [deviceId]) {
    const device = typeof deviceId === 'string' ? await retrieveDevice(c, caller, deviceId) : null
    if (!device) throw fault('retrieveUnknown')
    return amfObject(DTO, registrationOf(device))
  },

  async unregisterDevice(c, caller, args) {
    const [deviceId, channels] = args
    if (typeof deviceId !== 'string') throw fault('cancelUnknown')
    const some =
      channels === null || channels === undefined ? null : channelList(itemsOf(channels) ?? channels)
    const left = some && (await leaveChannels(c, caller, { deviceId, names: some }))
    if (left === null) await cancel(c, caller, deviceId)
    return args.length < 2 ? true : amfInteger(left ?? 0)
  },

  async refreshDeviceToken(c, caller, [deviceId, token]) {
    const given = deviceTokenOf(token)
    return typeof deviceId === 'string' && refreshToken(c, caller, { deviceId, token: given })
  },
} as const satisfies Readonly<Record<string, Operation>>
export type DeviceCall = keyof typeof OPERATIONS
const isDeviceCall = (name: string): name is DeviceCall => Object.hasOwn(OPERATIONS, name)

/** The endpoint of the Android, Java, Objective-C and .NET SDKs (section 9). */
export async function binary(c: Request): Promise<Response> {
  const versioned = addressOfRequest(c).form === 'version'
  const caller = versioned ? null : await callerOf(c)
  const type = mediaType(c)
  if (type !== null && type !== TYPE)
    throw new GatewayError('bad_media_type', `Content-Type must be ${TYPE}.`)
  // Other binary calls go to the upstream, whether or not they can be parsed here (section 9.2).
  if (caller !== null && hasUpstream(c, caller)) {
    const { bulkBytes, jsonDepth: maxDepth } = c.get('limits')
    const call = readable(await readBytes(c, bulkBytes), maxDepth)
    return call && operationOf(call) ? answer(c, caller, call) : relay(c, caller)
  }
  const call = await sentCall(c)
  return answer(c, caller ?? (await versionCaller(c)), call)
}

function readable(bytes: Uint8Array, maxDepth: number): BinaryCall | null {
  try {
    return readCall(bytes, { maxDepth })
  } catch {
    return null
  }
}

async function answer(c: Request, caller: Caller, call: BinaryCall): Promise<Response> {
  awaitAnswer(c, call)
  const operation = operationOf(call)
  if (!operation) throw new GatewayError('not_found', 'There is no such operation here.')
  // In v3, the application id and the version's name come first.
  const args = caller.form === 'version' ? call.args.slice(2) : call.args
  const value = await operation(c, caller, args)
  // Exactly this value: the Objective-C SDK compares the whole header (section 9.3).
  return c.body(answerBody(call, value), 200, { 'Content-Type': TYPE })
}

function operationOf({ source, operation }: BinaryCall): Operation | undefined {
  if (typeof operation !== 'string') return undefined
  if (source === MESSAGING_SOURCE) return messagingOperation(operation)
  return source === SOURCE && isDeviceCall(operation) ? OPERATIONS[operation] : undefined
}

/** A member in its REST form: lists of any kind become arrays. */
const memberOf = (members: ReadonlyMap<string, AmfValue>) => (name: string) => {
  const value = members.get(name)
  return itemsOf(value) ?? value
}
