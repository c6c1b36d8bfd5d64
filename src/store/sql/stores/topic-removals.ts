import type { TopicRemoval } from '../../contract/removals.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import { GOING, goingPiece } from '../statements/catalogue.ts'

/** Most subscriptions scanned per batch of a topic's removal. */
const PIECE = 1000
const SMALL_PIECE = 100

/** A topic with the holder and the end of its lease; null keeps the time. */
export interface Going {
  readonly app: string
  readonly dialect: string
  readonly name: string
  readonly lease: string | null
  readonly until: number | null
}

export const topicRemovalOf = (row: {
  readonly id: string
  readonly app_id: string
  readonly dialect: string
  readonly name: string
}): TopicRemoval => ({
  id: row.id,
  appId: row.app_id,
  dialect: row.dialect.slice(0, -GOING.length),
  topic: row.name,
})

/** Removals of topics, whose subscriptions are deleted in batches. */
export function topicRemovals(db: Db) {
  const rows = db.inThread ? SMALL_PIECE : PIECE

  const pieceOf = (of: Going) => {
    const values = { ...of, rows }
    const { advanceGoing, countGoing, dropGoing, finishGoing } = goingPiece
    return {
      advanced: call(advanceGoing, values),
      counts: call(countGoing, values),
      drop: call(dropGoing, values),
      ended: call(finishGoing, values),
    }
  }

  /** False once nothing is left. */
  async function proceed(of: Going): Promise<boolean> {
    // Not repeatable: a second run would process the next batch.
    const { advanced, ended } = await commit(db, pieceOf(of))
    await db.drain?.()
    return advanced.length > 0 && ended.length === 0
  }

  return {
    pieceOf,
    proceed,
    /** Continues until nothing is left, whichever process does the last batch. */
    async finish(of: Going): Promise<void> {
      while (await proceed(of));
    },
  }
}
