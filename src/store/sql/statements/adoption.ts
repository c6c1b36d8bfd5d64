/**
 * The first call of a phone whose token was imported without an id (identity R14): the placeholder device takes the id of the
 * call or, if a device with that id exists, hands its values over to it and is deleted.
 */
import { PROFILE_FIELDS } from '../../../domain/device.ts'
import { keyed, spoken, tokenId } from '../conditions.ts'
import { arrayOf, bytes, either, flag, json, literal, object, objectOf } from '../forms.ts'
import { statement } from '../statement.ts'
import { type Alias, devices, importMarks, subscriptions, tags } from '../tables.ts'
import { join, sql, value } from '../template.ts'
import { countRemoved, countWritten } from './counters.ts'
import { eventKind, logged } from './history.ts'
import { stateOf } from './import-before.ts'
import { keepDevices } from './kept.ts'

const d = devices.as('d')
const k = devices.as('k')
const p = devices.as('p')
const q = devices.as('q')
const own = devices.as('devices')
const n = subscriptions.as('n')
const g = tags.as('g')
const h = tags.as('h')
const s = subscriptions.as('s')

const isNameless = (of: Alias<'devices'>) =>
  sql`${of.pushTokenId} = ${tokenId} AND ${of.dialect} = ${value('dialect')} AND ${spoken}
  AND substr(${of.externalId}, 1, 7) = 'import:' AND ${of.importedAt} IS NOT NULL AND ${of.liveAt} IS NULL AND ${of.externalId} <> ${value('externalId')}`
const nameless = isNameless(p)
/** The device with the call's id exists. */
const named = sql`EXISTS (SELECT 1 FROM ${k} WHERE ${keyed(k)})`

const placeholder = sql`SELECT ${p.number} FROM ${p} WHERE ${nameless}`
const placeholderId = sql`SELECT ${p.id} FROM ${p} WHERE ${nameless}`
const device = sql`SELECT ${q.number} FROM ${q} WHERE ${keyed(q)} AND EXISTS (${placeholder})`
const deviceId = sql`SELECT ${q.id} FROM ${q} WHERE ${keyed(q)} AND EXISTS (${placeholder})`
const both = sql`${d.number} IN (${device} UNION ALL SELECT ${p.number} FROM ${p} WHERE ${nameless} AND ${named})`

/** What the device with the id of the call lacks: the placeholder's topics, and its tags by name. */
const newTopics = sql`(SELECT ${arrayOf(s.topic)} FROM ${s} WHERE ${s.device} = ${p.number} AND ${q.id} IS NOT NULL
  AND ${s.topic} NOT IN (SELECT ${n.topic} FROM ${n} WHERE ${n.device} = ${q.number}))`
const newTags = sql`(SELECT ${objectOf(h.name, literal('null'))} FROM ${h} WHERE ${h.deviceId} = ${p.id} AND ${q.id} IS NOT NULL
  AND ${h.name} NOT IN (SELECT ${g.name} FROM ${g} WHERE ${g.deviceId} = ${q.id}))`
/** `before`, `topics` and `tags` are of the device that stays; `placeholder` is the row id of one that goes. */
const logAdopted = statement(sql`
  ${logged}
  SELECT ${p.appId}, coalesce(${q.id}, ${p.id}), ${eventKind('adopted')}, ${value('cause')},
    ${object({
      ...{
        from: p.externalId,
        pushTokenId: p.pushTokenId,
        before: json(either(sql`${q.id} IS NULL`, stateOf(p), stateOf(q))),
      },
      // Named even if only the placeholder had the user, so that an erasure finds the event.
      ...{
        userId: sql`coalesce(${q.userId}, ${p.userId})`,
        userProved: sql`coalesce(${q.userProved}, ${p.userProved})`,
      },
      fillsUser: flag(sql`${q.id} IS NOT NULL AND ${q.userId} IS NULL`),
      placeholder: sql`CASE WHEN ${q.id} IS NOT NULL THEN ${p.id} END`,
      ...{ topics: json(newTopics), tags: json(newTags) },
    })}, ${value('now')}
  FROM ${p} LEFT JOIN ${q} ON ${keyed(q)} WHERE ${nameless}`)

const rename = statement(sql`
  UPDATE ${devices} SET ${devices.externalId} = ${value('externalId')}
  WHERE ${own.number} IN (${placeholder}) AND NOT ${named}`)

const filled = ['userId', 'expiresAt', ...PROFILE_FIELDS] as const
const fill = statement(sql`
  UPDATE ${devices} SET
    ${devices.userProved} = CASE WHEN ${own.userId} IS NULL THEN ${p.userProved} ELSE ${own.userProved} END,
    ${join(
      filled.map((name) => sql`${devices[name]} = coalesce(${own[name]}, ${p[name]})`),
      ', ',
    )},
    ${devices.liveAt} = coalesce(${own.liveAt}, CASE WHEN ${own.importedAt} IS NULL THEN ${own.createdAt} END),
    ${devices.importedAt} = coalesce(${own.importedAt}, ${p.importedAt})
  FROM ${p} WHERE ${nameless} AND ${own.number} IN (${device})`)

const moveTopics = statement(sql`
  UPDATE ${subscriptions} SET ${subscriptions.device} = (${device})
  WHERE ${subscriptions.device} IN (${placeholder}) AND EXISTS (${device})
    AND ${subscriptions.topic} NOT IN (SELECT ${n.topic} FROM ${n} WHERE ${n.device} = (${device}))`)
const moveTags = statement(sql`
  UPDATE ${tags} SET ${tags.deviceId} = (${deviceId})
  WHERE ${tags.deviceId} IN (${placeholderId}) AND EXISTS (${deviceId})
    AND ${tags.name} NOT IN (SELECT ${g.name} FROM ${g} WHERE ${g.deviceId} = (${deviceId}))`)
const moveMarks = statement(sql`
  UPDATE ${importMarks} SET ${importMarks.device} = (${device}) WHERE ${importMarks.device} IN (${placeholder}) AND EXISTS (${device})`)

const countTags = statement(sql`
  UPDATE ${devices} SET (${devices.tagCount}, ${devices.tagBytes}) = (
    SELECT count(*), coalesce(sum(${bytes(tags.name)} + ${bytes(tags.value)}), 0) FROM ${tags} WHERE ${tags.deviceId} = ${own.id})
  WHERE ${own.number} IN (${device})`)
const dropTopics = statement(
  sql`DELETE FROM ${subscriptions} WHERE ${subscriptions.device} IN (${placeholder}) AND EXISTS (${device})`,
)
const dropTags = statement(
  sql`DELETE FROM ${tags} WHERE ${tags.deviceId} IN (${placeholderId}) AND EXISTS (${device})`,
)
const drop = statement(sql`DELETE FROM ${devices} WHERE ${own.number} IN (${placeholder}) AND ${named}`)

/** Runs before a registration. If the device exists, both devices are counted again, the placeholder for the last time. */
export const ADOPTION = [
  logAdopted,
  keepDevices(sql`${isNameless(d)} AND ${named}`),
  rename,
  countRemoved(both),
  fill,
  moveTopics,
  moveTags,
  moveMarks,
  countTags,
  dropTopics,
  dropTags,
  countWritten(sql`${d.number} IN (${device})`),
  drop,
] as const
