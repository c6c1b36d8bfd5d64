import type { Device } from '../../../domain/device.ts'
import { patchHolds } from '../../../domain/device-patch.ts'
import type { RegistrationDraft, RegistrationOutcome } from '../../store.ts'
import { commit } from '../plan.ts'
import type { Call, Db } from '../port.ts'
import { toDevice } from '../rows.ts'
import { call } from '../statement.ts'
import { known } from '../statements/known.ts'
import { tagsOfKnown } from '../statements/tags.ts'
import { announceKnown } from '../statements/webhooks.ts'
import { repeatableTags, tagPlan } from './tag-plan.ts'
import { json, type OccasionValues, registrationValues } from './values.ts'

/**
 * Whether a registration changes only the device's token and tags. Values for new devices only are ignored; added topics
 * might exceed the limit, so they use the full plan.
 */
export const staysAsItIs = (draft: RegistrationDraft, device: Device): boolean =>
  draft.identity === 'key' &&
  draft.job === null &&
  draft.topics?.when !== 'always' &&
  device.supersededAt === null &&
  (draft.keepPlatform || draft.platform === device.platform) &&
  patchHolds(device, draft.patch)

const knownValues = (draft: RegistrationDraft, { id, pushToken }: Device, occasion: OccasionValues) => ({
  known: id,
  left: pushToken?.id ?? null,
  dialects: json([draft.key.dialect]),
  ...registrationValues(draft, occasion),
})

/** A short plan for an existing device. */
export interface KnownPlan {
  /** Whether the plan is sufficient, given the device that was read. */
  suffices(draft: RegistrationDraft, device: Device): boolean
  /** Its writes: the first one checks that the device is unchanged; otherwise the others do nothing. */
  writes(draft: RegistrationDraft, values: KnownValues): readonly Call[]
}
export type KnownValues = ReturnType<typeof knownValues>

/** Runs a plan, followed by the tags; null, and nothing written, if its first write found no such device. */
export async function registerKnown(
  db: Db,
  { writes }: KnownPlan,
  draft: RegistrationDraft,
  device: Device,
  occasion: OccasionValues,
): Promise<RegistrationOutcome | null> {
  const { tags, announce } = draft
  const values = knownValues(draft, device, occasion)
  const plan = {
    writes: writes(draft, values),
    tags: tagPlan(tagsOfKnown, tags, values),
    told: announce ? [call(announceKnown, values)] : [],
    skipped: tags.length > 0 ? [call(tagsOfKnown.skipped, values)] : [],
    after: call(known, values),
  }
  const { after, skipped } = await commit(db, plan, { repeatable: repeatableTags(tags) })
  const [row] = after
  if (!row) return null
  return { device: toDevice(row), created: false, skippedTags: skipped.flat().map(({ name }) => name) }
}
