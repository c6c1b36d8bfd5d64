import { argument } from '../errors.ts'
import { reportedProfile } from '../profile.ts'
import { joinedPatch, senderId, upsert } from '../registration.ts'
import { type Method, userIdOf } from '../request.ts'

/** Binds the device to a user. An empty id, or the hwid itself, removes the user (section 5, identity R8). */
const registerUser: Method = async (call) => {
  const { request } = call
  const externalId = senderId(call)
  const id = userIdOf(request)
  const none = request.userId === '' || (id !== undefined && id === request.hwid)
  const user = none ? { user: null } : id === undefined ? {} : { user: { id, proved: false } }
  const { patch, tags } = reportedProfile(call)
  await upsert(call, { externalId, patch: joinedPatch(patch, user), tags })
  return null
}

/** With `merge`, moves the old user's devices to the new user; without it, changes nothing. */
const mergeUser: Method = async (call) => {
  const { c, gateway, app, request } = call
  senderId(call)
  const from = userIdOf(request, 'oldUserId')
  const to = userIdOf(request, 'newUserId')
  if (from === undefined) throw argument('oldUserId is required')
  if (to === undefined) throw argument('newUserId is required')
  if ((request.merge === true || request.merge === 1) && from !== to) {
    const { more } = await gateway.users.move({ app, from, to, cause: c.get('requestId') })
    if (more) c.get('services').wakeJobs(c)
  }
  return null
}

export const userMethods = { registerUser, mergeUser } satisfies Record<string, Method>
