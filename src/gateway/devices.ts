import type { DialectApp } from '../domain/app.ts'
import { type Device, type DeviceKey, type Platform, PROFILE_FIELDS } from '../domain/device.ts'
import type { ClientDeviceFilter, OffsetPage } from '../domain/device-list.ts'
import { GatewayError } from '../domain/error.ts'

import type { Clock, Ids } from '../domain/ids.ts'
import type { JobItemRef } from '../domain/job.ts'
import { comparedForm, type PushTokenDraft } from '../domain/push-token.ts'
import { boundedChanges, type Tag, type TagChange } from '../domain/tag.ts'
import type { TopicPolicy } from '../domain/topic.ts'
import { sha256Hex } from '../secrets/hash.ts'
import type {
  DevicePatch,
  RegistrationDraft,
  RegistrationOutcome,
  Store,
  TokenDraft,
} from '../store/store.ts'

export type { DevicePatch } from '../store/store.ts'

/** A registration as a dialect understands it (identity.md R1 to R7, R9, R16 to R20). */
export interface Registration {
  readonly app: DialectApp
  /** The device's id in its dialect or, where a device is its token, the id it gets should it be new. */
  readonly externalId: string
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

export type Registered = RegistrationOutcome

/** A device named by its app and its id in the app's dialect. */
export interface DeviceRef {
  readonly app: DialectApp
  readonly externalId: string
}

export interface Devices {
  /**
   * Registers; always succeeds for a known app. Costs one read where nothing changed, one more write otherwise. Throws
   * `app_unknown` where the app has gone since it was looked up, `invalid` where an id or a token is empty (R19).
   */
  register(registration: Registration): Promise<Registered>
  /**
   * Gives a device another token (identity R4, R5). Null for an unknown device and, unless `superseded`, for a
   * superseded one, which else is current again. Without a token it keeps the one that it has, or none.
   */
  rotate(
    ref: DeviceRef & {
      readonly platform: Platform
      readonly platformWhen?: Registration['platformWhen']
      readonly pushToken?: PushTokenDraft | undefined
      /** The id of the push token that the device must still hold to be given the other one. */
      readonly holding?: string | undefined
      readonly patch?: DevicePatch | undefined
      readonly superseded?: boolean
      readonly announce?: boolean | undefined
      readonly cause: string
    },
  ): Promise<Device | null>
  /** Null for an unknown device. A superseded one is found; `supersededAt` says so. */
  find(ref: DeviceRef): Promise<Device | null>
  /** Devices whose external id begins so, in byte order. */
  findByPrefix(of: {
    readonly app: DialectApp
    readonly prefix: string
    readonly limit: number
  }): Promise<readonly Device[]>
  /**
   * Null for an unknown device and, where `superseded` is false, for a superseded one. Where nothing differs, it is at
   * most noted as seen.
   */
  update(
    ref: DeviceRef & {
      readonly patch: DevicePatch
      readonly superseded: boolean
      readonly announce?: boolean | undefined
      readonly cause?: string
    },
  ): Promise<Device | null>
  /** Takes the token, keeps the device. False for an unknown device. */
  detach(ref: DeviceRef & { readonly cause: string }): Promise<boolean>
  /**
   * Removes the device and all that hangs on it (identity R9, R10). False for an unknown device and, where a user is
   * given, for one that is not this user's.
   */
  unregister(
    ref: DeviceRef & { readonly userId?: string | undefined; readonly cause: string },
  ): Promise<boolean>
  /** Current devices of the app's dialect, newest first, then by id; `total` is null where it was not asked for. */
  list(
    of: { readonly app: DialectApp } & ClientDeviceFilter & OffsetPage,
  ): Promise<{ devices: readonly Device[]; total: number | null }>
}

/** Identity R1: an app start that changes nothing is noted no more often. */
const SEEN_EVERY = 3_600_000

/** In the history, where a dialect does not say which request asked for a change. */
export const UNKNOWN_CAUSE = 'unknown'

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

