import { isAddress, pushTokenOf, requiredType } from '../device-types.ts'
import { argument } from '../errors.ts'
import { reportedProfile } from '../profile.ts'
import {
  addressed,
  boundUser,
  HWID,
  joinedPatch,
  joinedTags,
  mentionedUser,
  optionalTags,
  ownUser,
  senderId,
  upsert,
  userOfAddress,
} from '../registration.ts'
import { type Method, required, text } from '../request.ts'
import { lastOpen } from '../system-tags.ts'
import { registerAddress } from './email.ts'

/** An upsert by hwid or, in the email form, by the address. */
const registerDevice: Method = async (call) => {
  const { request } = call
  if (text(request, 'hwid', HWID) === undefined && text(request, 'email', HWID) !== undefined) {
    return registerAddress(call)
  }
  const hwid = required(request, 'hwid', HWID)
  const type = requiredType(request.device_type, 'device_type')
  const { externalId, token } = addressed(type, hwid, request)
  const tags = optionalTags(request)
  const { patch, tags: systemTags } = reportedProfile(call)
  const user = isAddress(type) ? await userOfAddress(call) : ownUser(request)
  await upsert(call, {
    externalId,
    type,
    ...(token !== undefined && { pushToken: pushTokenOf(type, token, request) }),
    patch: joinedPatch(patch, tags.profile, boundUser(user), { details: { deviceType: type } }),
    tags: joinedTags(systemTags, tags.changes),
  })
  return null
}

/** Removes the token; the device keeps its tags and user. Succeeds for unknown devices. */
const unregisterDevice: Method = async (call) => {
  const { c, gateway, app } = call
  await gateway.devices.detach({ app, externalId: senderId(call), cause: c.get('requestId') })
  return null
}

const deleteDevice: Method = async (call) => {
  const { c, gateway, app } = call
  await gateway.devices.unregister({ app, externalId: senderId(call), cause: c.get('requestId') })
  return null
}

const checkDevice: Method = async (call) => {
  const device = await call.gateway.devices.find({ app: call.app, externalId: senderId(call) })
  return { exist: device !== null, push_token_exist: device?.pushToken?.state === 'live' }
}

const applicationOpen: Method = async (call) => {
  const externalId = senderId(call)
  const { patch, tags } = reportedProfile(call)
  await upsert(call, {
    externalId,
    patch: joinedPatch(patch, mentionedUser(call.request)),
    tags: [...tags, lastOpen(call.c.get('now')())],
  })
  return null
}

const setBadge: Method = async (call) => {
  const externalId = senderId(call)
  const { badge } = call.request
  if (badge === undefined || badge === null) throw argument('badge is required')
  if (typeof badge !== 'number' || !Number.isSafeInteger(badge) || badge < 0) {
    throw argument('badge must be an integer from 0')
  }
  const patch = joinedPatch(mentionedUser(call.request), { details: { badge } })
  await call.gateway.devices.update({ app: call.app, externalId, patch, superseded: true })
  return null
}

/** Sets the advertising id; null removes it. */
const setMADID: Method = async (call) => {
  const externalId = senderId(call)
  const advertisingId = text(call.request, 'madid', HWID) ?? null
  const patch = { details: { advertisingId } }
  await call.gateway.devices.update({ app: call.app, externalId, patch, superseded: true })
  return null
}

export const deviceMethods = {
  registerDevice,
  unregisterDevice,
  deleteDevice,
  checkDevice,
  applicationOpen,
  setBadge,
  setMADID,
} satisfies Record<string, Method>
