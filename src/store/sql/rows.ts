import type { Device } from '../../domain/device.ts'
import type { Environment, Provider, PushToken, TokenState } from '../../domain/push-token.ts'

/** A device as SQL returns it: times in milliseconds, documents as JSON text. */
export interface DeviceRow {
  id: string
  app_id: string
  dialect: string
  external_id: string
  platform: string
  user_id: string | null
  user_proved: number
  enabled: number
  superseded_at: number | null
  expires_at: number | null
  name: string | null
  model: string | null
  os_version: string | null
  app_version: string | null
  sdk_version: string | null
  language: string | null
  timezone: string | null
  details: string
  created_at: number
  updated_at: number
  last_seen_at: number
  token_id: string | null
  provider: string | null
  token: string | null
  environment: string | null
  keys: string | null
  state: string | null
  state_at: number | null
  registered_at: number | null
  delivered_at: number | null
  topics: string
  topic_ids: string
  tags: string
}

const time = (milliseconds: number | null): Date | null =>
  milliseconds === null ? null : new Date(milliseconds)

/** The domain value of a row. The closed unions were checked on their way in. */
export function toDevice(row: DeviceRow): Device {
  const topics: string[] = JSON.parse(row.topics)
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
    details: JSON.parse(row.details),
    topics,
    subscriptionIds: idsByTopic(topics, JSON.parse(row.topic_ids)),
    tags: JSON.parse(row.tags),
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    lastSeenAt: new Date(row.last_seen_at),
  }
}

/** All of a device's subscriptions have an id, or none has. */
const idsByTopic = (topics: readonly string[], ids: readonly string[]): ReadonlyMap<string, string> =>
  new Map(ids.flatMap((id, at) => [[topics[at] ?? '', id] as const]))

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