  /** An empty string is absent (identity R19), and what may not be absent is refused. */
  function draftOf(of: Registration, existing: boolean): RegistrationDraft {
    const token = of.pushToken && of.pushToken.token !== '' ? tokenDraft(of.pushToken) : null
    if (of.externalId === '') throw absent('A device id', 'externalId')
    if (!token && (of.identity === 'token' || (existing && of.pushToken)))
      throw absent('A push token', 'pushToken')
    return {
      key: keyOf(of),
      deviceId: ids.row(),
      identity: of.identity,
      existing,
      platform: of.platform,
      keepPlatform: of.platformWhen === 'created',
      token,
      patch: of.patch ? withoutEmptyUser(of.patch) : {},
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

  /** The device that a draft leaves as it is, or null: a short cut only, no decision rests on it. */
  async function unchanged(draft: RegistrationDraft, at: Date): Promise<Device | null> {
    if (draft.job || draft.tags.some(mustBeWritten)) return null
    const device =
      draft.identity === 'token' && draft.token
        ? await store.devices.findByToken(draft.key, draft.token, at)
        : await store.devices.findByKey(draft.key, at)
    return device && holds(device, draft) ? seen(device, at) : null
  }

  async function seen(device: Device, at: Date): Promise<Device> {
    if (at.getTime() - device.lastSeenAt.getTime() < SEEN_EVERY) return device
    await store.devices.touch(device.id, at)
    return { ...device, lastSeenAt: at }
  }

  return {
    async register(registration) {
      const draft = draftOf(registration, false)
      const at = now()
      const same = await unchanged(draft, at)
      if (same) return { device: same, created: false, skippedTags: [] }
      const registered = await store.devices.register(draft, { at, cause: registration.cause })
      // The look-up of an app is cached: meanwhile it may have gone, or stopped speaking the dialect.
      if (!registered) throw new GatewayError('app_unknown', 'There is no such app any more.')
      return registered
    },

    async rotate({ superseded = false, holding, ...ref }) {
      const draft = { ...draftOf({ ...ref, identity: 'key' }, true), superseded, holding }
      const at = now()
      const same = await unchanged(draft, at)
      if (same) return same
      return (await store.devices.register(draft, { at, cause: ref.cause }))?.device ?? null
    },

    find: (ref) => store.devices.findByKey(keyOf(ref), now()),

    findByPrefix: ({ app, prefix, limit }) =>
      store.devices.findByPrefix({ appId: app.app.id, dialect: app.dialect }, prefix, { now: now(), limit }),

    async update(ref) {
      const at = now()
      const device = await store.devices.findByKey(keyOf(ref), at)
      if (!device || (device.supersededAt !== null && !ref.superseded)) return null
      const patch = withoutEmptyUser(ref.patch)
      if (patchHolds(device, patch)) return seen(device, at)
      return store.devices.update(keyOf(ref), patch, { at, cause: ref.cause ?? UNKNOWN_CAUSE }, ref.announce)
    },

    detach: (ref) => store.devices.detach(keyOf(ref), { at: now(), cause: ref.cause }),
    unregister: (ref) => store.devices.remove(keyOf(ref), { at: now(), cause: ref.cause }, ref.userId),
    list: ({ app, user, platform, active, ...page }) =>
      store.devices.list(
        { appId: app.app.id, dialect: app.dialect },
        { user, platform, active },
        page,
        now(),
      ),
  }
}

const absent = (what: string, at: string) => new GatewayError('invalid', `${what} is required.`, { at })

function withoutEmptyUser(patch: DevicePatch): DevicePatch {
  if (patch.user?.id !== '') return patch
  const { user, ...rest } = patch
  return rest
}

/** Whether a device already is what a registration would make it. */
function holds(device: Device, draft: RegistrationDraft): boolean {
  const { platform, keepPlatform, token, patch, topics, tags } = draft
  return (
    (keepPlatform || device.platform === platform) &&
    device.supersededAt === null &&
    (token === null || tokenHolds(device, token)) &&
    patchHolds(device, patch) &&
    tags.every((change) => tagHolds(device, change)) &&
    (topics?.when !== 'always' || topics.names.every((name) => device.topics.includes(name)))
  )
}

/** Whether a change does something whatever the device's tags are. */
const mustBeWritten = (change: TagChange): boolean =>
  change.do !== 'default' && (change.do !== 'set' || change.stamped === true)

function tagHolds({ tags }: Device, change: TagChange): boolean {
  if (!Object.hasOwn(tags, change.name)) return false
  if (change.do === 'default') return true
  return change.do === 'set' && change.as.some(({ value }) => sameDocument(value, tags[change.name]))
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

function patchHolds(device: Device, patch: DevicePatch): boolean {
  const { user, enabled, expiresAt, details, ifNone, ...profile } = patch
  return (
    (ifNone?.user === undefined || device.user !== null) &&
    (ifNone?.language === undefined || device.language !== null) &&
    (user === undefined ||
      (user?.id === device.user?.id && (user?.proved ?? false) === (device.user?.proved ?? false))) &&
    (enabled === undefined || enabled === device.enabled) &&
    (expiresAt === undefined || expiresAt?.getTime() === device.expiresAt?.getTime()) &&
    Object.entries(details ?? {}).every(([name, value]) =>
      sameDocument(value ?? null, Object.hasOwn(device.details, name) ? device.details[name] : null),
    ) &&
    PROFILE_FIELDS.every((field) => profile[field] === undefined || profile[field] === device[field])
  )
}

/** Equal as JSON text; two orders of one document count as different, which costs a write and nothing else. */
const sameDocument = (left: unknown, right: unknown): boolean =>
  JSON.stringify(left) === JSON.stringify(right)
