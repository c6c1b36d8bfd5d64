import type { AppRecord } from '../domain/app.ts'
import { GatewayError } from '../domain/error.ts'
import { FEED_START, type FeedItem, type FeedPlace } from '../domain/feed.ts'
import type { Clock } from '../domain/ids.ts'
import type { Store } from '../store/store.ts'

/** Where a reader begins: behind a place, with what is kept of the history, or with what happens from now on. */
export type FeedFrom = FeedPlace | 'start' | 'latest'

export interface FeedRead {
  readonly items: readonly FeedItem[]
  /** Where to go on. */
  readonly next: FeedPlace
  readonly more: boolean
  /** False where something has happened before that is not kept any more: an export has what it came to. */
  readonly complete: boolean
}

/** The history of an app as a feed. Whoever applies it from a complete start holds what an export holds. */
export interface Feed {
  /** Throws `conflict` for a place whose followers are not kept any more. */
  read(app: AppRecord, from: FeedFrom, limit: number): Promise<FeedRead>
  /** Where a reader stands who has read nothing yet. Throws `conflict` as `read` does. */
  place(app: AppRecord, from: FeedFrom): Promise<FeedPlace>
}

export function createFeed({ store, now }: { readonly store: Store; readonly now: Clock }): Feed {
  /** Behind what is not kept any more. */
  async function lostOf(app: AppRecord): Promise<FeedPlace> {
    const dropped = await store.feed.dropped(app.id)
    // Nothing was dropped of an app that was made later.
    return dropped !== null && dropped.at >= app.createdAt ? dropped.place : FEED_START
  }
  function behind(from: FeedPlace | 'start', lost: FeedPlace): FeedPlace {
    if (from === 'start') return lost
    if (!isBefore(from, lost)) return from
    throw new GatewayError(
      'conflict',
      'What happened behind this place is not kept any more: begin with after=latest and an export.',
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
