import type { DialectApp } from '../domain/app.ts'
import { type Device, type DeviceKey, type Platform, PROFILE_FIELDS } from '../domain/device.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import { comparedForm, type PushTokenDraft } from '../domain/push-token.ts'
import type { TopicPolicy } from '../domain/topic.ts'
import { sha256Hex } from '../secrets/hash.ts'
import type { DevicePatch, RegistrationDraft, Store, TokenDraft } from '../store/store.ts'

export type { DevicePatch } from '../store/store.ts'

/** A registration as a dialect understands it (identity.md R1 to R7, R9, R16 to R20). */
export interface Registration {
  readonly app: DialectApp
  /** The device's id in its dialect or, where a device is its token, the id it gets should it be new. */
  readonly externalId: string
  /** `key`: the external id says which device it is. `token`: the push token does. */
  readonly identity: 'key' | 'token'
  readonly platform: Platform
  /** Absent: the device keeps the token it has. */
  readonly pushToken?: PushTokenDraft | undefined
  readonly patch?: DevicePatch | undefined
  /** Topics given with it: at every registration, or only to a device that it makes. */
  readonly topics?: { readonly names: readonly string[]; readonly when: 'always' | 'created' } | undefined
  /** Left out by dialects that know no topics. */
  readonly policy?: TopicPolicy | undefined
  /** Set by dialects with webhooks, which are told of the change in the same write. */
  readonly announce?: boolean | undefined
  /** The id of the request. */
  readonly cause: string
}

export interface Registered {
  readonly device: Device
  readonly created: boolean
}

/** A device named by its app and its id in the app's dialect. */
export interface DeviceRef {
  readonly app: DialectApp
  readonly externalId: string
}

export interface Devices {
  /** Registers; always succeeds for a known app. Costs one read where nothing changed, one more write otherwise. */
  register(registration: Registration): Promise<Registered>
  /**
   * Gives a device another token (identity R4, R5), with what else changes. Null for an unknown device and, where
   * `superseded` is not set, for a superseded one, which the token would revive.
   */
  rotate(
    ref: DeviceRef & {
      readonly platform: Platform
      readonly pushToken: PushTokenDraft
      readonly patch?: DevicePatch | undefined
      readonly superseded?: boolean
      readonly announce?: boolean | undefined
      readonly cause: string
    },
  ): Promise<Device | null>
  /** Null for an unknown device. A superseded one is found; `supersededAt` says so. */
  find(ref: DeviceRef): Promise<Device | null>
  /**
   * Null for an unknown device and, where `superseded` is false, for a superseded one. Writes nothing where nothing
   * differs.
   */
  update(
    ref: DeviceRef & {
      readonly patch: DevicePatch
      readonly superseded: boolean
      readonly announce?: boolean | undefined
    },
  ): Promise<Device | null>
  /** Takes the token, keeps the device. False for an unknown device. */
  detach(ref: DeviceRef & { readonly cause: string }): Promise<boolean>
  /** Removes the device and all that hangs on it (identity R9, R10). False for an unknown device. */
  unregister(ref: DeviceRef & { readonly cause: string }): Promise<boolean>
}

/** Identity R1: an app start that changes nothing is noted no more often. */
const SEEN_EVERY = 3_600_000

export const keyOf = ({ app, externalId }: DeviceRef): DeviceKey => ({
  appId: app.app.id,
  dialect: app.dialect,
  externalId,
})

