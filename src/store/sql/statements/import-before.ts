/** The stored state before a row of an import, as recorded in its event, so that the event alone can undo the row. */
import { PROFILE_FIELDS } from '../../../domain/device.ts'
import { arrayOf, elements, item, json, member, object, objectOf } from '../forms.ts'
import { type Alias, devices, importRows, subscriptions, tags } from '../tables.ts'
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
/** What an import or an adoption may change of a device, apart from its token, user, topics and tags. */
export const stateOf = (of: Alias<'devices'>) =>
  object({
    ...Object.fromEntries(PROFILE_FIELDS.map((name) => [name, of[name]])),
    externalId: of.externalId,
    platform: of.platform,
    enabled: of.enabled,
    expiresAt: of.expiresAt,
    details: of.details,
    importKey: of.importKey,
    importedAt: of.importedAt,
    liveAt: of.liveAt,
    supersededAt: of.supersededAt,
    lastSeenAt: of.lastSeenAt,
  })

/** For the device `d` of the row `s`. */
export const foundBefore = {
  before: json(stateOf(d)),
  topics: json(comingTopics),
  tags: json(tagsBefore),
} as const
