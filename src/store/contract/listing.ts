import type { CatalogueTopic } from '../../domain/catalogue.ts'
import type { ListedDevice, Subscription } from '../../domain/subscription.ts'

/** One dialect of one app. */
export interface Scope {
  readonly appId: string
  readonly dialect: string
}

/** Each list must have one of its strings in the text. */
export type Contains = readonly (readonly string[])[]

/** All members combined by AND; an absent one says nothing. Texts compare byte for byte. */
export interface DeviceCriteria {
  readonly platformName?: string | undefined
  readonly platformNames?: readonly string[] | undefined
  /** Null: the devices without a user. */
  readonly user?: string | null | undefined
}
export interface SubscriptionCriteria {
  readonly topic?: string | undefined
  readonly topics?: readonly string[] | undefined
  readonly topicContains?: Contains | undefined
  readonly externalId?: string | undefined
  readonly externalIds?: readonly string[] | undefined
  readonly externalIdContains?: Contains | undefined
  readonly user?: string | null | undefined
}
export interface CatalogueCriteria {
  readonly names?: readonly string[] | undefined
  readonly nameContains?: Contains | undefined
  readonly descriptions?: readonly string[] | undefined
  readonly descriptionContains?: Contains | undefined
}

/** An item's place in the order of its list. */
export type Place = readonly (string | number)[]

/** Where a part of a list begins: behind a place, and after skipping some. */
export interface Window {
  /** Null: at the start. What is no place of the list begins somewhere, and nowhere outside the scope. */
  readonly after: Place | null
  readonly offset: number
  readonly limit: number
}

/** A list that can be read in parts, in a stable order: oldest first. */
export interface Listing<Criteria, Item> {
  part(scope: Scope, criteria: Criteria, window: Window): Promise<readonly Item[]>
  placeOf(item: Item): Place
  /** How many there are altogether, counted on indexes. */
  count(scope: Scope, criteria: Criteria): Promise<number>
}

/** What a dialect lists of its own. */
export interface ListingStore {
  readonly devices: Listing<DeviceCriteria, ListedDevice>
  readonly subscriptions: Listing<SubscriptionCriteria, Subscription>
  readonly catalogue: Listing<CatalogueCriteria, CatalogueTopic>
}
