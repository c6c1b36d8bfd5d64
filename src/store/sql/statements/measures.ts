import { ofApp } from '../conditions.ts'
import { statement } from '../statement.ts'
import { appDialects, devices, imports, jobs, mirrorCopies, outbox, providers, sendPages } from '../tables.ts'
import { columns, inner, integer, orNull, sql, type Template, text, value } from '../template.ts'

const limit = value('limit')

const backlog = <Names extends string>(of: Template<Names, { at: number }>) =>
  statement(sql`
  SELECT ${columns({ waiting: integer(sql`count(*)`), since: orNull(integer(sql`min(at)`)) })}
  FROM (${inner(of)} LIMIT ${limit}) waiting`)

/** By the order of an index each, of which no more than the limit is read. */
export const backlogs = {
  webhooks: backlog(sql`SELECT ${columns({ at: outbox.createdAt })} FROM ${outbox} ORDER BY ${outbox.id}`),
  pages:
    backlog(sql`SELECT ${columns({ at: integer(sendPages.dueAt) })} FROM ${sendPages} WHERE ${sendPages.dueAt} IS NOT NULL
    ORDER BY ${sendPages.lane}, ${sendPages.priority}, ${sendPages.dueAt}`),
  copies: backlog(
    sql`SELECT ${columns({ at: mirrorCopies.createdAt })} FROM ${mirrorCopies} ORDER BY ${mirrorCopies.id}`,
  ),
  jobs: backlog(sql`SELECT ${columns({ at: jobs.createdAt })} FROM ${jobs} WHERE ${jobs.state} = 'pending'
    ORDER BY ${jobs.createdAt}, ${jobs.id}`),
  imports:
    backlog(sql`SELECT ${columns({ at: imports.createdAt })} FROM ${imports} WHERE ${imports.finishedAt} IS NULL
    ORDER BY ${imports.dueAt}, ${imports.number}`),
} as const

const state = sql`CASE WHEN ${providers.state} = 'ok' AND ${providers.restingUntil} > ${value('now')} THEN 'resting' ELSE ${providers.state} END`
export const serviceCounts = statement(sql`
  SELECT ${columns({ kind: text(sql`kind`), state: text(sql`state`), count: integer(sql`count(*)`) })}
  FROM (SELECT ${providers.kind} AS kind, ${state} AS state FROM ${providers} ORDER BY ${providers.appId}, ${providers.kind} LIMIT ${limit}) known
  GROUP BY kind, state ORDER BY kind, state`)

const { appId, dialect } = appDialects
export const scopesAfter = statement(sql`
  SELECT ${columns({ app_id: appId, dialect })} FROM ${appDialects} WHERE (${appId}, ${dialect}) > (${value('app')}, ${value('dialect')})
  ORDER BY ${appId}, ${dialect} LIMIT ${limit}`)

export const devicesAfter = statement(sql`
  SELECT ${columns({ count: integer(sql`count(*)`), last: orNull(text(sql`max(id)`)) })}
  FROM (SELECT ${devices.id} AS id FROM ${devices} WHERE ${ofApp(devices)} AND ${devices.dialect} = ${value('dialect')} AND ${devices.id} > ${value('afterId')}
    ORDER BY ${devices.id} LIMIT ${limit}) counted`)
