import type { TagChange } from '../../../domain/tag.ts'
import type { Bound, Call } from '../port.ts'
import { call, type Statement } from '../statement.ts'
import type { TagStatements } from '../statements/tags.ts'
import { json } from './values.ts'

/** The order within a round; changes that free space come first. */
const KINDS = ['remove', 'subtract', 'set', 'default', 'increment', 'append'] as const

/** Whether a change sets a value whose type is shared by the whole app. */
const typed = (change: TagChange): boolean =>
  change.do !== 'remove' && change.do !== 'subtract' && change.fixed !== true

/**
 * The writes of a list of changes, in which later changes of a tag see the results of earlier ones. Each statement
 * receives only its own changes.
 */
export function tagPlan<Names extends string>(
  of: TagStatements<Names>,
  changes: readonly TagChange[],
  bound: Readonly<Record<Names, Bound>> & Readonly<Record<string, Bound>>,
): Call<never>[] {
  let begun = false
  return rounds(changes).flatMap((round) => {
    const calls: Call<never>[] = []
    const add = (statement: Statement<never, Names>, some: readonly TagChange[]) => {
      if (some.length > 0) calls.push(call(statement, { ...bound, changes: json(some) }))
    }
    add(of.fix, round.filter(typed))
    for (const kind of KINDS) {
      const some = round.filter((change) => change.do === kind)
      const before = of.before[kind]
      if (before && begun) add(before.further, some)
      if (before) add(before.first, some)
      begun ||= some.length > 0
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

/** Changes of different tags are independent; a new round begins only if a tag is changed again. */
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

/** Setting values and changing lists as sets is repeatable; an increment is not. */
export const repeatableTags = (changes: readonly TagChange[]): boolean =>
  changes.every((change) => change.do !== 'increment')
