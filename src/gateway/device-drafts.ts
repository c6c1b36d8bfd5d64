import { isNothing } from '../domain/absent.ts'
import { type Platform, PROFILE_FIELDS } from '../domain/device.ts'
import type { Ids } from '../domain/ids.ts'
import type { JobItemRef } from '../domain/job.ts'
import { comparedForm, isDescription, type PushTokenDraft } from '../domain/push-token.ts'
import { boundedChanges, type Tag, type TagChange } from '../domain/tag.ts'
import { repaired, repairedDocument } from '../domain/text.ts'
import type { TopicPolicy } from '../domain/topic.ts'
import { sha256Hex } from '../secrets/hash.ts'
import type { DevicePatch, RegistrationDraft, TokenDraft } from '../store/store.ts'
import { absent, type DeviceRef, registeredKey, requireNames, requireStorable } from './device-key.ts'

/** A registration as a dialect understands it (identity.md R1 to R7, R9, R16 to R22). */
export interface Registration extends DeviceRef {
  /** `key`: the external id says which device it is. `token`: the push token does. */
  readonly identity: 'key' | 'token'
  readonly platform: Platform
  /** `created`: only of a device that it makes, for calls that merely guess it. */
  readonly platformWhen?: 'always' | 'created' | undefined
  /** Absent: the device keeps the token it has. */
  readonly pushToken?: PushTokenDraft | undefined
  readonly patch?: DevicePatch | undefined
  /** Topics given with it: at every registration, or only to a device that it makes. */
  readonly topics?: { readonly names: readonly string[]; readonly when: 'always' | 'created' } | undefined
  /** Left out by dialects that know no topics. */
  readonly policy?: TopicPolicy | undefined
  /**
   * For dialects in which a device is its token, so that nothing says which token follows which: where this makes a
   * device, the user's other devices in the dialect with the same platform, name and model (both given and not empty)
   * are put out of use. They stay, and their own next registration puts them into use again.
   */
  readonly replacesAlike?: boolean | undefined
  /** Changes of tags in the same write; only where the identity is the `key`. */
  readonly tags?: readonly TagChange[] | undefined
  /** What a device has from its first moment, if this registration makes it. */
  readonly firstTags?: readonly Tag[] | undefined
  /** The row of a job that this registration finishes. */
  readonly job?: JobItemRef | undefined
  /** Set by dialects with webhooks, which are told of the change in the same write. */
  readonly announce?: boolean | undefined
  /** The id of the request. */
  readonly cause: string
}

/** Registrations as the store takes them. */
export function deviceDrafts(ids: Ids) {
  function tokenDraft(draft: PushTokenDraft): TokenDraft {
    requireStorable(draft.token, 'The push token', 'pushToken')
    return {
      id: ids.row(),
      provider: draft.provider,
      hash: sha256Hex(comparedForm(draft)),
      token: draft.token,
      environment: draft.environment ?? 'unknown',
      keys: draft.keys ?? null,
    }
  }

  /** What stands for nothing is absent (identity R19), and what may not be absent is refused. */
  function draftOf(of: Registration, existing: boolean): RegistrationDraft {
    const token = of.pushToken && !isNothing(of.pushToken.token) ? tokenDraft(of.pushToken) : null
    const key = registeredKey(of, token)
    if (!token && (of.identity === 'token' || (existing && of.pushToken)))
      throw absent('A push token', 'pushToken')
    const patch = of.patch ? storable(of.patch) : {}
    if (of.topics) requireNames(of.topics.names)
    return {
      key,
      deviceId: ids.row(),
      identity: of.identity,
      existing,
      platform: of.platform,
      keepPlatform: of.platformWhen === 'created',
      token,
      // Whatever else a device says: a token that is none reaches nobody (identity R18).
      patch: token ? { ...patch, enabled: (patch.enabled ?? true) && !isDescription(token.token) } : patch,
      topics: of.topics ?? null,
      policy: of.policy ?? null,
      tags: boundedChanges(of.tags ?? []),
      firstTags: of.firstTags ?? [],
      job: of.job ?? null,
      carryOver: of.app.app.settings.carryOver,
      replacesAlike: of.replacesAlike ?? false,
      announce: of.announce ?? false,
    }
  }

  return { tokenDraft, draftOf }
}

/** A patch as it can be stored: an empty user is none (identity R19), and what only describes is repaired (R22). */
export function storable({ user, details, ...patch }: DevicePatch): DevicePatch {
  if (user) requireStorable(user.id, 'The user id', 'user')
  const profile: { -readonly [K in keyof DevicePatch]: DevicePatch[K] } = patch
  for (const field of PROFILE_FIELDS) {
    const text = profile[field]
    if (typeof text === 'string') profile[field] = repaired(text)
  }
  return {
    ...profile,
    ...(user !== undefined && user?.id !== '' && { user }),
    ...(details !== undefined && { details: repairedDocument(details) }),
  }
}
