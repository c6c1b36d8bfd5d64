import { PLATFORMS, type Platform, PROFILE_FIELDS } from '../../domain/device.ts'
import { type Environment, PROVIDERS, type Provider } from '../../domain/push-token.ts'
import type { FileLine, Format, RawRow, RawTag } from '../format.ts'
import { isObject, type Json } from '../text/json.ts'

/** Tags with the types in the file. */
export function typedTags(tags: unknown, types: unknown): readonly RawTag[] | 'malformed' {
  if (tags === undefined || tags === null) return []
  if (!isObject(tags)) return 'malformed'
  const typeOf = isObject(types) ? types : {}
  return Object.entries(tags).map(([name, value]) => {
    const type = Object.hasOwn(typeOf, name) ? typeOf[name] : undefined
    return { name, value, ...(typeof type === 'string' && { type }) }
  })
}

/** A value of a closed list; null for an unknown value, undefined if it is absent. */
const oneOf = <Name extends string>(names: readonly Name[], value: unknown): Name | null | undefined => {
  if (value === undefined || value === null || value === '') return undefined
  return names.find((name) => name === value) ?? null
}

export const platformIn = (value: unknown): Platform | null => oneOf(PLATFORMS, value) ?? null
export const providerIn = (value: unknown): Provider | undefined => oneOf(PROVIDERS, value) ?? undefined
export const environmentIn = (value: unknown): Environment | undefined =>
  oneOf(['production', 'sandbox', 'unknown'] as const, value) ?? undefined

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Members with the same meaning in a line and in a table row. */
function rowOfMembers(line: Json): RawRow {
  const { keys, userId, userProved, enabled } = line
  return {
    dialect: text(line.dialect),
    externalId: line.externalId,
    token: line.token,
    platform: platformIn(line.platform),
    provider: providerIn(line.provider),
    environment: environmentIn(line.environment),
    keys: isObject(keys) ? { p256dh: keys.p256dh, auth: keys.auth } : undefined,
    userId,
    userProved: userProved === true,
    enabled: typeof enabled === 'boolean' ? enabled : undefined,
    profile: Object.fromEntries(PROFILE_FIELDS.map((name) => [name, line[name]])),
    details: line.details,
    expiresAt: line.expiresAt,
    supersededAt: line.supersededAt,
    createdAt: line.createdAt,
    lastSeenAt: line.lastSeenAt,
    asOf: line.asOf,
    topics: line.topics,
    subscriptionIds: isObject(line.subscriptionIds) ? line.subscriptionIds : undefined,
    tags: typedTags(line.tags, line.tagTypes),
    anyToken: line.tokenForm === 'any',
  }
}

function rowOf(line: Json): RawRow | FileLine {
  if (line.type === 'pushport-export') return { exportedAt: line.exportedAt }
  if (line.type === 'end') return { devices: typeof line.devices === 'number' ? line.devices : -1 }
  if (line.type !== undefined && line.type !== 'device') return { skip: 'unknown_type' }
  return rowOfMembers(line)
}

/** One device per line, with all its data (migration.md 2.7). */
export const ndjson: Format = {
  name: 'ndjson',
  shape: 'lines',
  foreign: false,
  read:
    () =>
    ({ value, fault }) =>
      fault ? { fault } : rowOf(isObject(value) ? value : {}),
}
