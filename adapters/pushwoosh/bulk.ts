import { GatewayError } from '../../src/domain/error.ts'
import type { JobItem, JobProgress } from '../../src/domain/job.ts'
import type { TagChange, TagValue } from '../../src/domain/tag.ts'
import type { JobRegistration, JobRow } from '../../src/gateway/jobs.ts'
import { isObject, type Json } from '../../src/wire/json.ts'
import { knownType, platformOf, pushTokenOf } from './device-types.ts'
import { argument } from './errors.ts'
import { normalLanguage } from './profile.ts'
import { addressed, HWID, tagsObject } from './registration.ts'
import { required } from './request.ts'
import { firstInstall } from './system-tags.ts'
import { NO_TAGS, type TagRequest, tagRequest } from './tags.ts'

/** Most rows per request (section 10: at least 1,000). */
export const MOST_ROWS = 10_000

/** Parses a row into an ordinary registration, or the reason why it fails; other rows are not affected. */
export function bulkRow(row: unknown, now: Date): JobRow {
  const label = isObject(row) && typeof row.hwid === 'string' ? row.hwid.slice(0, HWID) : ''
  try {
    if (!isObject(row)) throw argument('a device must be an object')
    return { label, registration: registration(row, now) }
  } catch (error) {
    if (error instanceof GatewayError) return { label, reason: error.message }
    throw error
  }
}

function registration(row: Json, now: Date): JobRegistration {
  const hwid = required(row, 'hwid', HWID)
  const type = knownType(row.platform)
  if (type === undefined) throw argument('platform is missing or unknown')
  const tags = rowTags(row)
  const { externalId, token } = addressed(type, hwid, row)
  if (token === undefined) throw argument('push_token is required')
  return {
    externalId,
    platform: platformOf(type),
    pushToken: pushTokenOf(type, token, row),
    patch: { ...tags.profile, details: { deviceType: type } },
    tags: tags.changes,
    firstTags: [firstInstall(now)],
  }
}

function rowTags({ tags, list_operator: operator }: Json): TagRequest {
  const known = [undefined, null, '', 'set', 'append', 'remove']
  if (!known.some((one) => one === operator)) throw argument('list_operator is unknown')
  if (tags === undefined || tags === null) return NO_TAGS
  const named = Object.fromEntries(Object.entries(tagsObject(tags)).map(systemNamed))
  const request = tagRequest(named)
  if (operator !== 'append' && operator !== 'remove') return request
  const forms = request.changes.map((change) => listed(change, operator, named[change.name]))
  // First forms of all tags, then second forms, so that changes of different tags are applied together.
  const most = Math.max(0, ...forms.map(({ length }) => length))
  const changes = Array.from({ length: most }, (_, at) => forms.flatMap((some) => some.slice(at, at + 1)))
  return { ...request, changes: changes.flat() }
}

/** Maps `language` to the system tag (section 10), normalized as in registrations. */
function systemNamed([name, value]: [string, unknown]): [string, unknown] {
  if (name !== 'language' || typeof value !== 'string')
    return [name === 'language' ? 'Language' : name, value]
  return ['Language', normalLanguage(value) ?? value]
}

/**
 * The operator applies only to lists; tags of other types are set. Returns alternative forms, of which the tag's type
 * accepts one; a new tag gets the type of the first: a list for a text or an array, otherwise the value's own type.
 */
function listed(change: TagChange, operator: 'append' | 'remove', value: unknown): TagChange[] {
  if (change.do !== 'set' || isObject(value)) return [change]
  const list = change.as.find(({ type }) => type === 'list')
  if (!list) return [change]
  const { name, fixed = false } = change
  const others = change.as.filter(({ type }) => type !== 'list')
  const set: TagChange[] = others.length > 0 ? [{ ...change, as: others }] : []
  const append = (value: TagValue): TagChange => ({
    name,
    do: 'append',
    as: [{ type: 'list', value }],
    fixed,
  })
  const lists: TagChange[] =
    operator === 'append' ? [append(list.value)] : [append([]), { name, do: 'subtract', as: [list], fixed }]
  return typeof value === 'number' || typeof value === 'boolean' ? [...set, ...lists] : [...lists, ...set]
}

/** Failed rows count as handled (section 10). */
export function presentJob({ id, state, total, done, failed }: JobProgress, items?: readonly JobItem[]) {
  return {
    request_id: id,
    status: state === 'completed' ? 'Completed' : 'Pending',
    progress: state === 'completed' ? 100 : Math.floor((100 * (done + failed)) / Math.max(total, 1)),
    devices_success: done,
    ...(items && { devices: items.map(presentItem) }),
  }
}

const presentItem = ({ label, state }: JobItem) => ({
  hwid: label,
  status: state,
})
