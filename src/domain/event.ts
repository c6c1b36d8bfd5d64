import type { WebhookKind } from './webhook.ts'

/**
 * What is worth knowing of each kind of event: above all what the change took away, so that it can be undone. No new
 * value is in it: whoever reads an event finds the device as it is now.
 */
interface Details {
  /** A device was made, with everything that its registration brought. */
  readonly registered: { readonly pushTokenId: string | null }
  /** Another device of the dialect, named by its external id, took the token (identity R2). */
  readonly superseded: { readonly pushTokenId: string; readonly by?: string }
  /** A device without a token got one. */
  readonly attached: Before
  /** The token was replaced. */
  readonly rotated: Before
  /** The token was sent in other words: in another spelling, for another environment, with other keys, or alive again. */
  readonly tokenChanged: { readonly pushTokenId: string }
  /** The user was bound, replaced or unbound. */
  readonly userChanged: Partial<Before>
  /** The token was given up; the device stays. */
  readonly detached: { readonly pushTokenId: string }
  /**
   * Members that a call changed: of the profile, the platform, `enabled`, `expiresAt` and the dialect's `details`. With
   * `userId`, and about no device: of all devices of the user in the dialect.
   */
  readonly profileChanged: { readonly fields?: readonly string[]; readonly userId?: string }
  /** The device got the id that its vendor gave it; `from` is the one before. */
  readonly renamed: { readonly from: string }
  readonly subscribed: Topics
  readonly unsubscribed: Topics
  /** With `userId`, and about no device: all devices of the user in the dialect. */
  readonly tagsChanged: { readonly names: readonly string[]; readonly userId?: string }
  /** A topic of the catalogue went, with all subscriptions to it in the dialect. About no device. */
  readonly topicRemoved: { readonly topic: string }
  /** A similar device of the same user, named by its id, replaced it. */
  readonly deactivated: { readonly by?: string }
  /** The push service refused the token (identity R11). */
  readonly dead: { readonly pushTokenId: string; readonly reason: string | null; readonly at: number }
  readonly unregistered: End
  /** Its own time was over. */
  readonly expired: End
  /** It was superseded, and silent for long (identity R3). */
  readonly forgotten: End
  /** A row of an import made the device, or changed it: what it was before. */
  readonly imported: Imported
  /** A device that was imported without an id got its own, by its first call or by another row of an import. */
  readonly adopted: Partial<Imported> & { readonly from?: string }
  /** An operator took back what an event of this kind had done: of one cause, or that single event. */
  readonly undone: { readonly kind: string; readonly of: string; readonly dialect?: string }
  /** Devices that went without a trace, by their ids: with their user, or their dialect. About no device. */
  readonly erased: { readonly devices: readonly string[] }
  /** Devices that had gone before their user was erased, by their ids: their own ends are told no more. About no device. */
  readonly gone: { readonly devices: readonly string[] }
}

interface Before {
  readonly pushTokenId: string | null
  readonly userId: string | null
  readonly userProved: 0 | 1
}

/** Of a device that was there: what it was before, the topics that came, and the tags that came or what they were. */
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

/** `userId`: whose device it was, so that the names go when this user is erased. */
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

/** What every event says, whatever its kind. */
interface About {
  readonly appId: string
  /** Null where it is about several. */
  readonly dialect: string | null
  /** Null where it is about no single device. */
  readonly deviceId: string | null
  /** The device's id in its dialect; null where that was erased, or is not known of a device that has long gone. */
  readonly externalId: string | null
  /** The id of the request that caused it, or the name of the gateway's own work. */
  readonly cause: string
  readonly at: Date
  /** By which it can be taken back; only in the history of a device. */
  readonly id?: string
}

/** The one closed union of events: the history of a device, the feed and the webhooks tell of the same ones. */
export type Event = {
  [Kind in EventKind]: About & { readonly kind: Kind; readonly detail: Details[Kind] }
}[EventKind]

/** Which events webhooks are told of, and as what: for every dialect that has webhooks, the same. */
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
  // To its dialect the device went when it was superseded.
  superseded: null,
  forgotten: null,
  // The device did nothing; the next call of its own tells.
  deactivated: null,
  // To its dialect the device is as it was.
  tokenChanged: null,
  detached: null,
  renamed: null,
  dead: null,
  tagsChanged: null,
  // One call for each subscription would be one for each device.
  topicRemoved: null,
  erased: null,
  gone: null,
  // An import is nothing that a device does.
  imported: null,
  adopted: null,
  undone: null,
} as const satisfies Record<EventKind, WebhookKind | null>

export const EVENT_KINDS = Object.keys(TOLD_AS) as EventKind[]
