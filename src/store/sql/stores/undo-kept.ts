import { groupedBy } from '../../../domain/groups.ts'
import type { Clock } from '../../../domain/ids.ts'
import type { KeptState } from '../../../domain/undo.ts'
import type { Reveal, UndoStore } from '../../contract/undos.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import { dropKept, seal, unsealed } from '../statements/kept.ts'
import * as K from '../statements/undo-kept.ts'
import { json } from './values.ts'

export const DAY = 86_400_000

/** A token, or a device with its token, as `kept.ts` writes them. */
type Former =
  | { readonly id: string }
  | { readonly device: object; readonly token: { readonly id: string } | null }

/** An empty list. */
export const NONE = '[]'
/** No states are needed. */
export const NOTHING = { formerTokens: NONE, formerDevices: NONE, formerSubjects: NONE, lost: NONE }

/** The states that are kept for undos. */
export function keptOf(db: Db, clock: Clock, undoDays: number) {
  /** States kept before then are not used, even if they have not been deleted yet. */
  const keptSince = () => clock().getTime() - undoDays * DAY

  /** The kept states that events need, opened; those that cannot be opened are `lost`. */
  async function formerOf(events: readonly number[], reveal: Reveal) {
    const [rows] = await db.read([call(K.keptOf, { list: json(events), keptSince: keptSince() })])
    const opened = await Promise.all(rows.map(async (row) => ({ row, text: await reveal(toKept(row)) })))
    const texts = opened.flatMap(({ row: { subject }, text }) => (text === null ? [] : [{ subject, text }]))
    const documents = texts.map(({ text }): Former => JSON.parse(text))
    const devices = documents.filter((one) => 'device' in one)
    const tokens = documents.flatMap((one) => ('device' in one ? (one.token ?? []) : one))
    return {
      ...{ formerTokens: json(tokens), formerDevices: json(devices) },
      formerSubjects: json(texts.map(({ subject }) => subject)),
      lost: json(opened.flatMap(({ row, text }) => (text === null ? [row.subject] : []))),
    }
  }

  /** The bytes of what each event needs. */
  async function sizesOf(events: readonly number[]): Promise<ReadonlyMap<number, number>> {
    const [kept] = await db.read([call(K.keptSizes, { list: json(events), keptSince: keptSince() })])
    return new Map(kept.map(({ event, size }) => [event, size]))
  }

  const store: Pick<UndoStore, 'unsealed' | 'seal' | 'dropKept'> = {
    async unsealed(limit, most) {
      const [rows] = await db.read([call(unsealed, { limit, most })])
      return rows.map(toKept)
    },

    async seal(states) {
      // A plan of one app leaves the others their turns.
      for (const [app, own] of groupedBy(states, ({ appId }) => appId)) {
        const calls = own.map(({ subject, at, sealed }) =>
          call(seal, { app, subject, sealed, at: at.getTime() }),
        )
        // Each is written only while the same state is still unsealed.
        await db.commit(calls, { repeatable: true })
      }
    },

    async dropKept(before, limit) {
      const [rows] = await db.commit([call(dropKept, { before: before.getTime(), limit })])
      return rows.length
    },
  }
  return { keptSince, formerOf, sizesOf, store }
}

export const toKept = (row: {
  readonly subject: string
  readonly app_id: string
  readonly document: string | null
  readonly sealed: string | null
  readonly at: number
}): KeptState => ({
  ...{ subject: row.subject, appId: row.app_id, document: row.document, sealed: row.sealed },
  at: new Date(row.at),
})
