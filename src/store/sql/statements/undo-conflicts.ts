/** For the preview of one event's undo: what the event changed, as it is now, and what has changed since. */
import { PROFILE_FIELDS } from '../../../domain/device.ts'
import {
  array,
  arrayOf,
  elements,
  flag,
  inTurn,
  item,
  json,
  member,
  members,
  number,
  object,
} from '../forms.ts'
import { statement } from '../statement.ts'
import { devices, events, pushTokens, subscriptions, tags } from '../tables.ts'
import { columns, orNull, type RowOf, sql, text, value } from '../template.ts'
import { stateOf } from './import-before.ts'
import {
  fieldTouched,
  inItsPlace,
  joined,
  tagTouched,
  tokenTouched,
  topicTouched,
  userTouched,
} from './undo-verdicts.ts'

/** Most tags, and most topics, that a preview lists. */
export const MOST_LISTED = 50
/** Most characters of a tag's value that are read. */
const MOST_READ = 1000

const e = events.as('e')
const d = devices.left('d')
const own = devices.as('d')
const p = pushTokens.as('p')
const s = subscriptions.as('s')
const there = tags.as('there')
const tag = item('tag')
const topic = item('topic')
const entry = item('entry')

const textOf = (id: typeof d.pushTokenId) =>
  orNull(text(sql`(SELECT ${p.token} FROM ${p} WHERE ${p.id} = ${id} AND ${p.state} <> 'gone')`))

/** Tags that have changed since; all that the event names if it lacks their former values. */
const tagsNow = sql`(SELECT ${arrayOf(json(array(entry.key, sql`held`)))} FROM (
  SELECT key, (SELECT substr(${there.value}, 1, ${number(MOST_READ)}) FROM ${there} WHERE ${there.deviceId} = ${e.deviceId} AND ${there.name} = ${entry.key}) AS held
  FROM (SELECT ${tag.key} AS key FROM ${members(e.detail, '$.tags')} tag UNION SELECT ${tag.value} FROM ${elements(e.detail, '$.names')} tag) entry
  WHERE NOT EXISTS (SELECT 1 FROM ${members(e.detail, '$.tags')} tag) OR ${tagTouched(entry.key)}
  ORDER BY key LIMIT ${number(MOST_LISTED)}) entry)`
/** Topics that have changed since, and whether the device has them. */
const topicsNow = sql`(SELECT ${arrayOf(json(array(entry.value, sql`held`)))} FROM (
  SELECT ${topic.value} AS value, ${flag(sql`EXISTS (SELECT 1 FROM ${own} ${inTurn(s, sql`${s.device} = ${own.number} AND ${s.topic} = ${topic.value}`)} WHERE ${own.id} = ${e.deviceId})`)} AS held
  FROM ${elements(e.detail, '$.topics')} topic WHERE ${topicTouched(topic.value)} LIMIT ${number(MOST_LISTED)}) entry)`

const parts = columns({
  detail: e.detail,
  state: orNull(text(sql`CASE WHEN ${d.id} IS NOT NULL THEN ${stateOf(own)} END`)),
  user_id: d.userId,
  user_proved: d.userProved,
  token: textOf(d.pushTokenId),
  former: textOf(member(e.detail, '$.pushTokenId')),
  in_its_place: inItsPlace,
  tags: text(tagsNow),
  topics: text(topicsNow),
  touched: text(
    object(
      Object.fromEntries(
        ([...PROFILE_FIELDS, 'platform', 'enabled', 'expiresAt', 'details'] as const).map((name) => [
          name,
          flag(fieldTouched(name)),
        ]),
      ),
    ),
  ),
  user_touched: flag(userTouched),
  token_touched: flag(tokenTouched),
})
export type PartsRow = RowOf<typeof parts>
export const partsOfEvent = statement(sql`
  SELECT ${parts} FROM ${e} ${joined} WHERE ${e.id} = ${value('event')} AND ${e.appId} = ${value('app')}`)
