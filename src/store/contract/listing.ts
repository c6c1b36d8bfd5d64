import type { CatalogueTopic } from '../../domain/catalogue.ts'
import type { ListedDevice, Subscription } from '../../domain/subscription.ts'
import type { TokenDraft } from './devices.ts'

/** One dialect of one app. */
export interface Scope {
  readonly appId: string
  readonly dialect: string
}

/** Each list must have one of its strings in the text. */
export type Contains = readonly (readonly string[])[]

/** As `Contains`; `none` is the text that stands for no user. */
export interface UserContains {
  readonly lists: Contains
  readonly none: string
}

/** A push token by its identity and, since two spellings may have one, its text. */
export type ListedToken = Pick<TokenDraft, 'provider' | 'hash' | 'token'>

/** All members combined by AND; an absent one says nothing. Texts compare byte for byte. */
interface OfDevice {
  readonly externalId?: string | undefined
  readonly externalIds?: readonly string[] | undefined
  readonly externalIdContains?: Contains | undefined
  /** Null: the devices without a user. */
  readonly user?: string | null | undefined
  readonly users?: readonly (string | null)[] | undefined
  readonly userContains?: UserContains | undefined
}
export interface DeviceCriteria extends OfDevice {
  readonly platformName?: string | undefined
  readonly platformNames?: readonly string[] | undefined
  readonly tokens?: readonly ListedToken[] | undefined
  readonly tokenContains?: Contains | undefined
}
export interface SubscriptionCriteria extends OfDevice {
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

/** An item's place in the order of its list. */
export type Place = readonly (string | number)[]

/** Where a step begins, and what is asked of it. */
export interface Window {
  /** Null: at the start. An invalid position starts at an arbitrary row, but never leaves the scope. */
  readonly after: Place | null
  /** Matches to skip. */
  readonly offset: number
  /** The most items to return; at 0 none is read. */
  readonly limit: number
  /** Whether the matches are counted. */
  readonly counted: boolean
}

/** What a step found among the rows that it looked at. */
export interface Step<Item> {
  readonly items: readonly Item[]
  /** All matches, skipped ones included; 0 where they were not asked for. */
  readonly matches: number
  /** Behind which place the next step begins; null where the list ends. */
  readonly end: Place | null
}

/** A list that is read in steps, in a stable order, oldest first: each looks at a bounded number of rows. */
export interface Listing<Criteria, Item> {
  step(scope: Scope, criteria: Criteria, window: Window): Promise<Step<Item>>
  placeOf(item: Item): Place
}

/** What a dialect lists of its own. */
export interface ListingStore {
  readonly devices: Listing<DeviceCriteria, ListedDevice>
  readonly subscriptions: Listing<SubscriptionCriteria, Subscription> & {
    /** The first step of each topic's subscriptions, counted only: all of them in one round trip. */
    countStarts(scope: Scope, topics: readonly string[]): Promise<readonly Step<never>[]>
  }
  readonly catalogue: Listing<CatalogueCriteria, CatalogueTopic>
}
