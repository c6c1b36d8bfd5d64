import type { Call, CommitOptions, Db } from './port.ts'

/** The calls of a plan by what they are for, in their order; a list where several are for the same. */
export type Plan = Readonly<Record<string, Call | readonly Call[]>>

/** The rows that each of them answered, by the same names. */
export type Outcome<P extends Plan> = {
  readonly [Name in keyof P]: P[Name] extends Call<infer Row>
    ? readonly Row[]
    : P[Name] extends readonly Call<infer Row>[]
      ? readonly (readonly Row[])[]
      : never
}

/** Runs a plan that only reads, in one round trip. */
export const read = async <const P extends Plan>(db: Db, plan: P): Promise<Outcome<P>> =>
  outcomeOf(plan, await db.read(Object.values(plan).flat()))

/** Runs a plan, all or nothing, in one round trip. */
export const commit = async <const P extends Plan>(
  db: Db,
  plan: P,
  options?: CommitOptions,
): Promise<Outcome<P>> => outcomeOf(plan, await db.commit(Object.values(plan).flat(), options))

function outcomeOf<P extends Plan>(plan: P, results: readonly unknown[][]): Outcome<P> {
  let at = 0
  const entries = Object.entries(plan).map(([name, calls]) => {
    if (!Array.isArray(calls)) return [name, results[at++]]
    const from = at
    at += calls.length
    return [name, results.slice(from, at)]
  })
  return Object.fromEntries(entries)
}
