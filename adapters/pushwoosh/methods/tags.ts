import { argument } from '../errors.ts'
import { HWID, joinedPatch, mentionedUser, requiredTags, senderId, upsert } from '../registration.ts'
import { type Method, text, userIdOf } from '../request.ts'
import { presentSkipped, presentTags } from '../tags.ts'

/** If both ids are present, the hwid counts: SDKs send both with every request (section 1, #10). */
const setTags: Method = async (call) => {
  const { c, gateway, app, request } = call
  const userId = userIdOf(request)
  if (text(request, 'hwid', HWID) !== undefined) {
    const tags = requiredTags(request)
    const { skippedTags } = await upsert(call, {
      externalId: senderId(call),
      patch: joinedPatch(tags.profile, mentionedUser(request)),
      tags: tags.changes,
    })
    return presentSkipped(tags, skippedTags)
  }
  if (userId === undefined) throw argument('hwid or userId is required')
  const tags = requiredTags(request)
  const { changes, profile } = tags
  const of = { app, userId, changes, profile, cause: c.get('requestId') }
  const { skipped, more } = await gateway.tags.changeOfUser(of)
  if (more) c.get('services').wakeJobs(c)
  return presentSkipped(tags, skipped)
}

/** Always returns an object, even for an unknown device or user: Android throws without it (section 3). */
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
