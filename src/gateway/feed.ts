import type { AppRecord } from '../domain/app.ts'
import { GatewayError } from '../domain/error.ts'
import { FEED_START, type FeedItem, type FeedPlace } from '../domain/feed.ts'
import type { Clock } from '../domain/ids.ts'
import type { Store } from '../store/store.ts'

/** Where a reader begins: after a position, at the start of the kept history, or at the next new event. */
export type FeedFrom = FeedPlace | 'start' | 'latest'

export interface FeedRead {
  readonly items: readonly FeedItem[]
  /** The position of the next read. */
  readonly next: FeedPlace
  readonly more: boolean
  /** False if earlier events were already deleted; an export contains their results. */
  readonly complete: boolean
}

/** The history of an app as a feed. A reader that applies it from a complete start has the same state as an export. */
export interface Feed {
  /** Throws `conflict` for a position whose next events were already deleted. */
  read(app: AppRecord, from: FeedFrom, limit: number): Promise<FeedRead>
  /** The position of a new reader. Throws `conflict` as `read` does. */
  place(app: AppRecord, from: FeedFrom): Promise<FeedPlace>
}

export function createFeed({ store, now }: { readonly store: Store; readonly now: Clock }): Feed {
  /** The position after the deleted events. */
  async function lostOf(app: AppRecord): Promise<FeedPlace> {
    const dropped = await store.feed.dropped(app.id)
    // An app created after the deletion has lost no events.
    return dropped !== null && dropped.at >= app.createdAt ? dropped.place : FEED_START
  }
  function behind(from: FeedPlace | 'start', lost: FeedPlace): FeedPlace {
    if (from === 'start') return lost
    if (!isBefore(from, lost)) return from
    throw new GatewayError(
      'conflict',
      'Events after this position are no longer stored: start again with after=latest and an export.',
    )
  }

  return {
    async read(app, from, limit) {
      if (from === 'latest')
        return { items: [], next: await store.feed.end(app.id), more: false, complete: true }
      const lost = await lostOf(app)
      const page = await store.feed.page(app.id, behind(from, lost), limit, now())
      return { ...page, complete: from !== 'start' || lost === FEED_START }
    },
    place: async (app, from) =>
      from === 'latest' ? store.feed.end(app.id) : behind(from, await lostOf(app)),
  }
}

const isBefore = ([turn, id]: FeedPlace, [otherTurn, otherId]: FeedPlace): boolean =>
  turn < otherTurn || (turn === otherTurn && id < otherId)
