import type { DevicePatch } from '../../../domain/device-patch.ts'
import type { RegistrationDraft } from '../../store.ts'
import type { Bound, Call } from '../port.ts'
import { call } from '../statement.ts'
import { letGo } from '../statements/room.ts'
import { bindsUser } from './values.ts'

type Values = Readonly<Record<'app' | 'dialect' | 'externalId' | 'cause' | 'now', Bound>>
type Limits = Pick<RegistrationDraft, 'limits'>

/** Runs after a change that gives a device a user, if the app limits devices per user: unbinds those beyond the limit. */
export const lettingGo = (
  { patch, limits }: { readonly patch: DevicePatch } & Limits,
  values: Values,
): readonly Call[] => (bindsUser(patch) ? holding(limits, values) : [])

/** The same after a change that may reactivate a superseded device with its previous user. */
export const holding = (limits: Limits['limits'], values: Values): readonly Call[] =>
  lettingGoOf(limits?.devicesPerUser ?? null, values)

export const lettingGoOf = (mostOfUser: number | null, values: Values): readonly Call[] =>
  mostOfUser === null ? [] : letGo.map((one) => call(one, { ...values, mostOfUser }))
