import { literal, member, merged, number } from '../forms.ts'
import { insertion } from '../insertion.ts'
import { statement } from '../statement.ts'
import {
  appDialects,
  apps,
  clients,
  credentials,
  documents,
  feedHooks,
  keptStates,
  laneSecrets,
  mirrorCopies,
  providers,
  signingKeys,
  vaultState,
  webhooks,
} from '../tables.ts'
import { columns, type Expression, join, type RowOf, sql, type Template, text, value } from '../template.ts'
import { queue } from './queue.ts'

const NONE = literal('')

interface Sealed {
  readonly table: Template
  /** In the order of an index. */
  readonly key: readonly Expression[]
  readonly about?: Readonly<
    Partial<Record<'app_id' | 'dialect' | 'kind' | 'name' | 'version', Expression<string>>>
  >
  readonly sealed: Expression<string | null>
  /** Sets the column to the value `fresh`. */
  readonly set?: Template<'fresh'>
}

const NAMES = ['one', 'two', 'three'] as const

function sealedColumn({ table, key, about = {}, sealed, set }: Sealed) {
  const bound = key.map((_, at) => value(NAMES[at] ?? 'three'))
  const keyed = sql`(${join(key, ', ')})`
  const own = sql`(${join(bound, ', ')})`
  const shown = columns({
    one: text(key[0] ?? NONE),
    two: text(key[1] ?? NONE),
    three: text(key[2] ?? NONE),
    ...{ app_id: NONE, dialect: NONE, kind: NONE, name: NONE, version: NONE, ...about },
    sealed: text(sealed),
  })
  const fresh = set ?? sql`${sealed} = ${value('fresh')}`
  return {
    page: statement(sql`
      SELECT ${shown} FROM ${table} WHERE ${sealed} IS NOT NULL AND ${keyed} > ${own} ORDER BY ${join(key, ', ')} LIMIT ${value('limit')}`),
    reseal: statement(
      sql`UPDATE ${table} SET ${fresh} WHERE ${keyed} = ${own} AND ${sealed} = ${value('stale')}`,
    ),
  }
}

const scope = (of: { readonly appId: Expression<string>; readonly dialect: Expression<string> }) => ({
  app_id: of.appId,
  dialect: of.dialect,
})
const mirror = member(appDialects.options, '$.mirror.sealed')

/** Every encrypted column, in the order of re-encryption. */
export const SEALED = {
  vaultState: sealedColumn({ table: vaultState, key: [vaultState.name], sealed: vaultState.sealed }),
  apps: sealedColumn({
    table: apps,
    key: [apps.id],
    about: { app_id: apps.id },
    sealed: apps.vapidPrivate,
  }),
  credentials: sealedColumn({
    table: credentials,
    key: [credentials.id],
    about: { ...scope(credentials), kind: credentials.kind },
    sealed: credentials.sealed,
  }),
  documents: sealedColumn({
    table: documents,
    key: [documents.appId, documents.dialect, documents.kind],
    about: { ...scope(documents), kind: documents.kind },
    sealed: documents.sealed,
  }),
  signingKeys: sealedColumn({
    table: signingKeys,
    key: [signingKeys.id],
    about: scope(signingKeys),
    sealed: signingKeys.sealed,
  }),
  clients: sealedColumn({
    table: clients,
    key: [clients.id],
    about: scope(clients),
    sealed: clients.sealed,
  }),
  providers: sealedColumn({
    table: providers,
    key: [providers.appId, providers.kind],
    about: { app_id: providers.appId, kind: providers.kind },
    sealed: providers.sealed,
  }),
  laneSecrets: sealedColumn({
    table: laneSecrets,
    key: [laneSecrets.appId, laneSecrets.kind, laneSecrets.name],
    about: {
      ...{ app_id: laneSecrets.appId, kind: laneSecrets.kind },
      ...{ name: laneSecrets.name, version: laneSecrets.version },
    },
    sealed: laneSecrets.sealed,
  }),
  webhooks: sealedColumn({ table: webhooks, key: [webhooks.id], sealed: webhooks.sealed }),
  feedHooks: sealedColumn({ table: feedHooks, key: [feedHooks.id], sealed: feedHooks.sealed }),
  mirrorCopies: sealedColumn({
    table: mirrorCopies,
    key: [mirrorCopies.id],
    about: scope(mirrorCopies),
    sealed: mirrorCopies.sealed,
  }),
  // Mirror credentials in a dialect's options.
  appDialects: sealedColumn({
    table: appDialects,
    key: [appDialects.appId, appDialects.dialect],
    about: scope(appDialects),
    sealed: mirror,
    set: sql`${appDialects.options} = ${merged(appDialects.options, value('fresh'))}`,
  }),
  keptStates: sealedColumn({
    table: keptStates,
    key: [keptStates.subject],
    about: { app_id: keptStates.appId },
    sealed: keptStates.sealed,
  }),
}

const rotations = queue({
  table: vaultState,
  key: (of) => [of.name],
  order: (of) => sql`${of.dueAt}`,
  open: (of) => sql`${of.name} = 'rotation' AND ${of.state} = 'running'`,
})
const shown = columns({
  mark: vaultState.mark,
  state: vaultState.state,
  place: vaultState.place,
  done: vaultState.done,
  resealed: vaultState.resealed,
  failed: vaultState.failed,
  started_at: vaultState.startedAt,
  finished_at: vaultState.finishedAt,
})
export type RotationRow = RowOf<typeof shown>
const isRotation = sql`${vaultState.name} = 'rotation'`
export const rotationRow = statement(sql`SELECT ${shown} FROM ${vaultState} WHERE ${isRotation}`)
export const marksRow = statement(
  sql`SELECT ${columns({ sealed: vaultState.sealed })} FROM ${vaultState} WHERE ${vaultState.name} = 'marks'`,
)
const START = {
  place: value('place'),
  done: number(0),
  resealed: number(0),
  failed: number(0),
  startedAt: value('now'),
  dueAt: value('now'),
}
export const keepMarks = statement(sql`
  ${insertion(vaultState, { name: literal('marks'), sealed: value('sealed'), state: literal('completed'), ...START })}
  WHERE true ON CONFLICT DO NOTHING`)
const own = vaultState.as('vault_state')
export const beginRotation = statement(sql`
  ${insertion(vaultState, { name: literal('rotation'), mark: value('mark'), state: literal('running'), ...START })}
  WHERE true ON CONFLICT (${vaultState.name}) DO UPDATE SET ${vaultState.mark} = ${value('mark')}, ${vaultState.state} = 'running',
    ${vaultState.place} = ${value('place')}, ${vaultState.done} = 0, ${vaultState.resealed} = 0, ${vaultState.failed} = 0,
    ${vaultState.startedAt} = ${value('now')}, ${vaultState.finishedAt} = NULL, ${vaultState.lease} = NULL, ${vaultState.dueAt} = ${value('now')}
  WHERE ${own.mark} <> ${value('mark')} OR (${value('force')} = 1 AND ${own.state} = 'completed')`)
export const claimRotation = statement(sql`${rotations.claim} RETURNING ${shown}`)
export const settleRotation = statement(sql`
  UPDATE ${vaultState} SET ${rotations.free(value('now'))}, ${vaultState.state} = ${value('state')}, ${vaultState.place} = ${value('place')},
    ${vaultState.done} = ${value('done')}, ${vaultState.resealed} = ${value('resealed')}, ${vaultState.failed} = ${value('failed')},
    ${vaultState.finishedAt} = ${value('endsAt')}
  WHERE ${isRotation} AND ${vaultState.lease} = ${value('lease')}`)
