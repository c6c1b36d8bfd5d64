import type { Device } from '../../../domain/device.ts'
import type { RegistrationDraft } from '../../store.ts'
import { call } from '../statement.ts'
import { insertToken } from '../statements/fresh.ts'
import * as K from '../statements/known.ts'
import { type KnownPlan, staysAsItIs } from './known.ts'

const leavesLike = ({ token, holding }: RegistrationDraft, { pushToken: left }: Device): boolean =>
  left?.state === 'live' &&
  left.provider === token?.provider &&
  (holding === undefined || holding === left.id)

/**
 * A token that nobody has: the device that was seen is as the registration has it, but for that and its tags. Its old token
 * lives and is of the same push service, so that nothing counts otherwise than before.
 */
export const rotated: KnownPlan = {
  suffices: (draft, device) => staysAsItIs(draft, device) && leavesLike(draft, device),
  writes: (_, values) =>
    [K.rotate, insertToken, K.logRotated, K.retireRotated].map((one) => call(one, values)),
}
