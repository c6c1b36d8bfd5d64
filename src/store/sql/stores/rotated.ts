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
 * A new token: apart from it and the tags, the registration leaves the device as it was read. The old token is live and of
 * the same push service, so the counters do not change.
 */
export const rotated: KnownPlan = {
  suffices: (draft, device) => staysAsItIs(draft, device) && leavesLike(draft, device),
  writes: (_, values) =>
    [
      ...[K.rotate, insertToken, K.logRotated],
      ...(values.keeps === 1 ? [K.keepRotated] : []),
      K.retireRotated,
    ].map((one) => call(one, values)),
}
