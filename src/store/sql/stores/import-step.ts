import { type ImportRow, isSkipped, type RefusedRow, WARNINGS, type Warning } from '../../../domain/import.ts'
import type { ImportStep } from '../../contract/imports.ts'
import type { Call } from '../port.ts'
import { call } from '../statement.ts'
import * as A from '../statements/import-apply.ts'
import * as S from '../statements/import-settle.ts'
import * as C from '../statements/import-shadow.ts'
import { stageRows } from '../statements/import-stage.ts'
import { noteStart } from '../statements/readiness.ts'
import { countDryRun, letGoOfImport, refuseBeyond } from '../statements/room.ts'
import { freshPlan, freshValues, guessesOf, guessing } from './import-fresh.ts'
import { changeId, json, type Keeps } from './values.ts'

/** The app and id prefix of a dry run's data. */
export const shadowOf = (id: string) => ({ app: `~${id}`, prefix: `~${id}~` })

/**
 * The plan of one step: its new devices (`fresh`, of the first round), then the remaining rows round by round,
 * and finally the outcomes.
 */
export function stepPlan(step: ImportStep, fresh: readonly ImportRow[], now: Date, keeps: Keeps) {
  const apart = new Set(fresh)
  const rounds =
    fresh.length === 0 ? step.rounds : step.rounds.map((rows) => rows.filter((row) => !apart.has(row)))
  const values = { ...stepValues(step, fresh, now), keeps }
  const { early, late } = guessedTypes(fresh, rounds[0] ?? [])
  const told = [...step.refused.map(refusedValue), ...fresh.filter(isWarned).map(warnedValue)]
  const staged = rounds.some((rows) => rows.length > 0)
  return {
    // Deletes rows of an interrupted step.
    cleared: call(S.clearRows, values),
    fresh: [...freshPlan(fresh, values), ...guessing(early, values)],
    rounds: rounds.map((rows, round) => [
      ...(rows.length === 0 ? [] : roundPlan(rows, round, step, values)),
      ...(round === 0 ? guessing(late, values) : []),
    ]),
    others: step.import.dryRun ? [] : letGoOfImport.map((one) => call(one, values)),
    told: told.length > 0 ? [call(S.insertRefused, { ...values, refused: json(told) })] : [],
    settled: staged ? [call(S.insertErrors, values), call(S.countRows, values)] : [],
    counted: call(S.countRefused, values),
    started: step.import.dryRun ? [] : [call(noteStart, values)],
    checkpoint: call(S.checkpoint, values),
    swept: staged ? [call(S.clearRows, values)] : [],
  }
}

/** For tag names whose first row uses the row-by-row path, that row is evaluated first. */
function guessedTypes(fresh: readonly ImportRow[], others: readonly ImportRow[]) {
  const before = guessesOf(others)
  const all = [...guessesOf(fresh)]
  const isEarly = ([key, { position }]: (typeof all)[number]) =>
    position < (before.get(key)?.position ?? Infinity)
  const of = (list: typeof all) => list.map(([, guess]) => guess)
  return { early: of(all.filter(isEarly)), late: of(all.filter((one) => !isEarly(one))) }
}

type Values = ReturnType<typeof stepValues> & { readonly keeps: Keeps }

function stepValues(
  { import: of, lease, rounds, refused, warnings, rowsRead, place, exportedAt, until }: ImportStep,
  fresh: readonly ImportRow[],
  now: Date,
) {
  const dialects = new Set(rounds.flat().map(({ dialect }) => dialect))
  const catalogued = rounds.flat().filter((row) => row.catalogued)
  return {
    importNumber: of.number,
    lease,
    home: of.appId,
    ...(of.dryRun ? shadowOf(of.id) : { app: of.appId, prefix: '' }),
    fromRow: of.rowsRead,
    rowsRead,
    place: json(place ?? null),
    exportedAt: exportedAt?.getTime() ?? null,
    importedAt: of.createdAt.getTime(),
    until: until.getTime(),
    now: now.getTime(),
    cause: `import ${of.id}`,
    change: changeId(),
    dialects: json([...dialects]),
    cataloguing: json([...new Set(catalogued.map(({ dialect }) => dialect))]),
    warnings: json(WARNINGS),
    counts: json(countsOf(refused, fresh, warnings)),
    ...freshValues(fresh),
  }
}