export function createDevices({ store, now, ids }: { store: Store; now: Clock; ids: Ids }): Devices {
  const tokenDraft = (draft: PushTokenDraft): TokenDraft => ({
    id: ids.row(),
    provider: draft.provider,
    hash: sha256Hex(comparedForm(draft)),
    token: draft.token,
    environment: draft.environment ?? 'unknown',
    keys: draft.keys ?? null,
  })

  const draftOf = (
    of: Registration,
    { existing, superseded }: Pick<RegistrationDraft, 'existing' | 'superseded'>,
  ): RegistrationDraft => ({
    key: keyOf(of),
    deviceId: ids.row(),
    identity: of.identity,
    existing,
    superseded,
    announce: of.announce ?? false,
    platform: of.platform,
    token: of.pushToken ? tokenDraft(of.pushToken) : null,
    patch: of.patch ?? {},
    topics: of.topics ?? null,
    policy: of.policy ?? null,
    carryOver: of.app.app.settings.carryOver,
  })

  /** The device that a draft leaves as it is, or null: a short cut only, no decision rests on it. */
  async function unchanged(draft: RegistrationDraft, at: Date): Promise<Device | null> {
    const device =
      draft.identity === 'token' && draft.token
        ? await store.devices.findByToken(draft.key, draft.token, at)
        : await store.devices.findByKey(draft.key, at)
    if (!device || !holds(device, draft)) return null
    if (at.getTime() - device.lastSeenAt.getTime() < SEEN_EVERY) return device
    await store.devices.touch(device.id, at)
    return { ...device, lastSeenAt: at }
  }

  return {
    async register(registration) {
      const draft = draftOf(registration, { existing: false, superseded: false })
      const at = now()
      const same = await unchanged(draft, at)
      if (same) return { device: same, created: false }
      const registered = await store.devices.register(draft, { at, cause: registration.cause })
      if (!registered) throw new Error('a registration left no device')
      return registered
    },

    async rotate({ superseded = false, ...ref }) {
      const draft = draftOf({ ...ref, identity: 'key' }, { existing: true, superseded })
      const at = now()
      const same = await unchanged(draft, at)
      if (same) return same
      return (await store.devices.register(draft, { at, cause: ref.cause }))?.device ?? null
    },

    find: (ref) => store.devices.findByKey(keyOf(ref), now()),

    async update(ref) {
      const at = now()
      const device = await store.devices.findByKey(keyOf(ref), at)
      if (!device || (device.supersededAt !== null && !ref.superseded)) return null
      if (patchHolds(device, ref.patch)) return device
      return store.devices.update(keyOf(ref), ref.patch, at, ref.announce)
    },

    detach: (ref) => store.devices.detach(keyOf(ref), { at: now(), cause: ref.cause }),
    unregister: (ref) => store.devices.remove(keyOf(ref), { at: now(), cause: ref.cause }),
  }
}

/** Whether a device already is what a registration would make it. */
function holds(device: Device, { platform, token, patch, topics }: RegistrationDraft): boolean {
  return (
    device.platform === platform &&
    device.supersededAt === null &&
    (token === null || tokenHolds(device, token)) &&
    patchHolds(device, patch) &&
    (topics?.when !== 'always' || topics.names.every((name) => device.topics.includes(name)))
  )
}

function tokenHolds({ pushToken }: Device, token: TokenDraft): boolean {
  return (
    pushToken !== null &&
    pushToken.state === 'live' &&
    pushToken.provider === token.provider &&
    pushToken.token === token.token &&
    (token.environment === 'unknown' || token.environment === pushToken.environment) &&
    (token.keys === null || sameDocument(token.keys, pushToken.keys))
  )
}

function patchHolds(device: Device, { user, enabled, expiresAt, details, ...profile }: DevicePatch): boolean {
  return (
    (user === undefined ||
      (user?.id === device.user?.id && (user?.proved ?? false) === (device.user?.proved ?? false))) &&
    (enabled === undefined || enabled === device.enabled) &&
    (expiresAt === undefined || expiresAt?.getTime() === device.expiresAt?.getTime()) &&
    Object.entries(details ?? {}).every(([name, value]) =>
      sameDocument(value ?? null, device.details[name] ?? null),
    ) &&
    PROFILE_FIELDS.every((field) => profile[field] === undefined || profile[field] === device[field])
  )
}

/** Equal as JSON text; two orders of one document count as different, which costs a write and nothing else. */
const sameDocument = (left: unknown, right: unknown): boolean =>
  JSON.stringify(left) === JSON.stringify(right)
