import type { DevicePatch } from '../../../domain/device-patch.ts'
import type { RegistrationDraft } from '../../store.ts'
import type { Bound, Call } from '../port.ts'
import { call } from '../statement.ts'
import { letGo } from '../statements/room.ts'

type Values = Readonly<Record<'app' | 'dialect' | 'externalId' | 'cause' | 'now', Bound>>

/** Behind a change that gives a device a user, where there is a limit on a user's devices: lets go of those beyond it. */
export function lettingGo(
  { patch, limits }: { readonly patch: DevicePatch } & Pick<RegistrationDraft, 'limits'>,
  values: Values,
): readonly Call[] {
  const user = (patch.user ?? patch.ifNone?.user)?.id
  const most = limits?.devicesPerUser ?? null
  return user === undefined || most === null ? [] : lettingGoOf(user, most, values)
}

export const lettingGoOf = (boundUser: string, mostOfUser: number, values: Values): readonly Call[] =>
  letGo.map((one) => call(one, { ...values, boundUser, mostOfUser }))
