/** Catalogue topics that an import added; they go with it if no device has them. */
import { array, elements, inTurn, item, literal, member } from '../forms.ts'
import { statement } from '../statement.ts'
import { catalogue, devices, events, imports, removalPicks, subscriptions } from '../tables.ts'
import { sql, value } from '../template.ts'
import { picked } from './undo-picks.ts'

const e = events.as('e')
const a = devices.as('a')
const i = imports.as('i')
const k = removalPicks.as('k')
const s = subscriptions.as('s')
const t = catalogue.as('t')
const x = subscriptions.as('x')
const own = catalogue.as('catalogue')
const topic = item('topic')

const device = inTurn(a, sql`${a.id} = ${e.deviceId}`)
/** Written while the import ran, and not changed since. */
const added = inTurn(
  i,
  sql`${literal('import ')} || ${i.id} = ${e.cause} AND ${i.appId} = ${e.appId} AND ${t.createdAt} BETWEEN ${i.createdAt} AND coalesce(${i.finishedAt}, ${value('now')}) AND ${t.updatedAt} = ${t.createdAt}`,
)
const ofDevice = sql`${t.appId} = ${a.appId} AND ${t.dialect} = ${a.dialect}`
const shown = sql`${t.dialect}, ${t.name}`
/** Runs before the topics of the devices go. */
export const noteAdded = statement(sql`
  INSERT INTO ${removalPicks} (${removalPicks.removalId}, ${removalPicks.deviceId})
  SELECT ${value('added')}, ${array(catalogue.dialect, catalogue.name)} FROM (
    SELECT ${shown} ${picked('removed')} ${device} ${inTurn(s, sql`${s.device} = ${a.number}`)}
      ${inTurn(t, sql`${ofDevice} AND ${t.name} = ${s.topic}`)} ${added}
    UNION SELECT ${shown} ${picked('restored')} ${device} CROSS JOIN ${elements(e.detail, '$.topics')} topic
      ${inTurn(t, sql`${ofDevice} AND ${t.name} = ${topic.value}`)} ${added}) listed WHERE true ON CONFLICT DO NOTHING`)
/** Runs after they have gone. */
export const dropAdded = [
  statement(sql`
    DELETE FROM ${catalogue} WHERE ${catalogue.appId} = ${value('app')} AND (${catalogue.dialect}, ${catalogue.name}) IN (
        SELECT ${member(k.deviceId, '$[0]')}, ${member(k.deviceId, '$[1]')} FROM ${k} WHERE ${k.removalId} = ${value('added')})
      AND NOT EXISTS (SELECT 1 FROM ${x} WHERE ${x.appId} = ${own.appId} AND ${x.topic} = ${own.name})`),
  statement(sql`DELETE FROM ${removalPicks} WHERE ${removalPicks.removalId} = ${value('added')}`),
] as const
