import type { Device } from '../../../domain/device.ts'
import type { RegistrationDraft, RegistrationOutcome } from '../../store.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as K from '../statements/known.ts'
import { knownValues, registerKnown, staysAsItIs } from './known.ts'
import type { OccasionValues } from './values.ts'

/** Whether the short plan does: the device that was seen is as the registration has it, its token too, but for its tags. */
export const tagsSuffice = (draft: RegistrationDraft, device: Device): boolean =>
  staysAsItIs(draft, device) && (draft.token === null || holdsIt(draft, device))

const holdsIt = ({ token, holding }: RegistrationDraft, { pushToken }: Device): boolean =>
  holding === undefined &&
  pushToken?.state === 'live' &&
  pushToken.provider === token?.provider &&
  pushToken.token === token.token

/** Notes the device, and changes its tags alone; null, and nothing written, where it is not so any more. */
export function registerTags(
  db: Db,
  draft: RegistrationDraft,
  device: Device,
  occasion: OccasionValues,
): Promise<RegistrationOutcome | null> {
  const values = knownValues(draft, device, occasion)
  const writes = draft.token
    ? [call(K.noteHolder, values), call(K.keepToken, values)]
    : [call(K.noteDevice, values)]
  return registerKnown(db, draft, values, writes)
}
