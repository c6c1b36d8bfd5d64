import type { FeedItem, FeedPlace } from '../../domain/feed.ts'

export interface FeedPage {
  readonly items: readonly FeedItem[]
  /** Behind everything that was looked at: also of other apps, so that it moves where there are no items. */
  readonly next: FeedPlace
  /** Whether more may be there already. A page may be short, or empty, while it is. */
  readonly more: boolean
}

/** What was dropped of the history by its age. */
export interface Dropped {
  /** Behind the last event that was. */
  readonly place: FeedPlace
  /** When the newest of them happened. */
  readonly at: Date
}

/**
 * The history of an app as a feed: every event once, in an order in which no event ever appears before one that was read
 * already, however many write at once.
 */
export interface FeedStore {
  page(appId: string, after: FeedPlace, limit: number, now: Date): Promise<FeedPage>
  /** Behind the last event so far. */
  end(appId: string): Promise<FeedPlace>
  /** Null: nothing yet. */
  dropped(appId: string): Promise<Dropped | null>
}
