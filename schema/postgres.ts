/**
 * The same schema for PostgreSQL, derived from the SQLite tables so that it is defined once: columns have the same names and
 * types, tables the same indexes. `npm run migrate` generates the migrations of both.
 *
 * Texts compare byte for byte (`COLLATE "C"`) as in SQLite, because pages and cursors depend on the order. All numbers are
 * below 2^53. Documents are text, so that they are returned exactly as sent.
 */
import { type Column, is, SQL, StringChunk, sql, Column as TableColumn } from 'drizzle-orm'
import * as pg from 'drizzle-orm/pg-core'
import { getTableConfig, type SQLiteColumn, type SQLiteTable } from 'drizzle-orm/sqlite-core'
import * as schema from './tables.ts'

const text = pg.customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' })
const bytes = pg.customType<{ data: Uint8Array }>({ dataType: () => 'bytea' })

const TYPES: Readonly<Record<string, (name: string) => pg.PgColumnBuilderBase>> = {
  text: (name) => text(name),
  integer: (name) => pg.bigint(name, { mode: 'number' }),
  real: (name) => pg.doublePrecision(name),
  blob: (name) => bytes(name),
}

type Builder = pg.PgBigInt53Builder<{
  name: string
  dataType: 'number'
  columnType: 'PgBigInt53'
  data: number
  driverParam: number
  enumValues: undefined
}>

function column(of: SQLiteColumn): pg.PgColumnBuilderBase {
  const make = TYPES[of.getSQLType()]
  if (!make) throw new Error(`no type for ${of.name}: ${of.getSQLType()}`)
  let made = make(of.name) as Builder
  // The equivalent of SQLite's row number: generated if an insert sets none.
  if (of.primary && of.getSQLType() === 'integer') made = made.generatedByDefaultAsIdentity() as Builder
  if (of.default !== undefined) made = made.default(of.default as number) as Builder
  if (of.primary) made = made.primaryKey() as Builder
  if (of.notNull) made = made.notNull() as Builder
  return made
}

/** Translates an SQLite expression; only JSON member access differs. */
const expression = (text: string): string =>
  text.replace(
    /([\w."]+) ->> '\$\.([\w.]+)'/g,
    (_, document: string, path: string) => `(${document}::json #>> '{${path.replaceAll('.', ',')}}')`,
  )

const written = (of: SQL): SQL =>
  sql.raw(
    expression(
      of.queryChunks
        .map((chunk) => {
          if (is(chunk, StringChunk)) return chunk.value.join('')
          if (is(chunk, TableColumn)) return `"${(chunk as Column).name}"`
          throw new Error('an index names columns and constants')
        })
        .join(''),
    ),
  )

/** `events_of_device` replaces this index. */
const isShared = ({ config }: { readonly config: { readonly name: string } }) =>
  config.name !== 'events_by_device'

function table(of: SQLiteTable): pg.PgTable {
  const { name, columns, indexes, primaryKeys } = getTableConfig(of)
  const made = pg.pgTable(name, Object.fromEntries(columns.map((one) => [one.name, column(one)])), (t) => {
    const named = (of: string) => Reflect.get(t, of) as pg.PgColumn
    const own = (one: SQLiteColumn) => named(one.name)
    return [
      ...primaryKeys.map((key) => {
        const [first, ...rest] = key.columns.map(own)
        if (!first) throw new Error(`a key of nothing: ${name}`)
        return pg.primaryKey({ columns: [first, ...rest] })
      }),
      ...(name === 'events'
        ? [
            // For the feed of an app: in PostgreSQL, ids are in commit order only within an app.
            pg.index('events_feed').on(named('app_id'), named('id')),
            // Ends with the id, as each index of SQLite does by itself: else the last event of a device might be looked for
            // among those of all devices.
            pg.index('events_of_device').on(named('app_id'), named('device_id'), named('id')),
          ]
        : []),
      ...indexes.filter(isShared).map(({ config }) => {
        const start = config.unique ? pg.uniqueIndex(config.name) : pg.index(config.name)
        const [first, ...rest] = config.columns.map((one) =>
          is(one, SQL) ? sql`(${written(one)})` : own(one as SQLiteColumn),
        )
        if (!first) throw new Error(`an index of nothing: ${config.name}`)
        const index = start.on(first, ...rest)
        return config.where ? index.where(written(config.where)) : index
      }),
    ]
  })
  return made
}

/** All tables by their names in the schema. */
const made = Object.fromEntries(Object.entries(schema).map(([name, one]) => [name, table(one)])) as {
  readonly [Name in keyof typeof schema]: pg.PgTable
}

/** Exported individually, because the migration generator reads exports. A test checks that none is missing. */
export const {
  activity,
  appDialects,
  apps,
  audit,
  catalogue,
  clients,
  clocks,
  counters,
  credentials,
  devices,
  documents,
  erasures,
  events,
  feedHooks,
  feedLetters,
  grants,
  identifiers,
  importChunks,
  importCounts,
  importErrors,
  importMarks,
  importRows,
  imports,
  jobItems,
  jobs,
  keptStates,
  laneSecrets,
  mirrorCopies,
  mirrorCopySubjects,
  mirrorCounts,
  mirrorDiffs,
  mirrorIds,
  mirrorMarks,
  mirrorSignatures,
  mirrorSubjects,
  operatorKeys,
  outbox,
  providers,
  pushTokens,
  readinessCounts,
  readinessRecords,
  readinessRuns,
  readinessStarts,
  receipts,
  removalPicks,
  removals,
  removalSpares,
  sendCounts,
  sendFailures,
  sendPages,
  sends,
  signingKeys,
  subscriptions,
  sweeps,
  tags,
  tagTypes,
  tallies,
  undoCounts,
  undos,
  userWork,
  vaultState,
  webhooks,
} = made
