import type { Event } from '../domain/event.ts'
import type { FeedItem } from '../domain/feed.ts'
import type { FeedHook, Letter, LetterRef } from '../domain/feed-hook.ts'
import type { Answer } from './answers/answer.ts'
import type * as A from './answers/index.ts'
import { presentDevice } from './present.ts'
import { CURSORS } from './schema.ts'

/** An event with its device's current state: all members of an export, and the state of the token. */
export function presentFeedItem({ event, device, place }: FeedItem): Answer<typeof A.FeedEvent> {
  const { kind, cause, at, dialect, deviceId, externalId } = event
  return {
    cursor: CURSORS.events.encode(place),
    kind,
    cause,
    at: at.toISOString(),
    dialect,
    deviceId: device?.id ?? deviceId,
    externalId: device?.externalId ?? externalId,
    detail: detailOf(event, device !== null),
    device: device && {
      ...presentDevice(device),
      tokenState: device.pushToken?.state ?? null,
      keys: device.pushToken?.keys ?? null,
      enabled: device.enabled,
      details: { ...device.details },
      subscriptionIds: Object.fromEntries(device.subscriptionIds),
      expiresAt: device.expiresAt?.toISOString() ?? null,
    },
  }
}

/** Empty if the device was removed. The user is included only if the event changed it. */
function detailOf({ kind, deviceId, detail }: Event, isThere: boolean): Record<string, unknown> {
  if (deviceId !== null && !isThere) return {}
  const { userId, ...rest } = detail as { readonly userId?: unknown }
  return kind === 'userChanged' ? { ...detail } : rest
}

/** A feed receiver without its secret. */
export function presentFeedWebhook(hook: FeedHook, now: Date): Answer<typeof A.FeedWebhook> {
  const { id, name, url, kinds, stopped, waiting, dead, delivered, failures, last } = hook
  return {
    ...{ id, name, url, events: kinds && [...kinds], stopped, waiting, dead, delivered, failures },
    cursor: CURSORS.events.encode(hook.place),
    failingSince: hook.failingSince?.toISOString() ?? null,
    restingUntil: failures > 0 && hook.dueAt > now ? hook.dueAt.toISOString() : null,
    last: last && { ...last, at: last.at.toISOString() },
    createdAt: hook.createdAt.toISOString(),
    updatedAt: hook.updatedAt.toISOString(),
  }
}

export function presentDelivery(letter: Letter): Answer<typeof A.Delivery> {
  const { event, part, kind, device, dead, tries, status, error, at, triedAt, dueAt } = letter
  return {
    ...{ id: part === '' ? String(event) : `${event}-${part}`, kind, tries, status, error },
    state: dead ? 'dead' : 'waiting',
    deviceId: device === '' ? null : device,
    after: CURSORS.events.encode([0, event - 1, '']),
    at: at.toISOString(),
    triedAt: triedAt?.toISOString() ?? null,
    dueAt: dueAt?.toISOString() ?? null,
  }
}

/** The event that a delivery id names; null for an invalid id. */
export function deliveryRef(id: string): LetterRef | null {
  const [, event, part = ''] = /^([1-9]\d{0,14})(?:-([\w-]{1,100}))?$/.exec(id) ?? []
  return event === undefined ? null : { event: Number(event), part }
}
