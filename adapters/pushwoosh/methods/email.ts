import type { Json } from '../../../src/wire/json.ts'
import { emailAddress, externalIdOf } from '../address.ts'
import { EMAIL, pushTokenOf } from '../device-types.ts'
import { argument } from '../errors.ts'
import { reportedByAddress } from '../profile.ts'
import {
  boundUser,
  HWID,
  joinedPatch,
  joinedTags,
  optionalTags,
  requiredTags,
  upsert,
  userOfAddress,
} from '../registration.ts'
import { type Method, required, userIdOf } from '../request.ts'
import { presentSkipped } from '../tags.ts'

const addressOf = (request: Json): string => emailAddress(required(request, 'email', HWID))

/** registerEmail, and registerDevice with an e-mail address; other members describe the phone (section 7). */
export const registerAddress: Method = async (call) => {
  const { request } = call
  const address = addressOf(request)
  const tags = optionalTags(request)
  const { patch, tags: systemTags } = reportedByAddress(call)
  const user = boundUser(await userOfAddress(call))
  await upsert(call, {
    externalId: externalIdOf(address),
    type: EMAIL,
    pushToken: pushTokenOf(EMAIL, address, {}),
    patch: joinedPatch(patch, tags.profile, user, { details: { deviceType: EMAIL } }),
    tags: joinedTags(systemTags, tags.changes),
  })
  return null
}

/** May arrive before, or concurrently with, registerEmail, like registerUser and registerDevice (section 1, #9). */
const registerEmailUser: Method = async (call) => {
  const { request } = call
  const externalId = externalIdOf(addressOf(request))
  if (userIdOf(request) === undefined) throw argument('userId is required')
  const patch = boundUser(await userOfAddress(call))
  await upsert(call, { externalId, type: EMAIL, patch })
  return null
}

/** Changes only the address; the phone's tags are set by setTags. */
const setEmailTags: Method = async (call) => {
  const { request } = call
  const externalId = externalIdOf(addressOf(request))
  const tags = requiredTags(request)
  const user = await userOfAddress(call)
  const { skippedTags } = await upsert(call, {
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
  await gateway.devices.unregister({ app, externalId, cause: c.get('requestId') })
  return null
}

export const emailMethods = {
  registerEmail: registerAddress,
  registerEmailUser,
  setEmailTags,
  deleteEmail,
} satisfies Record<string, Method>
