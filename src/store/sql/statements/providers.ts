import { ofApp } from '../conditions.ts'
import { flag, same } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import { appDialects, apps, laneSecrets, providers } from '../tables.ts'
import { columns, type RowOf, raw, sql, value } from '../template.ts'

const { kind, version, dialect, state, reason, since, failures, restingUntil, createdAt, updatedAt } =
  providers
const sent = providers.as('excluded')
const stood = providers.as('providers')
const spoken = appDialects.as('spoken')
const p = providers.as('p')

const providerColumns = columns({
  app_id: providers.appId,
  kind,
  version,
  sealed: providers.sealed,
  shown: providers.shown,
  dialect,
  state,
  reason,
  since,
  failures,
  resting_until: restingUntil,
  created_at: createdAt,
  updated_at: updatedAt,
})
export type ProviderRow = RowOf<typeof providerColumns>
const kindColumn = columns({ kind })
const one = sql`${ofApp(providers)} AND ${kind} = ${value('kind')}`

export const findProvider = statement(sql`SELECT ${providerColumns} FROM ${providers} WHERE ${one}`)
export const listProviders = statement(
  sql`SELECT ${providerColumns} FROM ${providers} WHERE ${ofApp(providers)} ORDER BY ${kind}`,
)
export const hasProvider = statement(sql`SELECT ${kindColumn} FROM ${providers} WHERE ${one}`)

const there = sql`EXISTS (SELECT 1 FROM ${apps} WHERE ${apps.id} = ${value('app')})
    AND (${value('dialect')} IS NULL OR EXISTS (SELECT 1 FROM ${spoken} WHERE ${spoken.appId} = ${value('app')} AND ${spoken.dialect} = ${value('dialect')}))`
/** The app and, if given, its dialect. */
export const providerHome = statement(sql`SELECT ${columns({ there: flag(there) })}`)

/** An operator may set a credential if the app exists; a dialect's settings only replace credentials that came from them. */
export const putProvider = statement(sql`
  ${insertion(providers, {
    appId: value('app'),
    kind: value('kind'),
    version: value('version'),
    sealed: value('sealed'),
    shown: value('shown'),
    dialect: value('dialect'),
    state: value('state'),
    reason: raw('NULL'),
    since: raw('NULL'),
    createdAt: value('now'),
    updatedAt: value('now'),
  })}
  WHERE ${there}
  ON CONFLICT (${providers.appId}, ${kind}) DO UPDATE SET ${version} = ${sent.version}, ${providers.sealed} = ${sent.sealed},
    ${providers.shown} = ${sent.shown}, ${dialect} = ${sent.dialect}, ${state} = ${sent.state}, ${reason} = NULL, ${since} = NULL,
    ${failures} = 0, ${restingUntil} = 0, ${updatedAt} = ${sent.updatedAt}
    WHERE ${sent.dialect} IS NULL OR ${stood.dialect} = ${sent.dialect}
  RETURNING ${kindColumn}`)

export const removeProvider = statement(
  sql`DELETE FROM ${providers} WHERE ${one} AND (${value('dialect')} IS NULL OR ${dialect} = ${value('dialect')}) RETURNING ${kindColumn}`,
)

export const noteProvider = statement(sql`
  UPDATE ${providers} SET ${since} = CASE WHEN ${value('state')} = 'ok' THEN NULL ELSE coalesce(${since}, ${value('now')}) END,
    ${state} = ${value('state')}, ${reason} = ${value('reason')}, ${failures} = ${value('failed')}, ${restingUntil} = ${value('restingUntil')}
  WHERE ${one} AND ${version} = ${value('version')} RETURNING ${kindColumn}`)

const s = laneSecrets
const given = laneSecrets.as('excluded')
const standing = laneSecrets.as('lane_secrets')
const secretColumns = columns({
  name: s.name,
  mark: s.mark,
  sealed: s.sealed,
  made_at: s.madeAt,
  expires_at: s.expiresAt,
})
export type SecretRow = RowOf<typeof secretColumns>

const ofKind = sql`${ofApp(s)} AND ${s.kind} = ${value('kind')}`
const current = sql`EXISTS (SELECT 1 FROM ${p} WHERE ${p.appId} = ${value('app')} AND ${p.kind} = ${value('kind')} AND ${p.version} = ${value('version')})`

export const findSecret = statement(
  sql`SELECT ${secretColumns} FROM ${s} WHERE ${ofKind} AND ${s.name} = ${value('name')} AND ${s.version} = ${value('version')} AND ${current}`,
)
/** If several are created concurrently, the first one stays. */
export const keepSecret = statement(sql`
  ${insertion(s, {
    appId: value('app'),
    kind: value('kind'),
    name: value('name'),
    version: value('version'),
    mark: value('mark'),
    sealed: value('sealed'),
    madeAt: value('madeAt'),
    expiresAt: value('expiresAt'),
  })}
  WHERE ${current}
  ON CONFLICT (${s.appId}, ${s.kind}, ${s.name}) DO UPDATE SET ${s.version} = ${given.version}, ${s.mark} = ${given.mark},
    ${s.sealed} = ${given.sealed}, ${s.madeAt} = ${given.madeAt}, ${s.expiresAt} = ${given.expiresAt}
    WHERE ${same(standing.mark, value('known'))} OR ${standing.version} <> ${given.version}`)
/** A bounded number, since web push has one secret per origin. */
export const dropExpiredSecrets = statement(sql`
  DELETE FROM ${s} WHERE ${ofKind} AND ${s.name} IN
    (SELECT ${s.name} FROM ${s} WHERE ${ofKind} AND ${s.expiresAt} <= ${value('now')} AND ${s.name} <> ${value('name')} LIMIT 100)`)

/** Secrets of credentials that the app no longer has. */
export const dropStraySecrets = statement(sql`
  DELETE FROM ${s} WHERE ${ofApp(s)} AND NOT EXISTS
    (SELECT 1 FROM ${p} WHERE ${p.appId} = ${standing.appId} AND ${p.kind} = ${standing.kind} AND ${p.version} = ${standing.version})`)
