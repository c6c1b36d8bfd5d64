import { isNothing } from '../domain/absent.ts'
import type { DialectApp } from '../domain/app.ts'
import type { Device, Platform } from '../domain/device.ts'
import type { ClientDeviceFilter } from '../domain/device-list.ts'
import { type DevicePatch, patchHolds } from '../domain/device-patch.ts'
import { appGone, GatewayError } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { OffsetPage } from '../domain/page.ts'
import type { PushTokenDraft } from '../domain/push-token.ts'
import type { WebhookDialects } from '../domain/webhook.ts'
import type { DeviceLists, RegistrationDraft, RegistrationOutcome, Seen, Store } from '../store/store.ts'
import type { ActivityLog, Happened } from './activity.ts'
import { createClientList } from './client-list.ts'
import { deviceDrafts, type Registration, storable } from './device-drafts.ts'
import { type DeviceRef, keyOf, registeredKey, UNKNOWN_CAUSE } from './device-key.ts'
import { holds, mustBeWritten } from './unchanged.ts'

export type { DevicePatch } from '../domain/device-patch.ts'
export type { Registration } from './device-drafts.ts'
export type { DeviceRef } from './device-key.ts'

/** An unchanged device contains only the lists that the registration asked for. */
export type Registered = RegistrationOutcome

export interface Devices {
  /**
   * Registers a device; always succeeds for a known app. Costs one read if nothing changed, otherwise a read and a
   * write. Throws `app_unknown` if the app was removed since its look-up, `invalid` for an empty id or token (R19),
   * `limit` for too many topics, `device_limit` for a new device of an app that has as many as it may; then nothing was
   * written.
   */
  register(registration: Registration): Promise<Registered>
  /**
   * Replaces a device's token (identity R4, R5); without a token the device keeps its own. Null for an unknown device
   * and, unless `superseded` is set, for a superseded one; if it is set, the device becomes current again.
   */
  rotate(
    ref: DeviceRef & {
      readonly platform: Platform
      readonly platformWhen?: Registration['platformWhen']
      readonly pushToken?: PushTokenDraft | undefined
      /** The id of the push token that the device must still hold; if it does not, the token is not replaced. */
      readonly holding?: string | undefined
      readonly patch?: DevicePatch | undefined
      readonly superseded?: boolean
      readonly cause: string
    },
  ): Promise<Device | null>
  /**
   * Null for an unknown device. Also finds superseded devices (see `supersededAt`). A shared id is only found together
   * with its token (identity R21).
   */
  find(ref: DeviceRef & { readonly pushToken?: PushTokenDraft | undefined }): Promise<Device | null>
  /** Devices whose external id starts with the prefix, in byte order. */
  findByPrefix(query: {
    readonly app: DialectApp
    readonly prefix: string
    readonly limit: number
  }): Promise<readonly Device[]>
  /**
   * Null for an unknown device and, if `superseded` is false, for a superseded one. If nothing differs, at most
   * `lastSeenAt` is written.
   */
  update(
    ref: DeviceRef & {
      readonly patch: DevicePatch
      readonly superseded: boolean
      readonly cause?: string
    },
  ): Promise<Device | null>
  /** Removes the token, keeps the device. False for an unknown device. */
  detach(ref: DeviceRef & { readonly cause: string }): Promise<boolean>
  /**
   * Removes the device and its data (identity R9, R10). False for an unknown device and, if `userId` is set, for
   * another user's device.
   */
  unregister(
    ref: DeviceRef & { readonly userId?: string | undefined; readonly cause: string },
  ): Promise<boolean>
  /**
   * Current devices in the app's dialect, newest first, then by id, without topics and tags; `total` is null unless
   * `counted` is set.
   */
  list(
    query: { readonly app: DialectApp } & ClientDeviceFilter & OffsetPage,
  ): Promise<{ devices: readonly Device[]; total: number | null }>
}

/** How often an app start that changes nothing updates `lastSeenAt`, in milliseconds (identity R1). */
const SEEN_EVERY = 3_600_000

interface Deps {
  readonly store: Store
  readonly now: Clock
  readonly ids: Ids
  readonly webhookDialects: WebhookDialects
  readonly activity: Pick<ActivityLog, 'note'>
}

