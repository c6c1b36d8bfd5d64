import { argument } from '../errors.ts'
import { HWID, joinedPatch, meet, mentionedUser, requiredTags, senderId } from '../registration.ts'
import { type Method, text, userIdOf } from '../request.ts'
import { presentSkipped, presentTags } from '../tags.ts'

/** With both ids the hwid is meant: SDKs send the two with every request (section 1, #10). */
const setTags: Method = async (call) => {
  const { c, gateway, app, request } = call
  const userId = userIdOf(request)
  if (text(request, 'hwid', HWID) !== undefined) {
    const tags = requiredTags(request)
    const { skippedTags } = await meet(call, {
      externalId: senderId(call),
      patch: joinedPatch(tags.profile, mentionedUser(request)),
      tags: tags.changes,
    })
    return presentSkipped(tags, skippedTags)
  }
  if (userId === undefined) throw argument('hwid or userId is required')
  const tags = requiredTags(request)
  const { changes, profile } = tags
  const of = { app, userId, changes, profile, cause: c.var.requestId }
  const { skipped, more } = await gateway.tags.changeOfUser(of)
  if (more) c.var.wakeJobs()
  return presentSkipped(tags, skipped)
}

/** Always an object, of an unknown device or user too: Android throws without it (section 3). */
const getTags: Method = async (call) => {
  const { gateway, app, request } = call
  if (text(request, 'hwid', HWID) !== undefined) {
    const tags = await gateway.tags.read({ app, externalId: senderId(call) })
    return { result: presentTags(tags ?? []) }
  }
  const userId = userIdOf(request)
  if (userId === undefined) throw argument('hwid or userId is required')
  return { result: presentTags(await gateway.tags.readOfUser({ app, userId })) }
}

export const tagMethods = { setTags, getTags } satisfies Record<string, Method>
