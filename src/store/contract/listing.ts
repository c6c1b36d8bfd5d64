import type { CatalogueTopic } from '../../domain/catalogue.ts'
import type { Target, TargetOutcome, TargetPlace } from '../../domain/message.ts'
import type { Place, TextPlace } from '../../domain/page.ts'
import type { ListedDevice, Subscription } from '../../domain/subscription.ts'
import type { TokenDraft } from './devices.ts'
import type { Step, Window } from './step.ts'

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
  /** Null for devices without a user. */
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

/** The phones of one message that came out so. */
export interface TargetCriteria {
  /** The message's own id. */
  readonly message: string
  /** By which devices report it. */
  readonly externalId: string
  readonly outcomes: readonly TargetOutcome[]
}

/** Subscriptions are listed by device, and those of a device by time. */
export type SubscriptionPlace = readonly [deviceId: string, at: number, topic: string]

/** A list in a stable order, oldest first, read in steps that scan a bounded number of rows. */
export interface Listing<Criteria, Item, At extends Place> {
  step(scope: Scope, criteria: Criteria, window: Window<At>): Promise<Step<Item, At>>
  placeOf(item: Item): At
}

/** The lists of a dialect. */
export interface ListingStore {
  readonly devices: Listing<DeviceCriteria, ListedDevice, TextPlace>
  readonly subscriptions: Listing<SubscriptionCriteria, Subscription, SubscriptionPlace> & {
    /** Counts the first step of each topic's subscriptions, in one round trip. */
    countStarts(scope: Scope, topics: readonly string[]): Promise<readonly Step<never, SubscriptionPlace>[]>
  }
  readonly catalogue: Listing<CatalogueCriteria, CatalogueTopic, TextPlace>
  readonly targets: Listing<TargetCriteria, Target, TargetPlace>
}
