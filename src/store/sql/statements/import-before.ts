/** The stored state before a row of an import, as recorded in its event, so that the event alone can undo the row. */
import { PROFILE_FIELDS } from '../../../domain/device.ts'
import { arrayOf, elements, item, json, member, object, objectOf } from '../forms.ts'
import { devices, importRows, subscriptions, tags } from '../tables.ts'
import { sql } from '../template.ts'

const s = importRows.as('s')
const d = devices.as('d')
const n = subscriptions.as('n')
const arriving = item('arriving')
const there = tags.as('there')
const topicOf = member(arriving.value, '$.t')
const tagOf = member(arriving.value, '$.name')
/** The topics of a row that its device lacks, and the stored values of the row's tags; null for none. */
const comingTopics = sql`(SELECT ${arrayOf(topicOf)} FROM ${elements(s.topics)} arriving
  WHERE ${topicOf} NOT IN (SELECT ${n.topic} FROM ${n} WHERE ${n.device} = ${d.number}))`
const tagsBefore = sql`(SELECT ${objectOf(
  tagOf,
  sql`coalesce((SELECT ${object({ type: there.type, value: there.value })} FROM ${there} WHERE ${there.deviceId} = ${d.id} AND ${there.name} = ${tagOf}), 'null')`,
)} FROM ${elements(s.tags)} arriving)`
const before = object({
  ...Object.fromEntries(PROFILE_FIELDS.map((name) => [name, d[name]])),
  externalId: d.externalId,
  platform: d.platform,
  enabled: d.enabled,
  expiresAt: d.expiresAt,
  details: d.details,
  importKey: d.importKey,
  importedAt: d.importedAt,
  liveAt: d.liveAt,
  supersededAt: d.supersededAt,
  lastSeenAt: d.lastSeenAt,
})

/** For the device `d` of the row `s`. */
export const foundBefore = {
  before: json(before),
  topics: json(comingTopics),
  tags: json(tagsBefore),
} as const
