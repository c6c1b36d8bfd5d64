import type { Event } from '../domain/event.ts'
import type { FeedItem } from '../domain/feed.ts'
import type { Answer } from './answers/answer.ts'
import type * as A from './answers/index.ts'
import { presentDevice } from './present.ts'
import { CURSORS } from './schema.ts'

/** An event with the device as it is by now: all that an export has of it, and the state of its token. */
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

/** Of a device that has gone, nothing of what it was; and whose it was, only where that changed. */
function detailOf({ kind, deviceId, detail }: Event, isThere: boolean): Record<string, unknown> {
  if (deviceId !== null && !isThere) return {}
  const { userId, ...rest } = detail as { readonly userId?: unknown }
  return kind === 'userChanged' ? { ...detail } : rest
}
