import { elements, item, member, numeric } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { activity, apps } from '../tables.ts'
import { columns, integer, sql, type Template, value } from '../template.ts'

const { appId, hour, kind, dialect, facet, count } = activity
const own = activity.as('activity')
const proposed = activity.as('excluded')
const j = item('j')
const of = (name: string) => member(j.value, `$.${name}`)

/** Counts of an app that was removed meanwhile are dropped; an empty id stands for no app. */
export const addActivity = statement(sql`
  ${insertion(activity, {
    appId: of('appId'),
    hour: numeric(j.value, '$.hour'),
    kind: of('kind'),
    dialect: of('dialect'),
    facet: of('facet'),
    count: numeric(j.value, '$.count'),
  })}
  FROM ${elements(value('counts'))} j
  WHERE ${of('appId')} = '' OR EXISTS (SELECT 1 FROM ${apps} WHERE ${apps.id} = ${of('appId')})
  ON CONFLICT (${appId}, ${hour}, ${kind}, ${dialect}, ${facet}) DO UPDATE SET ${count} = ${own.count} + ${proposed.count}`)

const since = <Names extends string>(condition: Template<Names>) =>
  statement(sql`
  SELECT ${columns({ hour, kind, dialect, facet, count: integer(sql`sum(${count})`) })} FROM ${activity}
  WHERE ${condition} AND ${hour} >= ${value('hour')}
  GROUP BY ${hour}, ${kind}, ${dialect}, ${facet} ORDER BY ${hour} DESC, ${kind}, ${dialect}, ${facet} LIMIT 20000`)
export const activitySince = { all: since(sql`true`), app: since(sql`${appId} = ${value('app')}`) }

export const dropActivity = statement(sql`
  DELETE FROM ${activity} WHERE ${hour} IN (SELECT ${hour} FROM ${activity} WHERE ${hour} < ${value('hour')} ORDER BY ${hour} LIMIT ${value('batch')})
  RETURNING ${columns({ hour })}`)
