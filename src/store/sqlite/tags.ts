import type { TagChange } from '../../domain/tag.ts'
import type { Call, Db } from '../port.ts'
import { call, type Statement } from '../statement.ts'
import * as T from '../statements/tags.ts'
import type { TagStore } from '../store.ts'
import { json, keyValues } from './values.ts'

const STATEMENTS = {
  set: T.setTags,
  increment: T.incrementTags,
  append: T.appendTags,
  subtract: T.subtractTags,
  remove: T.removeTags,
} satisfies Record<TagChange['do'], Statement>

export function tagStore(db: Db): TagStore {
  return {
    async change(key, changes, now) {
      const values = { ...keyValues(key), now: now.getTime(), changes: json(changes) }
      const results = await db.commit([
        ...rounds(changes).flatMap((round) => roundPlan(round, values)),
        call(T.skippedTags, values),
        call(T.tagOwner, values),
      ] as Call[])
      // By position from the end: the owner, then the skipped names.
      if ((results.at(-1) ?? []).length === 0) return null
      return ((results.at(-2) ?? []) as { name: string }[]).map((row) => row.name)
    },

    async read(key, now) {
      const values = { ...keyValues(key), now: now.getTime() }
      const [rows, [owner]] = await db.read([call(T.readTags, values), call(T.tagOwner, values)])
      if (!owner) return null
      return rows.map((row) => ({ name: row.name, type: row.type, value: JSON.parse(row.value) }))
    },
  }
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

/** One statement for each kind of change in the round. */
function roundPlan(round: readonly TagChange[], values: Call['values']): Call[] {
  const bound = { ...values, changes: json(round) }
  const kinds = new Set(round.map((change) => change.do))
  return [...kinds].flatMap((kind) => [call(STATEMENTS[kind], bound), call(T.bumpOwner, bound)])
}
