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

/** Values are set, and lists changed as sets: only an increment counts twice when it is sent twice. */
export const repeatableTags = (changes: readonly TagChange[]): boolean =>
  changes.every((change) => change.do !== 'increment')

export function tagStore(db: Db): TagStore {
  return {
    async change(key, changes, now) {
      const values = { ...keyValues(key), now: now.getTime(), changes: json(changes) }
      const kinds = new Set(changes.map((change) => change.do))
      const plan: Call[] = [...kinds].map((kind) => call(STATEMENTS[kind], values))
      const results = await db.commit(
        [...plan, call(T.skippedTags, values), call(T.tagOwner, values)] as Call[],
        { repeatable: repeatableTags(changes) },
      )
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
