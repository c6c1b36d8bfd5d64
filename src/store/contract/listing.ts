import type { CatalogueTopic } from '../../domain/catalogue.ts'
import type { ListedDevice, Subscription } from '../../domain/subscription.ts'
import type { TokenDraft } from './devices.ts'

/** An app's dialect. */
export interface Scope {
  readonly appId: string
  readonly dialect: string
}

/** For each inner list, the text must contain at least one of its strings. */
export type Contains = readonly (readonly string[])[]

/** Like `Contains`; devices without a user are matched as if their user were the text `none`. */
export interface UserContains {
  readonly lists: Contains
  readonly none: string
}

/** A push token by its hash and its text, because different spellings have the same hash. */
export type ListedToken = Pick<TokenDraft, 'provider' | 'hash' | 'token'>

/** Members are combined by AND; absent ones do not filter. Texts are compared byte for byte. */
interface SharedCriteria {
  readonly externalId?: string | undefined
  readonly externalIds?: readonly string[] | undefined
  readonly externalIdContains?: Contains | undefined
  /** Null: devices without a user. */
  readonly user?: string | null | undefined
  readonly users?: readonly (string | null)[] | undefined
  readonly userContains?: UserContains | undefined
}
export interface DeviceCriteria extends SharedCriteria {
  readonly platformName?: string | undefined
  readonly platformNames?: readonly string[] | undefined
  readonly tokens?: readonly ListedToken[] | undefined
  readonly tokenContains?: Contains | undefined
}
export interface SubscriptionCriteria extends SharedCriteria {
  readonly topic?: string | undefined
  readonly topics?: readonly string[] | undefined
  readonly topicContains?: Contains | undefined
}
export interface CatalogueCriteria {
  readonly names?: readonly string[] | undefined
  readonly nameContains?: Contains | undefined
  readonly descriptions?: readonly string[] | undefined
  readonly descriptionContains?: Contains | undefined
}

/** An item's position in its list. */
export type Place = readonly (string | number)[]

/** The start of a step and its limits. */
export interface Window {
  /** Null: from the start. An invalid position starts at an arbitrary row, but never leaves the scope. */
  readonly after: Place | null
  /** Matches to skip. */
  readonly offset: number
  /** Most items to return; with 0, no item is read. */
  readonly limit: number
  /** Whether to count matches. */
  readonly counted: boolean
}

/** The result of a step over the rows that it scanned. */
export interface Step<Item> {
  readonly items: readonly Item[]
  /** All matches, skipped ones included; 0 unless `counted` is set. */
  readonly matches: number
  /** The position after which the next step begins; null at the end of the list. */
  readonly end: Place | null
}

/** A list in a stable order, oldest first, read in steps that scan a bounded number of rows. */
export interface Listing<Criteria, Item> {
  step(scope: Scope, criteria: Criteria, window: Window): Promise<Step<Item>>
  placeOf(item: Item): Place
}

/** The lists of a dialect. */
export interface ListingStore {
  readonly devices: Listing<DeviceCriteria, ListedDevice>
  readonly subscriptions: Listing<SubscriptionCriteria, Subscription> & {
    /** Counts the first step of each topic's subscriptions, in one round trip. */
    countStarts(scope: Scope, topics: readonly string[]): Promise<readonly Step<never>[]>
  }
  readonly catalogue: Listing<CatalogueCriteria, CatalogueTopic>
}
