import type { DeviceKey } from '../../../domain/device.ts'
import type { DevicePatch } from '../../../domain/device-patch.ts'
import type { TagChange } from '../../../domain/tag.ts'
import type { TopicPolicy } from '../../../domain/topic.ts'
import type { Claim } from '../../contract/queue.ts'
import type { DeviceLists, Occasion, RegistrationDraft } from '../../store.ts'

export const json = (document: unknown): string => JSON.stringify(document)

export const claimValues = ({ lease, until, horizon, limit }: Claim, now: Date) => ({
  lease,
  until: until.getTime(),
  horizon: horizon.getTime(),
  limit,
  now: now.getTime(),
})

export const keyValues = (key: DeviceKey) => ({
  app: key.appId,
  dialect: key.dialect,
  externalId: key.externalId,
})

/** 1 to keep states that a plan ends, for an undo. */
export type Keeps = 0 | 1

/** `change` identifies the plan (see `forward`): drawn once, it stays the same when the plan is sent again. */
export const occasionValues = ({ at, cause }: Occasion, keeps: Keeps = 0) => ({
  now: at.getTime(),
  cause,
  change: changeId(),
  keeps,
})

export type OccasionValues = ReturnType<typeof occasionValues>

export const changeId = (): number => Math.floor(Math.random() * 2 ** 48)

/** The distinct tag names of the changes, for their event. */
export const changedNames = (changes: readonly TagChange[]): string =>
  json([...new Set(changes.map(({ name }) => name))])

export const policyValues = (policy: TopicPolicy) => ({
  maxLength: policy.maxLength,
  refused: json(policy.refused),
  limit: policy.limit,
  automatic: json(policy.automatic),
  withIds: policy.ids ? 1 : 0,
  catalogued: policy.catalogued ? 1 : 0,
})

/** A patch as one JSON value, for `patched` and `given`. */
export function patchValue(patch: DevicePatch): string {
  const { user, enabled, expiresAt, details, ifNone, ...profile } = patch
  return json({
    ...profile,
    ...(user !== undefined && { userId: user?.id ?? null, userProved: user?.proved ? 1 : 0 }),
    ...(enabled !== undefined && { enabled: enabled ? 1 : 0 }),
    ...(expiresAt !== undefined && { expiresAt: expiresAt?.getTime() ?? null }),
    ...(details !== undefined && { details }),
    ...(ifNone && {
      ifNone: {
        ...(ifNone.user && { userId: ifNone.user.id, userProved: ifNone.user.proved ? 1 : 0 }),
        ...(ifNone.language !== undefined && { language: ifNone.language }),
      },
    }),
  })
}

/** Whether a patch may bind the device to a user. */
export const bindsUser = ({ user, ifNone }: DevicePatch): boolean =>
  (user ?? null) !== null || ifNone?.user !== undefined

/** The lists of a device that a statement returns. */
export const listValues = ({ topics, tags }: DeviceLists = {}) => ({
  withTopics: topics === false ? 0 : 1,
  withTags: tags === false ? 0 : 1,
})

/**
 * Values bound by all plans of a registration. Spread values come last everywhere here: V8 adds members after a spread
 * on a slow path, at more than 1 µs each.
 */
export function draftValues(draft: RegistrationDraft, occasion: OccasionValues) {
  const { key, token } = draft
  return {
    app: key.appId,
    dialect: key.dialect,
    externalId: key.externalId,
    now: occasion.now,
    cause: occasion.cause,
    change: occasion.change,
    keeps: occasion.keeps,
    announcement: draft.deviceId,
    deviceId: draft.deviceId,
    platform: draft.platform,
    tokenId: token?.id ?? null,
    provider: token?.provider ?? null,
    hash: token?.hash ?? null,
    token: token?.token ?? null,
    environment: token?.environment ?? null,
    keys: token?.keys ? json(token.keys) : null,
    changes: json(draft.tags),
    firstTags: json(draft.firstTags),
    job: draft.job?.job ?? null,
    position: draft.job?.position ?? null,
    mostDevices: draft.limits?.devices ?? null,
    ...listValues(draft.lists),
  }
}

/** Values bound by registrations of devices that may exist. */
export const registrationValues = (draft: RegistrationDraft, occasion: OccasionValues) => ({
  keepPlatform: draft.keepPlatform ? 1 : 0,
  holding: draft.holding ?? null,
  existing: draft.existing ? (draft.superseded ? 2 : 1) : 0,
  patch: patchValue(draft.patch),
  names: changedNames(draft.tags),
  ...draftValues(draft, occasion),
})
