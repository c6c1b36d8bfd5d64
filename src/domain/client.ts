/** A client that registered itself with a key of its own. */
export interface Client {
  readonly id: string
  readonly appId: string
  readonly dialect: string
  /** The key that its assertions are verified with. */
  readonly key: Readonly<Record<string, unknown>>
  /** What it said about itself. */
  readonly about: Readonly<Record<string, unknown>>
  /** The external id of the device that it speaks for; null where it named none. */
  readonly externalId: string | null
}

/** What an authorization code stands for, until it is redeemed. */
export interface Grant {
  readonly appId: string
  readonly dialect: string
  readonly clientId: string
  readonly detail: Readonly<Record<string, unknown>>
}
