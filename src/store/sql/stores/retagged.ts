import type { Device } from '../../../domain/device.ts'
import { sameDocument } from '../../../domain/device-patch.ts'
import type { RegistrationDraft } from '../../store.ts'
import { call } from '../statement.ts'
import * as K from '../statements/known.ts'
import { type KnownPlan, staysAsItIs } from './known.ts'

/** The token is stored as sent; otherwise the full plan records its change. */
const holdsIt = ({ token, holding }: RegistrationDraft, { pushToken }: Device): boolean =>
  holding === undefined &&
  pushToken?.state === 'live' &&
  pushToken.provider === token?.provider &&
  pushToken.token === token.token &&
  (token.environment === 'unknown' || token.environment === pushToken.environment) &&
  (token.keys === null || sameDocument(token.keys, pushToken.keys))

/** Only tags change: the registration leaves the device and its token as they were read. */
export const retagged: KnownPlan = {
  suffices: (draft, device) => staysAsItIs(draft, device) && (draft.token === null || holdsIt(draft, device)),
  writes: ({ token }, values) =>
    token ? [call(K.noteHolder, values), call(K.keepToken, values)] : [call(K.noteDevice, values)],
}
