import type { Device } from '../../domain/device.ts'
import type { Event } from '../../domain/event.ts'
import type { Environment, Provider, PushToken, TokenState } from '../../domain/push-token.ts'
import type { DeviceRow } from './statements/device-view.ts'
import type { EventRow } from './statements/history.ts'

const time = (milliseconds: number | null): Date | null =>
  milliseconds === null ? null : new Date(milliseconds)

const NO_NAMES: readonly string[] = Object.freeze([])
const NO_IDS: ReadonlyMap<string, string> = new Map()

/** Most devices have no lists, or are read without them. */
const names = (text: string): readonly string[] => (text === '[]' ? NO_NAMES : JSON.parse(text))
const members = (text: string): Readonly<Record<string, unknown>> => (text === '{}' ? {} : JSON.parse(text))

/** Converts a row to the domain. Closed unions were checked before they were stored. */
export function toDevice(row: DeviceRow): Device {
  const topics = names(row.topics)
  return {
    id: row.id,
    appId: row.app_id,
    dialect: row.dialect,
    externalId: row.external_id,
    platform: row.platform as Device['platform'],
    pushToken: toPushToken(row),
    user: row.user_id === null ? null : { id: row.user_id, proved: row.user_proved === 1 },
    enabled: row.enabled === 1,
    supersededAt: time(row.superseded_at),
    expiresAt: time(row.expires_at),
    name: row.name,
    model: row.model,
    osVersion: row.os_version,
    appVersion: row.app_version,
    sdkVersion: row.sdk_version,
    language: row.language,
    timezone: row.timezone,
    details: members(row.details),
    topics,
    subscriptionIds: idsByTopic(topics, names(row.topic_ids)),
    tags: members(row.tags),
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    lastSeenAt: new Date(row.last_seen_at),
    importedAt: time(row.imported_at),
    // A device never named by an import has called by itself since it was created.
    liveAt: time(row.imported_at === null ? row.created_at : row.live_at),
  }
}

/** Either all subscriptions of a device have an id, or none has. */
const idsByTopic = (topics: readonly string[], ids: readonly string[]): ReadonlyMap<string, string> =>
  ids.length === 0 ? NO_IDS : new Map(ids.flatMap((id, at) => [[topics[at] ?? '', id] as const]))

function toPushToken(row: DeviceRow): PushToken | null {
  if (row.token_id === null) return null
  return {
    id: row.token_id,
    provider: row.provider as Provider,
    token: row.token ?? '',
    environment: row.environment as Environment,
    keys: row.keys === null ? null : JSON.parse(row.keys),
    state: row.state as TokenState,
    stateAt: new Date(row.state_at ?? 0),
    registeredAt: new Date(row.registered_at ?? 0),
    deliveredAt: time(row.delivered_at),
  }
}

/** Converts a row to the domain. Kind and detail are as they were stored. */
export const toEvent = (row: EventRow): Event =>
  ({
    appId: row.app_id,
    dialect: row.dialect,
    deviceId: row.device_id === '' ? null : row.device_id,
    externalId: row.external_id,
    kind: row.kind,
    cause: row.cause,
    detail: JSON.parse(row.detail),
    at: new Date(row.at),
  }) as Event