export function createDevices({ store, now, ids, webhookDialects, activity }: Deps): Devices {
  const hasWebhooks = (dialect: string) => {
    const terms = webhookDialects.get(dialect)
    return terms !== undefined && !terms.messagesOnly
  }
  const { tokenDraft, draftOf } = deviceDrafts(ids, hasWebhooks)
  const seen = noting(store)

  /** The stored device, unless the call writes in any case; then a read is not worth the round trip. */
  const look = async (draft: RegistrationDraft, at: Date, lists?: DeviceLists): Promise<Seen | undefined> =>
    draft.job || draft.tags.some(mustBeWritten) ? undefined : store.devices.look(draft, at, lists)

  /** The device, if the draft would not change it, else null. */
  const unchanged = (draft: RegistrationDraft, device: Device | null | undefined, at: Date) =>
    device && holds(device, draft) ? seen(device, at, draft.token !== null) : null

  return {
    async register(registration) {
      const draft = draftOf(registration, false)
      const at = now()
      const before = await look(draft, at, neededLists(draft, registration))
      const same = await unchanged(draft, before?.device, at)
      if (same) {
        activity.note(registrationOf(same, false))
        return { device: asSent(same, registration), created: false, skippedTags: [] }
      }
      const registered = await store.devices.register(draft, { at, cause: registration.cause }, before)
      // App look-ups are cached: the app, or its dialect, may have been removed meanwhile.
      if (!registered) throw appGone()
      if (registered === 'full') throw noRoom()
      if (registered === 'limit') throw new GatewayError('limit', 'The device would have too many topics.')
      activity.note(registrationOf(registered.device, registered.created))
      return { ...registered, device: asSent(registered.device, registration) }
    },

    async rotate({ superseded = false, holding, ...ref }) {
      if (!ref.pushToken && keyOf(ref).externalId === '') return null
      const draft = { ...draftOf({ ...ref, identity: 'key' }, true), superseded, holding }
      const at = now()
      const before = await look(draft, at)
      const same = await unchanged(draft, before?.device, at)
      if (same) return asSent(same, ref)
      const rotated = await store.devices.register(draft, { at, cause: ref.cause }, before)
      if (rotated === 'full') throw noRoom()
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
      const occasion = { at, cause: ref.cause ?? UNKNOWN_CAUSE }
      return store.devices.update(
        keyOf(ref),
        patch,
        occasion,
        hasWebhooks(ref.app.dialect),
        ref.app.app.limits,
      )
    },

    detach: (ref) => store.devices.detach(keyOf(ref), { at: now(), cause: ref.cause }),
    unregister: (ref) => store.devices.remove(keyOf(ref), { at: now(), cause: ref.cause }, ref.userId),
    list: createClientList({ store, now }),
  }
}

/** Records an imported device's first call. Updates `lastSeenAt` and the named token's `registeredAt` hourly (R1, R11). */
const noting = (store: Store) =>
  async function seen(device: Device, at: Date, namesToken: boolean): Promise<Device> {
    const { pushToken, lastSeenAt } = device
    const unmet = device.liveAt === null
    const due = (noted: Date) => at.getTime() - noted.getTime() >= SEEN_EVERY
    const registered = namesToken && pushToken !== null && due(pushToken.registeredAt)
    if (!registered && !due(lastSeenAt) && !unmet) return device
    await store.devices.touch(device.id, at, namesToken)
    return {
      ...device,
      lastSeenAt: at,
      liveAt: device.liveAt ?? at,
      ...(registered && { pushToken: { ...pushToken, registeredAt: at } }),
    }
  }

const noRoom = () => new GatewayError('device_limit', 'The app has as many devices as its limit allows.')

const registrationOf = (
  { appId, dialect, platform, id, externalId }: Device,
  created: boolean,
): Happened => ({
  ...{ kind: created ? 'registered' : 'refreshed', app: appId, dialect, facet: platform },
  device: { id, externalId },
})

/** The lists that the answer shows or the registration may change. */
const neededLists = ({ topics, tags }: RegistrationDraft, { lists }: Registration): DeviceLists => ({
  topics: lists?.topics !== false || topics?.when === 'always',
  tags: lists?.tags !== false || tags.length > 0,
})

/** Shows the device under the id that the caller sent, even if many devices share it (identity R21). */
const asSent = (
  device: Device,
  {
    externalId,
    identity,
  }: Pick<Registration, 'externalId'> & { readonly identity?: Registration['identity'] },
): Device => (identity === 'token' || device.externalId === externalId ? device : { ...device, externalId })
