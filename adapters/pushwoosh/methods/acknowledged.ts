import { mentionedUser, senderId } from '../registration.ts'
import type { Method } from '../request.ts'

/** A call whose content is not stored; a user that it mentions is bound if the device has none (section 11). */
export const acknowledged: Method = async (call) => {
  const externalId = senderId(call)
  const patch = mentionedUser(call.request)
  if (patch.ifNone) {
    await call.gateway.devices.update({ app: call.app, externalId, patch, superseded: true })
  }
  return null
}
