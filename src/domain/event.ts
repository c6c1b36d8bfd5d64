import type { WebhookKind } from './webhook.ts'

/**
 * The detail of each kind of event: the state before the change, so that the change can be undone. New values are left out;
 * readers of an event take them from the device itself.
 */
interface Details {
  /** A device was created. */
  readonly registered: { readonly pushTokenId: string | null }
  /** Another device of the dialect, named by its external id, took the token (identity R2). */
  readonly superseded: { readonly pushTokenId: string; readonly by?: string }
  /** A device without a token received one. */
  readonly attached: Before
  /** The token was replaced. */
  readonly rotated: Before
  /** The same token was sent with another spelling, environment or keys, or a dead token was registered again. */
  readonly tokenChanged: { readonly pushTokenId: string }
  /** The user was bound, replaced or unbound. */
  readonly userChanged: Partial<Before>
  /** The token was removed; the device stays. */
  readonly detached: { readonly pushTokenId: string }
  /**
   * Members that a call changed: of the profile, the platform, `enabled`, `expiresAt` and the dialect's `details`. An event
   * with `userId` names no device and applies to all devices of that user in the dialect.
   */
  readonly profileChanged: { readonly fields?: readonly string[]; readonly userId?: string }
  /** The device took the id that its vendor assigned; `from` is the previous id. */
  readonly renamed: { readonly from: string }
  readonly subscribed: Topics
  readonly unsubscribed: Topics
  /**
   * `tags`: the previous values, `false` for none; empty if they are too large. Without a device, `userId` says whose devices
   * in the dialect it applies to; otherwise it is the device's user, so that erasing the user also erases the values.
   */
  readonly tagsChanged: {
    readonly names: readonly string[]
    readonly tags?: Readonly<Record<string, unknown>>
    readonly userId?: string | null
  }
  /** A catalogue topic was removed, with all subscriptions to it in the dialect. Names no device. */
  readonly topicRemoved: { readonly topic: string }
  /** A similar device of the same user, named by its id, replaced it. */
  readonly deactivated: { readonly by?: string }
  /** The push service refused the token (identity R11). */
  readonly dead: { readonly pushTokenId: string; readonly reason: string | null; readonly at: number }
  readonly unregistered: End
  /** The device passed its `expiresAt`. */
  readonly expired: End
  /** The device was superseded and had not called for the retention period (identity R3). */
  readonly forgotten: End
  /** A row of an import created or changed the device; the detail is the state before. */
  readonly imported: Imported
  /**
   * A device that was imported without an id received one, by its first call or by another row of an import. `placeholder`:
   * the row id of an imported device that was merged into this one; `fillsUser`: 1 if this one had no user.
   */
  readonly adopted: Partial<Imported> & {
    readonly from?: string
    readonly placeholder?: string | null
    readonly fillsUser?: 0 | 1
  }
  /** An operator undid events of this kind: all events of one cause, or a single event. */
  readonly undone: { readonly kind: string; readonly of: string; readonly dialect?: string }
  /** Ids of devices that were erased with their user or their dialect. Names no device. */
  readonly erased: { readonly devices: readonly string[] }
  /** Ids of devices removed before their user was erased; their removal events are erased too. Names no device. */
  readonly gone: { readonly devices: readonly string[] }
}

/** The state before, and the names of other members that the same call changed, `userId` among them. */
interface Before {
  readonly fields?: readonly string[]
  readonly pushTokenId: string | null
  readonly userId: string | null
  readonly userProved: 0 | 1
}

/** For a device that existed: its previous state, the topics that were added, and the previous tags or the added ones. */
interface Imported {
  readonly row: number
  readonly outcome: string
  readonly before?: Readonly<Record<string, unknown>>
  readonly topics?: readonly string[]
  readonly tags?: Readonly<Record<string, unknown>>
  readonly pushTokenId: string | null
  readonly userId?: string | null
  readonly userProved?: 0 | 1
}

/** `userId`: the device's user, so that erasing the user also erases the names. */
interface Topics {
  readonly topics: readonly string[]
  readonly userId: string | null
}

interface End {
  readonly dialect: string
  readonly pushTokenId: string | null
  readonly userId?: string | null
}

export type EventKind = keyof Details

/** Members of every event. */
interface About {
  readonly appId: string
  /** Null for an event about several dialects. */
  readonly dialect: string | null
  /** Null for an event that names no single device. */
  readonly deviceId: string | null
  /** The device's id in its dialect; null if it was erased, or if it is unknown because the device was removed long ago. */
  readonly externalId: string | null
  /** The id of the request that caused the event, or the name of the background work. */
  readonly cause: string
  readonly at: Date
  /** The id by which the event can be undone; only in the history of a device. */
  readonly id?: string
}

/** The closed union of events, shared by device history, feed and webhooks. */
export type Event = {
  [Kind in EventKind]: About & { readonly kind: Kind; readonly detail: Details[Kind] }
}[EventKind]

/** The webhook event for each kind, the same in every dialect with webhooks; null for none. */
export const TOLD_AS = {
  registered: 'deviceRegistered',
  attached: 'deviceUpdated',
  rotated: 'deviceUpdated',
  userChanged: 'deviceUpdated',
  profileChanged: 'deviceUpdated',
  subscribed: 'subscribed',
  unsubscribed: 'unsubscribed',
  unregistered: 'deviceUnregistered',
  expired: 'deviceUnregistered',
  // In the dialect's terms, a superseded device is removed.
  superseded: null,
  forgotten: null,
  // The device itself did nothing; its own next call produces an event.
  deactivated: null,
  // The dialect does not show these changes.
  tokenChanged: null,
  detached: null,
  renamed: null,
  dead: null,
  tagsChanged: null,
  // One call per subscription would be one call per device.
  topicRemoved: null,
  erased: null,
  gone: null,
  // Imports are not actions of a device.
  imported: null,
  adopted: null,
  undone: null,
} as const satisfies Record<EventKind, WebhookKind | null>

export const EVENT_KINDS = Object.keys(TOLD_AS) as EventKind[]
