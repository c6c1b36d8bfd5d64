import type { DevicePatch } from '../../../domain/device-patch.ts'
import type { RegistrationDraft } from '../../store.ts'
import type { Bound, Call } from '../port.ts'
import { call } from '../statement.ts'
import { letGo } from '../statements/room.ts'
import { bindsUser } from './values.ts'

type Values = Readonly<Record<'app' | 'dialect' | 'externalId' | 'cause' | 'now', Bound>>
type Limits = Pick<RegistrationDraft, 'limits'>

/** Behind a change that gives a device a user, where there is a limit on a user's devices: lets go of those beyond it. */
export const lettingGo = (
  { patch, limits }: { readonly patch: DevicePatch } & Limits,
  values: Values,
): readonly Call[] => (bindsUser(patch) ? holding(limits, values) : [])

/** The same behind one after which a device that was replaced may be in use, with the user whom it had. */
export const holding = (limits: Limits['limits'], values: Values): readonly Call[] =>
  lettingGoOf(limits?.devicesPerUser ?? null, values)

export const lettingGoOf = (mostOfUser: number | null, values: Values): readonly Call[] =>
  mostOfUser === null ? [] : letGo.map((one) => call(one, { ...values, mostOfUser }))
