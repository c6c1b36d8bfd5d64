import type { Json } from '../../../src/wire/json.ts'
import { emailAddress, externalIdOf } from '../address.ts'
import { EMAIL, pushTokenOf } from '../device-types.ts'
import { argument } from '../errors.ts'
import { toldOfPerson } from '../profile.ts'
import {
  boundUser,
  HWID,
  joinedPatch,
  joinedTags,
  meet,
  optionalTags,
  requiredTags,
  userOfAddress,
} from '../registration.ts'
import { type Method, required, userIdOf } from '../request.ts'
import { presentSkipped } from '../tags.ts'

const addressOf = (request: Json): string => emailAddress(required(request, 'email', HWID))

/** The email form of registerDevice, and registerEmail: what else the request tells is about the phone (section 7). */
export const registerAddress: Method = async (call) => {
  const { request } = call
  const address = addressOf(request)
  const tags = optionalTags(request)
  const { patch, tags: systemTags } = toldOfPerson(call)
  const user = boundUser(await userOfAddress(call))
  await meet(call, {
    externalId: externalIdOf(address),
    type: EMAIL,
    pushToken: pushTokenOf(EMAIL, address, {}),
    patch: joinedPatch(patch, tags.profile, user, { details: { deviceType: EMAIL } }),
    tags: joinedTags(systemTags, tags.changes),
  })
  return null
}

/** May come before or beside registerEmail, as registerUser does beside registerDevice (section 1, #9). */
const registerEmailUser: Method = async (call) => {
  const { request } = call
  const externalId = externalIdOf(addressOf(request))
  if (userIdOf(request) === undefined) throw argument('userId is required')
  const patch = boundUser(await userOfAddress(call))
  await meet(call, { externalId, type: EMAIL, patch })
  return null
}

/** Only the address: the tags of the phone come by setTags. */
const setEmailTags: Method = async (call) => {
  const { request } = call
  const externalId = externalIdOf(addressOf(request))
  const tags = requiredTags(request)
  const user = await userOfAddress(call)
  const { skippedTags } = await meet(call, {
    externalId,
    type: EMAIL,
    patch: joinedPatch(
      tags.profile,
      user === undefined ? {} : { ifNone: { user: { id: user, proved: false } } },
    ),
    tags: tags.changes,
  })
  return presentSkipped(tags, skippedTags)
}

const deleteEmail: Method = async ({ c, gateway, app, request }) => {
  const externalId = externalIdOf(addressOf(request))
  await gateway.devices.unregister({ app, externalId, cause: c.var.requestId })
  return null
}

export const emailMethods = {
  registerEmail: registerAddress,
  registerEmailUser,
  setEmailTags,
  deleteEmail,
} satisfies Record<string, Method>
