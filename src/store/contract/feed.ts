import type { FeedItem, FeedPlace } from '../../domain/feed.ts'

export interface FeedPage {
  readonly items: readonly FeedItem[]
  /** After all events examined, including other apps', so that it advances even without items. */
  readonly next: FeedPlace
  /** Whether there may be more events. A page may be short or empty even if there are. */
  readonly more: boolean
}

/** The deleted part of the history. */
export interface Dropped {
  /** The position after the last deleted event. */
  readonly place: FeedPlace
  /** When the newest deleted event happened. */
  readonly at: Date
}

/**
 * The history of an app as a feed: each event once, in a stable order. No event ever appears before one that was already
 * read, even under concurrent writes.
 */
export interface FeedStore {
  page(appId: string, after: FeedPlace, limit: number, now: Date): Promise<FeedPage>
  /** The position after the last event so far. */
  end(appId: string): Promise<FeedPlace>
  /** Null if nothing was deleted. */
  dropped(appId: string): Promise<Dropped | null>
}
