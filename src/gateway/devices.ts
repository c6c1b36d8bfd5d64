import { isNothing } from '../domain/absent.ts'
import type { DialectApp } from '../domain/app.ts'
import type { Device, Platform } from '../domain/device.ts'
import type { ClientDeviceFilter, OffsetPage } from '../domain/device-list.ts'
import { appGone, GatewayError } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { PushTokenDraft } from '../domain/push-token.ts'
import type { DevicePatch, RegistrationDraft, RegistrationOutcome, Store } from '../store/store.ts'
import { createClientList } from './client-list.ts'
import { deviceDrafts, type Registration, storable } from './device-drafts.ts'
import { type DeviceRef, keyOf, registeredKey } from './device-key.ts'
import { holds, mustBeWritten, patchHolds } from './unchanged.ts'

export type { DevicePatch } from '../store/store.ts'
export type { Registration } from './device-drafts.ts'
export type { DeviceRef } from './device-key.ts'

export type Registered = RegistrationOutcome

export interface Devices {
  /**
   * Registers; always succeeds for a known app. Costs one read where nothing changed, one more write otherwise. Throws
   * `app_unknown` where the app has gone since it was looked up, `invalid` where an id or a token is empty (R19), `limit`
   * where listed topics would be too many; then nothing has happened.
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
  /**
   * Null for an unknown device. A superseded one is found; `supersededAt` says so. Of an id that many phones have only a
   * token that comes with it tells whose it is (identity R21).
   */
  find(ref: DeviceRef & { readonly pushToken?: PushTokenDraft | undefined }): Promise<Device | null>
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
  /**
   * Current devices of the app's dialect, newest first, then by id, without their topics and tags; `total` is null where
   * it was not asked for.
   */
  list(
    of: { readonly app: DialectApp } & ClientDeviceFilter & OffsetPage,
  ): Promise<{ devices: readonly Device[]; total: number | null }>
}

/** Identity R1: an app start that changes nothing is noted no more often. */
const SEEN_EVERY = 3_600_000

/** In the history, where a dialect does not say which request asked for a change. */
export const UNKNOWN_CAUSE = 'unknown'

export function createDevices({ store, now, ids }: { store: Store; now: Clock; ids: Ids }): Devices {
  const { tokenDraft, draftOf } = deviceDrafts(ids)

  /** The device that a draft leaves as it is, or null: a short cut only, no decision rests on it. */
  async function unchanged(draft: RegistrationDraft, at: Date): Promise<Device | null> {
    if (draft.job || draft.tags.some(mustBeWritten)) return null
    const device =
      draft.identity === 'token' && draft.token
        ? await store.devices.findByToken(draft.key, draft.token, at)
        : await store.devices.findByKey(draft.key, at)
    return device && holds(device, draft) ? seen(device, at, draft.token !== null) : null
  }

  /** Notes the call at most once an hour and, where it names the token, the registration (identity R1, R11). */
  async function seen(device: Device, at: Date, namesToken: boolean): Promise<Device> {
    const { pushToken, lastSeenAt } = device
    const due = (noted: Date) => at.getTime() - noted.getTime() >= SEEN_EVERY
    const registered = namesToken && pushToken !== null && due(pushToken.registeredAt)
    if (!registered && !due(lastSeenAt)) return device
    await store.devices.touch(device.id, at, namesToken)
    return { ...device, lastSeenAt: at, ...(registered && { pushToken: { ...pushToken, registeredAt: at } }) }
  }

  return {
    async register(registration) {
      const draft = draftOf(registration, false)
      const at = now()
      const same = await unchanged(draft, at)
      if (same) return { device: asSent(same, registration), created: false, skippedTags: [] }
      const registered = await store.devices.register(draft, { at, cause: registration.cause })
      // The look-up of an app is cached: meanwhile it may have gone, or stopped speaking the dialect.
      if (!registered) throw appGone()
      if (registered === 'limit') throw new GatewayError('limit', 'The device would have too many topics.')
      return { ...registered, device: asSent(registered.device, registration) }
    },

    async rotate({ superseded = false, holding, ...ref }) {
      if (!ref.pushToken && keyOf(ref).externalId === '') return null
      const draft = { ...draftOf({ ...ref, identity: 'key' }, true), superseded, holding }
      const at = now()
      const same = await unchanged(draft, at)
      if (same) return asSent(same, ref)
      const rotated = await store.devices.register(draft, { at, cause: ref.cause })
      return rotated === null || rotated === 'limit' ? null : asSent(rotated.device, ref)
    },

    async find({ pushToken, ...ref }) {
      const named = pushToken !== undefined && !isNothing(pushToken.token) && !isNothing(ref.externalId)
      return store.devices.findByKey(named ? registeredKey(ref, tokenDraft(pushToken)) : keyOf(ref), now())
    },

    findByPrefix: ({ app, prefix, limit }) =>
      store.devices.findByPrefix({ appId: app.app.id, dialect: app.dialect }, prefix, { now: now(), limit }),

    async update(ref) {
      const at = now()
      const device = await store.devices.findByKey(keyOf(ref), at)
      if (!device || (device.supersededAt !== null && !ref.superseded)) return null
      const patch = storable(ref.patch)
      if (patchHolds(device, patch)) return seen(device, at, false)
      return store.devices.update(keyOf(ref), patch, { at, cause: ref.cause ?? UNKNOWN_CAUSE }, ref.announce)
    },

    detach: (ref) => store.devices.detach(keyOf(ref), { at: now(), cause: ref.cause }),
    unregister: (ref) => store.devices.remove(keyOf(ref), { at: now(), cause: ref.cause }, ref.userId),
    list: createClientList({ store, now }),
  }
}

/** The caller's own name for a device, also where many share it (identity R21). */
const asSent = (
  device: Device,
  {
    externalId,
    identity,
  }: Pick<Registration, 'externalId'> & { readonly identity?: Registration['identity'] },
): Device => (identity === 'token' || device.externalId === externalId ? device : { ...device, externalId })
