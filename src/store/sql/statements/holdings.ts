import { ofApp, scoped } from '../conditions.ts'
import { number, total } from '../forms.ts'
import { statement } from '../statement.ts'
import {
  activity,
  appDialects,
  apps,
  counters,
  credentials,
  documents,
  events,
  feedHooks,
  grants,
  identifiers,
  providers,
  pushTokens,
  receipts,
  signingKeys,
  tagTypes,
  userWork,
  webhooks,
} from '../tables.ts'
import { columns, type Expression, integer, sql, type Template, value } from '../template.ts'
import { clearCatalogue } from './catalogue.ts'
import { dropStraySecrets } from './providers.ts'

/* What an app, or a dialect of it, has: what goes with it, and how much that is. */

type OfDialect = Template & { readonly appId: Expression; readonly dialect: Expression }
const dropScoped = (table: OfDialect) => statement(sql`DELETE FROM ${table} WHERE ${scoped(table)}`)

/** Deletes an operator's settings of a dialect at once; devices' data is deleted in batches. */
export const clearHoldings = [
  clearCatalogue,
  ...[documents, webhooks, grants, tagTypes, userWork].map(dropScoped),
  // Only credentials that come from the dialect's settings.
  dropScoped(providers),
  dropStraySecrets,
] as const

/** Deletes a dialect's setup. */
export const dropDialect = [
  ...clearHoldings,
  ...[signingKeys, credentials, identifiers, appDialects].map(dropScoped),
] as const

/** Deletes an app's names and an operator's settings of it. */
export const dropHoldings = [
  ...[credentials, identifiers, appDialects, userWork, providers, activity, feedHooks].map((table) =>
    statement(sql`DELETE FROM ${table} WHERE ${ofApp(table)}`),
  ),
  dropStraySecrets,
]
/** Returns a row if there was one. */
export const dropApp = statement(
  sql`DELETE FROM ${apps} WHERE ${apps.id} = ${value('app')} RETURNING ${columns({ id: apps.id })}`,
)

/** Row counts of an app or dialect: devices by their counter, other rows up to this limit. */
const MOST_COUNTED = 10_000
const counted = <Names extends string>(table: Template, where: Template<Names>) =>
  statement(
    sql`SELECT ${columns({ n: integer(sql`count(*)`) })} FROM (SELECT 1 FROM ${table} WHERE ${where} LIMIT ${number(MOST_COUNTED)}) few`,
  )
const countedOfApp = (table: Template & { readonly appId: Expression }) => counted(table, ofApp(table))
const devices = <Names extends string>(where: Template<Names>) =>
  statement(
    sql`SELECT ${columns({ n: integer(sql`coalesce(${total(counters.amount)}, 0)`) })} FROM ${counters} WHERE ${ofApp(counters)} AND ${counters.kind} = 'devices' AND ${where}`,
  )
export const appCounts = {
  dialects: countedOfApp(appDialects),
  credentials: countedOfApp(credentials),
  providers: countedOfApp(providers),
  devices: devices(sql`true`),
  pushTokens: countedOfApp(pushTokens),
  receipts: countedOfApp(receipts),
  events: countedOfApp(events),
}
export const dialectCounts = {
  dialects: counted(appDialects, scoped(appDialects)),
  credentials: counted(credentials, scoped(credentials)),
  devices: devices(
    sql`substr(${counters.name}, 1, length(${value('dialect')}) + 1) = ${value('dialect')} || '/'`,
  ),
}
