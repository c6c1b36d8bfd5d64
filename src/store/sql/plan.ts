import type { Call, CommitOptions, Db } from './port.ts'

/** The calls of a plan by name, in order: single calls, lists of calls, and nested plans. */
export interface Plan {
  readonly [name: string]: Step
}
type Step = Call | Plan | readonly Step[]

/** The rows of each call, by the same names. */
export type Outcome<S> =
  S extends Call<infer Row>
    ? readonly Row[]
    : S extends readonly (infer Each)[]
      ? readonly Outcome<Each>[]
      : { readonly [Name in keyof S]: Outcome<S[Name]> }

/** Runs a read-only plan in one round trip. */
export const read = async <const P extends Plan>(db: Db, plan: P): Promise<Outcome<P>> =>
  outcomeOf(plan, await db.read(callsOf(plan)))

/** Runs a plan, all or nothing, in one round trip. */
export const commit = async <const P extends Plan>(
  db: Db,
  plan: P,
  options?: CommitOptions,
): Promise<Outcome<P>> => outcomeOf(plan, await db.commit(callsOf(plan), options))

const isCall = (step: Step): step is Call => 'statement' in step
const isList = (step: Step): step is readonly Step[] => Array.isArray(step)

const callsOf = (step: Step): Call[] => (isCall(step) ? [step] : Object.values<Step>(step).flatMap(callsOf))

/** Assigns the results to names, in the order of the calls. */
function outcomeOf<P extends Plan>(plan: P, results: readonly unknown[][]): Outcome<P> {
  const rest = results.values()
  const of = (step: Step): unknown => {
    if (isCall(step)) return rest.next().value
    if (isList(step)) return step.map(of)
    return Object.fromEntries(Object.entries(step).map(([name, one]) => [name, of(one)]))
  }
  return of(plan) as Outcome<P>
}
