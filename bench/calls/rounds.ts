import { generator } from '../kit/load.ts'
import type { Measure } from '../measures.ts'
import type { Contender, Run } from './contenders.ts'
import { type Figure, figure } from './figures.ts'

/** The same load for each of these, one after another. */
export interface Match {
  readonly measure: Measure
  readonly connections: number
  readonly contenders: readonly Contender[]
}

/** Seconds for starting and ending a load generator. */
const START = 0.6
const LEAST = 0.5
const MOST = 5

/** Seconds per run, so that all rounds fit; wrk accepts whole seconds only. */
export function secondsEach(minutes: number, rounds: number, matches: readonly Match[]): number {
  const runs = matches.reduce((sum, { contenders }) => sum + contenders.length, 0)
  const seconds = Math.min(MOST, Math.max(LEAST, (minutes * 60) / rounds / runs - START))
  return generator() === 'wrk' ? Math.max(1, Math.floor(seconds)) : seconds
}

export interface PlayOptions {
  readonly rounds: number
  readonly seconds: number
  /** On a busy machine, fewer rounds instead of much more time. */
  readonly minutes: number
  readonly say: (line: string) => void
}

/** Runs every match in every round, in the opposite order in every second round, and returns the medians. */
export async function play(
  matches: readonly Match[],
  { rounds, seconds, minutes, say }: PlayOptions,
): Promise<Figure[]> {
  const runs = new Map<string, Run[]>()
  const begin = performance.now()
  for (let round = 0; round < rounds; round++) {
    const from = performance.now()
    // Another round of the same length would exceed the time.
    if (round > 0 && (from - begin) * (1 + 1 / round) > minutes * 60_000 * LATE) break
    await playRound(round % 2 ? matches.toReversed() : matches, round % 2 === 1, seconds, runs)
    say(`round ${round + 1} of ${rounds}: ${((performance.now() - from) / 1000).toFixed(0)} s`)
  }
  return matches.flatMap((match) =>
    match.contenders.map((contender) => {
      const { measure, connections } = match
      const situation = { measure: measure.name, connections, contender: contender.name }
      return figure(situation, runs.get(keyOf(match, contender)) ?? [])
    }),
  )
}

const LATE = 1.25

const keyOf = ({ measure, connections }: Match, { name }: Contender) =>
  JSON.stringify([measure.name, connections, name])

async function playRound(
  matches: readonly Match[],
  turned: boolean,
  seconds: number,
  runs: Map<string, Run[]>,
): Promise<void> {
  for (const match of matches) {
    const { measure, connections, contenders } = match
    for (const contender of turned ? contenders.toReversed() : contenders) {
      const run = await contender.run({ measure, connections, seconds })
      const key = keyOf(match, contender)
      runs.set(key, [...(runs.get(key) ?? []), run])
    }
  }
}
