/**
 * Inserts the rows of a step whose ids, tokens and marks are all new. In a first import these are nearly all rows, and each
 * statement inserts one kind of row for all of them, all or nothing: if one exists after all, a unique index or a condition
 * of the first statement refuses it, and the step is processed row by row instead
 * (`import-stage.ts`).
 */
import { bytes, digest, elements, item, literal, member, named, numeric, part, randomId } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import {
  catalogue,
  devices,
  erasures,
  events,
  importMarks,
  pushTokens,
  subscriptions,
  tags,
  tagTypes,
} from '../tables.ts'
import { columns, sql, type Template, text, value } from '../template.ts'
import { countWritten } from './counters.ts'
import { eventKind, logged } from './history.ts'
import { held, made } from './import-held.ts'
import { standing } from './import-stage.ts'
import { hasRoomForFresh } from './room.ts'

const j = item('j')
const d = devices.as('d')
const t = pushTokens.as('t')
const m = importMarks.as('m')
const e = events.as('e')
const z = erasures.as('z')
const n = subscriptions.as('n')

/** Rows of a list bound as one JSON value, each converted to text once (see `stageRows`). */
const parcel = <const Name extends string>(name: Name) =>
  sql`parcel AS MATERIALIZED (SELECT ${j.value} AS value FROM ${elements(value(name))} j)`

const device = {
  id: member(j.value, '$[0]'),
  dialect: member(j.value, '$[1]'),
  externalId: member(j.value, '$[2]'),
}
const token = { provider: member(j.value, '$[1]'), hash: member(j.value, '$[2]') }
const mark = member(j.value, '$[1]')

/** The possible values of tags with these names, each with its type. */
const shape = item('shape')
const shapeDialect = member(shape.value, '$[0]')
const shapeName = member(shape.value, '$[1]')
const stands = standing(shapeDialect, shapeName)
const fits = <Names extends string>(type: Template<Names>) =>
  sql`EXISTS (SELECT 1 FROM ${elements(shape.value, '$[2]')} u WHERE ${item('u').value} = ${type})`
const misfit = sql`(${stands} IS NOT NULL AND NOT ${fits(stands)})`
const shapes = sql`shapes AS MATERIALIZED (SELECT ${member(shape.value, '$[3]')} AS place, ${shapeName} AS name,
  coalesce(${stands}, ${member(shape.value, '$[2][0]')}) AS type FROM ${elements(value('tagShapes'))} shape)`

/** It was unregistered; whether before or after the row's time is decided by the row-by-row path. */
const isGone = sql`EXISTS (SELECT 1 FROM ${e} WHERE ${e.appId} = ${value('home')} AND ${e.externalId} = ${device.externalId}
  AND ${e.dialect} = ${device.dialect} AND ${e.kind} IN (${eventKind('unregistered')}, ${eventKind('expired')}))`
const erased = sql`FROM ${elements(value('erasable'))} j JOIN ${z} ON ${z.appId} = ${value('home')} AND ${z.mark} = ${member(j.value, '$[1]')}`

/** Inserts all or none; unique indexes refuse existing ones. */
export const insertFresh = statement(sql`
  WITH ${parcel('freshDevices')}
  ${insertion(devices, {
    ...device,
    appId: value('app'),
    platform: member(j.value, '$[3]'),
    pushTokenId: member(j.value, '$[4]'),
    userId: member(j.value, '$[5]'),
    userProved: numeric(j.value, '$[6]'),
    enabled: numeric(j.value, '$[7]'),
    expiresAt: numeric(j.value, '$[8]'),
    name: member(j.value, '$[9]'),
    model: member(j.value, '$[10]'),
    osVersion: member(j.value, '$[11]'),
    appVersion: member(j.value, '$[12]'),
    sdkVersion: member(j.value, '$[13]'),
    language: member(j.value, '$[14]'),
    timezone: member(j.value, '$[15]'),
    details: member(j.value, '$[16]'),
    createdAt: numeric(j.value, '$[17]'),
    updatedAt: value('now'),
    lastSeenAt: numeric(j.value, '$[18]'),
    importedAt: value('now'),
    importKey: member(j.value, '$[19]'),
    tagCount: numeric(j.value, '$[20]'),
    tagBytes: numeric(j.value, '$[21]'),
    supersededAt: numeric(j.value, '$[22]'),
    updatedBy: value('change'),
  })}
  FROM parcel j WHERE ${held} AND ${hasRoomForFresh}
    AND NOT EXISTS (SELECT 1 FROM parcel j WHERE ${isGone})
    AND NOT EXISTS (SELECT 1 ${erased})
    AND NOT EXISTS (SELECT 1 FROM ${elements(value('tagShapes'))} shape WHERE ${misfit})`)

export const insertFreshTokens = statement(sql`
  WITH ${parcel('freshTokens')}
  ${insertion(pushTokens, {
    id: member(j.value, '$[3]'),
    appId: value('app'),
    provider: token.provider,
    digest: digest(token.hash),
    token: member(j.value, '$[4]'),
    environment: member(j.value, '$[5]'),
    keys: member(j.value, '$[6]'),
    state: literal('live'),
    stateAt: value('now'),
    dialects: member(j.value, '$[7]'),
    createdAt: value('now'),
    registeredAt: numeric(j.value, '$[8]'),
  })}
  FROM parcel j WHERE ${made}`)

