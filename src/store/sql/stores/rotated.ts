import type { Device } from '../../../domain/device.ts'
import type { RegistrationDraft, RegistrationOutcome } from '../../store.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import { insertToken } from '../statements/fresh.ts'
import * as K from '../statements/known.ts'
import { knownValues, registerKnown, staysAsItIs } from './known.ts'
import type { OccasionValues } from './values.ts'

/**
 * Whether the short plan does for a token that nobody has: the device that was seen is as the registration has it, but for
 * that and its tags. Its old token lives and is of the same push service, so that nothing counts otherwise than before.
 */
export const rotationSuffices = (draft: RegistrationDraft, device: Device): boolean =>
  staysAsItIs(draft, device) && leavesLike(draft, device)

const leavesLike = ({ token, holding }: RegistrationDraft, { pushToken: left }: Device): boolean =>
  left?.state === 'live' &&
  left.provider === token?.provider &&
  (holding === undefined || holding === left.id)

/** Gives the device its new token, and changes its tags; null, and nothing written, where things are not so any more. */
export function registerRotated(
  db: Db,
  draft: RegistrationDraft,
  device: Device,
  occasion: OccasionValues,
): Promise<RegistrationOutcome | null> {
  const values = knownValues(draft, device, occasion)
  const writes = [K.rotate, insertToken, K.logRotated, K.retireRotated].map((one) => call(one, values))
  return registerKnown(db, draft, values, writes)
}
