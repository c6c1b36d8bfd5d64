import { median } from '../kit/numbers.ts'
import type { Run } from './contenders.ts'

/** The medians of a contender's rounds in one situation. */
export interface Figure {
  readonly measure: string
  readonly contender: string
  readonly connections: number
  readonly rounds: number
  readonly rate: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly answers: number
  readonly statements?: number
  readonly clientCpu: number | null
}

export function figure(
  situation: Pick<Figure, 'measure' | 'contender' | 'connections'>,
  runs: readonly Run[],
): Figure {
  const of = (read: (run: Run) => number) => median(runs.map(read))
  const statements = runs.flatMap((run) => ('statements' in run ? [run.statements] : []))
  const cpus = runs.flatMap((run) => ('clientCpu' in run && run.clientCpu !== null ? [run.clientCpu] : []))
  return {
    ...situation,
    rounds: runs.length,
    rate: of(({ rate }) => rate),
    p50: of(({ p50 }) => p50),
    p99: of(({ p99 }) => p99),
    p999: of(({ p999 }) => p999),
    answers: runs.reduce((sum, { answers }) => sum + answers, 0),
    ...(statements.length > 0 && { statements: median(statements) }),
    clientCpu: cpus.length > 0 ? median(cpus) : null,
  }
}
