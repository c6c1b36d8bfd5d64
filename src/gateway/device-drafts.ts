import { isNothing } from '../domain/absent.ts'
import { type Platform, PROFILE_FIELDS } from '../domain/device.ts'
import type { DevicePatch } from '../domain/device-patch.ts'
import type { Ids } from '../domain/ids.ts'
import type { JobItemRef } from '../domain/job.ts'
import type { Mutable } from '../domain/mutable.ts'
import { comparedForm, isDescription, type PushTokenDraft } from '../domain/push-token.ts'
import { boundedChanges, type Tag, type TagChange } from '../domain/tag.ts'
import { repaired, repairedDocument } from '../domain/text.ts'
import type { TopicPolicy } from '../domain/topic.ts'
import { sha256Hex } from '../secrets/hash.ts'
import type { DeviceLists, RegistrationDraft, TokenDraft } from '../store/store.ts'
import { absent, type DeviceRef, registeredKey, requireNames, requireStorable } from './device-key.ts'

/** A registration as a dialect parsed it (identity.md R1 to R7, R9, R16 to R22). */
export interface Registration extends DeviceRef {
  /** Which one identifies the device: the external id (`key`) or the push token (`token`). */
  readonly identity: 'key' | 'token'
  readonly platform: Platform
  /** `created`: set only on a new device, for calls that guess the platform. */
  readonly platformWhen?: 'always' | 'created' | undefined
  /** Absent: the device keeps its token. */
  readonly pushToken?: PushTokenDraft | undefined
  readonly patch?: DevicePatch | undefined
  /** Topics to add: always, or only to a new device. */
  readonly topics?: { readonly names: readonly string[]; readonly when: 'always' | 'created' } | undefined
  /** The device's lists that the answer needs, by default all; lists that the call changes are always read. */
  readonly lists?: DeviceLists
  /** Absent in dialects without topics. */
  readonly policy?: TopicPolicy | undefined
  /**
   * For dialects whose device ids are push tokens, where nothing links a new token to the old one: creating a device
   * disables the user's other devices in the dialect with the same platform, name and model (both present and not
   * empty). They are kept, and their own next registration enables them again.
   */
  readonly replacesAlike?: boolean | undefined
  /** Tag changes in the same write; only with identity `key`. */
  readonly tags?: readonly TagChange[] | undefined
  /** Tags of a new device. */
  readonly firstTags?: readonly Tag[] | undefined
  /** The job row that this registration completes. */
  readonly job?: JobItemRef | undefined
  /** The request id. */
  readonly cause: string
}

/** Prepares registrations for the store; `hasWebhooks` says for which dialects the store writes webhook events. */
export function deviceDrafts(ids: Ids, hasWebhooks: (dialect: string) => boolean) {
  function tokenDraft(draft: PushTokenDraft): TokenDraft {
    requireStorable(draft.token, 'The push token', 'pushToken')
    return new SentToken(ids.row(), draft)
  }

  /** Treats placeholder texts such as `null` as absent (identity R19) and refuses absent required values. */
  function draftOf(registration: Registration, existing: boolean): RegistrationDraft {
    const { identity, pushToken, topics } = registration
    const token = pushToken && !isNothing(pushToken.token) ? tokenDraft(pushToken) : null
    const key = registeredKey(registration, token)
    if (!token && (identity === 'token' || (existing && pushToken))) throw absent('A push token', 'pushToken')
    const patch = storable(registration.patch ?? {})
    // A token that only describes its bytes cannot receive messages, whatever the device says (identity R18).
    if (token) patch.enabled = (patch.enabled ?? true) && !isDescription(token.token)
    if (topics) requireNames(topics.names)
    return {
      key,
      deviceId: ids.row(),
      identity,
      existing,
      platform: registration.platform,
      keepPlatform: registration.platformWhen === 'created',
      token,
      patch,
      topics: topics ?? null,
      lists: registration.lists,
      policy: registration.policy ?? null,
      tags: boundedChanges(registration.tags ?? []),
      firstTags: registration.firstTags ?? [],
      job: registration.job ?? null,
      carryOver: registration.app.app.settings.carryOver,
      replacesAlike: registration.replacesAlike ?? false,
      limits: registration.app.app.limits,
      announce: hasWebhooks(registration.app.dialect),
    }
  }

  return { tokenDraft, draftOf }
}

class SentToken implements TokenDraft {
  readonly id: string
  readonly #sent: PushTokenDraft
  #hash: string | undefined

  constructor(id: string, sent: PushTokenDraft) {
    this.id = id
    this.#sent = sent
  }

  get provider() {
    return this.#sent.provider
  }
  get token() {
    return this.#sent.token
  }
  get environment() {
    return this.#sent.environment ?? 'unknown'
  }
  get keys() {
    return this.#sent.keys ?? null
  }
  /** Computed on demand: a registration that changes nothing is recognized by the token itself. */
  get hash() {
    this.#hash ??= sha256Hex(comparedForm(this.#sent))
    return this.#hash
  }
}

/** Makes a patch storable: an empty user id counts as absent (identity R19), descriptive text is repaired (R22). */
export function storable(patch: DevicePatch): Mutable<DevicePatch> {
  const { user, details } = patch
  if (user) requireStorable(user.id, 'The user id', 'user')
  const made: Mutable<DevicePatch> = { ...patch }
  for (const field of PROFILE_FIELDS) {
    const text = made[field]
    if (typeof text === 'string') made[field] = repaired(text)
  }
  if (user?.id === '') made.user = undefined
  if (details !== undefined) made.details = repairedDocument(details)
  return made
}