const isOwn = sql`CROSS JOIN ${d} WHERE ${d.id} = ${member(j.value, '$[0]')} AND ${made}`
export const insertFreshMarks = statement(sql`
  WITH ${parcel('freshMarks')}
  ${insertion(importMarks, { appId: value('app'), mark: digest(mark), device: d.number, number: value('importNumber') })}
  FROM parcel j ${isOwn}`)

export const logFresh = statement(sql`
  WITH ${parcel('freshMarks')}
  ${logged}
  SELECT ${value('app')}, ${member(j.value, '$[0]')}, ${eventKind('imported')}, ${value('cause')}, ${member(j.value, '$[2]')}, ${value('now')}
  FROM parcel j WHERE ${made}`)

const given = member(j.value, '$[3]')
const taken = sql`EXISTS (SELECT 1 FROM ${n} WHERE ${n.id} = ${given})`
export const insertFreshTopics = statement(sql`
  WITH ${parcel('freshTopics')}
  ${insertion(subscriptions, {
    device: d.number,
    topic: member(j.value, '$[1]'),
    appId: value('app'),
    id: sql`CASE WHEN ${numeric(j.value, '$[2]')} = 0 THEN NULL WHEN ${given} IS NULL OR ${taken} THEN ${randomId} ELSE ${given} END`,
    automatic: numeric(j.value, '$[4]'),
    createdAt: value('now'),
  })}
  FROM parcel j ${isOwn}
  ON CONFLICT DO NOTHING`)

/** Topics missing from the catalogue. */
export const catalogueFresh = statement(sql`
  ${insertion(catalogue, {
    appId: value('app'),
    dialect: member(j.value, '$[0]'),
    name: member(j.value, '$[1]'),
    id: randomId,
    description: literal(''),
    createdAt: value('now'),
    updatedAt: value('now'),
  })}
  FROM ${elements(value('freshNames'))} j WHERE ${made}
  ON CONFLICT DO NOTHING`)

export const insertFreshTags = statement(sql`
  WITH ${shapes}, ${parcel('freshTags')}
  ${insertion(tags, {
    deviceId: member(j.value, '$[0]'),
    name: sql`shapes.name`,
    type: sql`shapes.type`,
    value: named(part(j.value, '$[2]'), sql`shapes.type`),
    updatedAt: value('now'),
  })}
  FROM parcel j JOIN shapes ON shapes.place = ${member(j.value, '$[1]')} WHERE ${made}`)

/** Like `guessTypes` of the row-by-row path: the first row with a tag decides. */
export const guessFresh = statement(sql`
  ${insertion(tagTypes, {
    appId: value('app'),
    dialect: member(j.value, '$[0]'),
    name: member(j.value, '$[1]'),
    type: member(j.value, '$[2]'),
    source: literal('import'),
  })}
  FROM ${elements(value('guesses'))} j WHERE ${made}
  ON CONFLICT DO NOTHING`)

const listedFresh = sql`SELECT ${member(j.value, '$[0]')} FROM ${elements(value('freshMarks'))} j`
/** If a tag gets another type than the row would give it, its size changes too. */
export const measureFresh = statement(sql`
  UPDATE ${devices} SET ${devices.tagBytes} = (
    SELECT coalesce(sum(${bytes(tags.name)} + ${bytes(tags.value)}), 0) FROM ${tags} WHERE ${tags.deviceId} = ${devices.as('devices').id})
  WHERE ${devices.id} IN (${listedFresh}) AND ${made} AND EXISTS (
    SELECT 1 FROM ${elements(value('tagShapes'))} shape WHERE ${stands} <> ${member(shape.value, '$[2][0]')})`)

export const countFresh = countWritten(sql`${d.id} IN (${listedFresh}) AND ${made}`)

/** After a refusal: the rows that need the row-by-row path, by device id. */
export const knownRows = statement(sql`
  SELECT ${columns({ id: text(sql`known.id`) })} FROM (
    SELECT ${device.id} AS id FROM ${elements(value('freshDevices'))} j WHERE ${isGone}
      OR EXISTS (SELECT 1 FROM ${d} WHERE ${d.appId} = ${value('app')} AND ${d.dialect} = ${device.dialect} AND ${d.externalId} = ${device.externalId})
      OR EXISTS (SELECT 1 FROM ${d} WHERE ${d.id} = ${device.id})
    UNION SELECT ${member(j.value, '$[0]')} FROM ${elements(value('freshTokens'))} j
      WHERE EXISTS (SELECT 1 FROM ${t} WHERE ${t.appId} = ${value('app')} AND ${t.provider} = ${token.provider} AND ${t.digest} = ${digest(token.hash)})
    UNION SELECT ${member(j.value, '$[0]')} FROM ${elements(value('freshMarks'))} j
      WHERE EXISTS (SELECT 1 FROM ${m} WHERE ${m.appId} = ${value('app')} AND ${m.mark} = ${digest(mark)})
    UNION SELECT ${member(j.value, '$[0]')} ${erased}
    UNION SELECT ${member(j.value, '$[0]')} FROM ${elements(value('freshTags'))} j WHERE ${member(j.value, '$[1]')} IN (
      SELECT ${member(shape.value, '$[3]')} FROM ${elements(value('tagShapes'))} shape WHERE ${misfit})) known`)