function roundPlan(
  rows: readonly ImportRow[],
  round: number,
  { import: of }: ImportStep,
  step: Values,
): readonly Call[] {
  const values = { ...step, round, importRows: rowsValue(rows) }
  const topics = rows.some((row) => row.topics.length > 0)
  const tags = rows.some((row) => row.tags.length > 0)
  const catalogued = rows.some((row) => row.catalogued)
  const real = !of.dryRun
  const all = [
    ...(real ? [] : [C.copyTokens, C.copyDevices, C.copyTopics, C.copyTags]),
    stageRows,
    refuseBeyond,
    ...(real ? [] : [countDryRun]),
    ...(real ? [A.countBeforeRound, A.logLosing, A.logImported] : []),
    A.supersedeLosing,
    A.noteImported,
    A.updateImported,
    A.insertImported,
    A.numberImported,
    A.insertTokens,
    A.updateTokens,
    ...(real ? [A.keepReplaced] : []),
    A.retireReplaced,
    ...(topics ? [A.renameTopics, A.insertImportedTopics] : []),
    ...(topics && catalogued && real ? [A.catalogueImported] : []),
    ...(tags
      ? [...(real ? [A.guessTypes] : []), A.dropReplacedTags, A.insertImportedTags, A.countImportedTags]
      : []),
    A.markRows,
    ...(real ? [A.logCreatedByImport, A.countAfterRound] : []),
  ]
  return all.map((one) => call(one, values))
}

/** The rows as one JSON value for `stageRows`. */
const rowsValue = (rows: readonly ImportRow[]): string => json(rows.map(rowValue))

const rowValue = ({ token, user, shown, existing, spread, ids, catalogued: _, ...row }: ImportRow) => ({
  ...row,
  provider: token?.provider ?? null,
  hash: token?.hash ?? null,
  token: token?.text ?? null,
  keys: token?.keys ?? undefined,
  userId: user?.id ?? null,
  userProved: user?.proved ? 1 : 0,
  enabled: row.enabled === null ? null : row.enabled ? 1 : 0,
  details: row.details ?? undefined,
  warnings: joined(row.warnings),
  existing: existing ? 1 : 0,
  spread: spread ? 1 : 0,
  ids: ids ? 1 : 0,
  shown: shown(),
})

const outcomeOf = ({ reason }: RefusedRow) => (isSkipped(reason) ? 'skipped' : 'rejected')
const joined = (warnings: readonly Warning[]) => warnings.map((one) => `,${one}`).join('')

/** Rejected rows for the error list; the store need not evaluate them. */
const refusedValue = (row: RefusedRow) => ({
  ...row,
  outcome: outcomeOf(row),
  warnings: joined(row.warnings),
})
const warnedValue = (row: ImportRow) => ({
  ...{ position: row.position, outcome: 'created', reason: null, warnings: joined(warningsOf(row)) },
  ...{ shown: row.shown(), userId: row.user?.id ?? null },
})

/** For a row that creates a device: the warnings that the row-by-row path would add. */
const warningsOf = ({ warnings, externalId }: ImportRow): readonly Warning[] =>
  externalId === null ? [...warnings, 'placeholder'] : warnings
const isWarned = (row: ImportRow): boolean => row.externalId === null || row.warnings.length > 0

/** Counts of outcomes decided before the store is involved. */
function countsOf(refused: readonly RefusedRow[], fresh: readonly ImportRow[], warnings: readonly string[]) {
  const counts = new Map<string, { kind: string; name: string; n: number }>()
  const add = (kind: string, name: string, n = 1) => {
    const key = `${kind} ${name}`
    const known = counts.get(key) ?? { kind, name, n: 0 }
    known.n += n
    counts.set(key, known)
  }
  for (const row of refused) {
    add('outcome', outcomeOf(row))
    add('reason', row.reason)
    for (const warning of row.warnings) add('warning', warning)
  }
  if (fresh.length > 0) add('outcome', 'created', fresh.length)
  for (const row of fresh) if (isWarned(row)) for (const one of new Set(warningsOf(row))) add('warning', one)
  for (const warning of warnings) add('warning', warning)
  return [...counts.values()]
}
