import type { TagChange } from '../../../domain/tag.ts'
import type { Bound, Call } from '../port.ts'
import { call, type Statement } from '../statement.ts'
import type { TagStatements } from '../statements/tags.ts'
import { json } from './values.ts'

/** The order within a round: what makes room goes first. */
const KINDS = ['remove', 'subtract', 'set', 'default', 'increment', 'append'] as const

/** Whether a change gives a name, new or known, a value whose type the whole app shares. */
const typed = (change: TagChange): boolean =>
  change.do !== 'remove' && change.do !== 'subtract' && change.fixed !== true

/**
 * The writes of a list of changes; what a change of the same tag before it did, a later one finds done. Each statement
 * is given its own changes alone.
 */
export function tagPlan<Names extends string>(
  of: TagStatements<Names>,
  changes: readonly TagChange[],
  bound: Readonly<Record<Names, Bound>> & Readonly<Record<string, Bound>>,
): Call<never>[] {
  return rounds(changes).flatMap((round) => {
    const calls: Call<never>[] = []
    const add = (statement: Statement<never, Names>, some: readonly TagChange[]) => {
      if (some.length > 0) calls.push(call(statement, { ...bound, changes: json(some) }))
    }
    add(of.fix, round.filter(typed))
    for (const kind of KINDS) {
      const some = round.filter((change) => change.do === kind)
      add(of[kind], some)
      add(of.bump, some)
      if (of.log) add(of.log, some)
    }
    add(
      of.stamp,
      round.filter((change) => 'stamped' in change && change.stamped),
    )
    return calls
  })
}

/** Changes of different tags know no order; only where one tag is changed again does a new round begin. */
function rounds(changes: readonly TagChange[]): TagChange[][] {
  const all: TagChange[][] = []
  let names = new Set<string>()
  for (const change of changes) {
    const round = all.at(-1)
    if (round && !names.has(change.name)) round.push(change)
    else {
      all.push([change])
      names = new Set()
    }
    names.add(change.name)
  }
  return all
}

/** Values are set, and lists changed as sets: only an increment counts twice when it is sent twice. */
export const repeatableTags = (changes: readonly TagChange[]): boolean =>
  changes.every((change) => change.do !== 'increment')
