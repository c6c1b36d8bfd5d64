import type { TagChange } from '../../domain/tag.ts'
import type { Call } from '../port.ts'
import { call } from '../statement.ts'
import type { TagStatements } from '../statements/tags.ts'
import { json } from './values.ts'

/** The writes of a list of changes; what a change of the same tag before it did, a later one finds done. */
export function tagPlan(of: TagStatements, changes: readonly TagChange[], bound: Call['values']): Call[] {
  return rounds(changes).flatMap((round) => {
    const values = { ...bound, changes: json(round) }
    const kinds = [...new Set(round.map((change) => change.do))]
    const stamped = round.some((change) => 'stamped' in change && change.stamped)
    const statements = [...kinds.flatMap((kind) => [of[kind], of.bump]), ...(stamped ? [of.stamp] : [])]
    return statements.map((one) => call(one, values))
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
