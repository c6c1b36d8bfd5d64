import { GatewayError } from '../../src/domain/error.ts'
import type { JobItem, JobProgress } from '../../src/domain/job.ts'
import type { TagChange } from '../../src/domain/tag.ts'
import type { JobRegistration, JobRow } from '../../src/gateway/jobs.ts'
import { emailAddress, externalIdOf, smsNumber, whatsappNumber } from './address.ts'
import { EMAIL, isAddress, knownType, platformOf, pushTokenOf, SMS, WHATSAPP } from './device-types.ts'
import { argument } from './errors.ts'
import { normalLanguage } from './profile.ts'
import { HWID, PUSH_TOKEN } from './registration.ts'
import { isObject, type Json, required, text } from './request.ts'
import { firstInstall, isSystemTag } from './system-tags.ts'
import { candidates, NO_TAGS, type TagRequest, tagRequest } from './tags.ts'

/** Most rows of one request (section 10: at least 1,000). */
export const MOST_ROWS = 10_000

/** A row as an ordinary registration, or why it fails; whatever is wrong with it, the others go on. */
export function bulkRow(row: unknown, now: Date): JobRow {
  const label = isObject(row) && typeof row.hwid === 'string' ? row.hwid : ''
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
  const token = rowToken(type, hwid, row)
  return {
    externalId: externalIdOf(isAddress(type) ? token : hwid),
    platform: platformOf(type),
    pushToken: pushTokenOf(type, token, row),
    patch: { ...tags.profile, details: { deviceType: type } },
    tags: tags.changes,
    firstTags: [firstInstall(now)],
  }
}

/** Of an address the token is the address itself; every other device needs one. */
function rowToken(type: number, hwid: string, row: Json): string {
  const given = text(row, 'push_token', PUSH_TOKEN)
  if (type === EMAIL) return emailAddress(given !== undefined && !hwid.includes('@') ? given : hwid)
  if (type === SMS) return smsNumber(hwid)
  if (type === WHATSAPP) return whatsappNumber(hwid)
  if (given === undefined) throw argument('push_token is required')
  return given
}

function rowTags({ tags, list_operator: operator }: Json): TagRequest {
  const known = [undefined, null, '', 'set', 'append', 'remove']
  if (!known.some((one) => one === operator)) throw argument('list_operator is unknown')
  if (tags === undefined || tags === null) return NO_TAGS
  if (!isObject(tags)) throw argument('tags must be an object')
  const named = Object.fromEntries(Object.entries(tags).map(systemNamed))
  const request = tagRequest(named)
  if (operator !== 'append' && operator !== 'remove') return request
  const changes = request.changes.flatMap((change) => listed(change, operator, named[change.name]))
  // What makes a list goes first, so that the other forms of the same change find it one.
  const order = ['append', 'subtract', 'set', 'increment', 'remove', 'default']
  changes.sort((left, right) => order.indexOf(left.do) - order.indexOf(right.do))
  return { ...request, changes }
}

/** `language` is the system tag (section 10), in the form that registrations give it. */
function systemNamed([name, value]: [string, unknown]): [string, unknown] {
  if (name !== 'language' || typeof value !== 'string')
    return [name === 'language' ? 'Language' : name, value]
  return ['Language', normalLanguage(value) ?? value]
}

/** The operator is for lists alone: a tag of another type is set, a new one becomes a list. */
function listed(change: TagChange, operator: 'append' | 'remove', value: unknown): TagChange[] {
  const { name } = change
  if (change.do !== 'set' || isObject(value)) return [change]
  const list = candidates(value).find(({ type }) => type === 'list')
  if (!list || (isSystemTag(name) && change.as[0]?.type !== 'list')) return [change]
  const others = change.as.filter(({ type }) => type !== 'list')
  const set: TagChange[] = others.length > 0 ? [{ ...change, as: others }] : []
  if (operator === 'append') return [{ name, do: 'append', as: [list] }, ...set]
  const none = { type: 'list', value: [] }
  return [{ name, do: 'append', as: [none] }, { name, do: 'subtract', as: [list] }, ...set]
}

/** Section 10: rows that failed count as handled. */
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
