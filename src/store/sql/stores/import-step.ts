import { type ImportRow, isSkipped, type RefusedRow, WARNINGS } from '../../../domain/import.ts'
import type { ImportStep } from '../../contract/imports.ts'
import type { Call } from '../port.ts'
import { call } from '../statement.ts'
import * as A from '../statements/import-apply.ts'
import * as S from '../statements/import-settle.ts'
import * as C from '../statements/import-shadow.ts'
import { stageRows } from '../statements/import-stage.ts'
import { changeId, json } from './values.ts'

/** What a dry run works on instead of the app. */
export const shadowOf = (id: string) => ({ app: `~${id}`, prefix: `~${id}~` })

/** The plan of one step: its rounds, one after the other, then what came of them. */
export function stepPlan(step: ImportStep, now: Date) {
  const values = stepValues(step, now)
  return {
    // Of a step that did not come to its end nothing is there.
    cleared: call(S.clearRows, values),
    rounds: step.rounds.map((rows, round) => roundPlan(rows, round, step, values)),
    refused:
      step.refused.length > 0
        ? [call(S.insertRefused, { ...values, refused: refusedValue(step.refused) })]
        : [],
    settled: [call(S.insertErrors, values), call(S.countRows, values), call(S.countRefused, values)],
    checkpoint: call(S.checkpoint, values),
    swept: call(S.clearRows, values),
  }
}

type Values = ReturnType<typeof stepValues>

function stepValues(
  { import: of, lease, rounds, refused, warnings, rowsRead, place, exportedAt, until }: ImportStep,
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
    until: until.getTime(),
    now: now.getTime(),
    cause: `import ${of.id}`,
    change: changeId(),
    dialects: json([...dialects]),
    cataloguing: json([...new Set(catalogued.map(({ dialect }) => dialect))]),
    warnings: json(WARNINGS),
    counts: json(countsOf(refused, warnings)),
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
    ...(real ? [A.countBeforeRound, A.logLosing, A.logImported] : []),
    A.supersedeLosing,
    A.noteImported,
    A.updateImported,
    A.insertImported,
    A.numberImported,
    A.insertTokens,
    A.updateTokens,
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

/** The rows as the one JSON value that `stageRows` reads. */
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
  warnings: row.warnings.map((one) => `,${one}`).join(''),
  existing: existing ? 1 : 0,
  spread: spread ? 1 : 0,
  ids: ids ? 1 : 0,
  shown,
})

const outcomeOf = ({ reason }: RefusedRow) => (isSkipped(reason) ? 'skipped' : 'rejected')

const refusedValue = (rows: readonly RefusedRow[]): string =>
  json(
    rows.map((row) => ({
      ...row,
      outcome: outcomeOf(row),
      warnings: row.warnings.map((one) => `,${one}`).join(''),
    })),
  )

/** How often what was refused before the store saw it. */
function countsOf(refused: readonly RefusedRow[], warnings: readonly string[]) {
  const counts = new Map<string, { kind: string; name: string; n: number }>()
  const add = (kind: string, name: string) => {
    const key = `${kind} ${name}`
    const known = counts.get(key) ?? { kind, name, n: 0 }
    known.n++
    counts.set(key, known)
  }
  for (const row of refused) {
    add('outcome', outcomeOf(row))
    add('reason', row.reason)
    for (const warning of row.warnings) add('warning', warning)
  }
  for (const warning of warnings) add('warning', warning)
  return [...counts.values()]
}
