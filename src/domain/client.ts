/** A client that registered itself with its own key. */
export interface Client {
  readonly id: string
  readonly appId: string
  readonly dialect: string
  /** The key that its assertions are verified with. */
  readonly key: Readonly<Record<string, unknown>>
  /** Its self-description. */
  readonly about: Readonly<Record<string, unknown>>
  /** The external id of the device that it acts for, if it named one. */
  readonly externalId: string | null
}

/** The data behind an authorization code until it is redeemed. */
export interface Grant {
  readonly appId: string
  readonly dialect: string
  readonly clientId: string
  readonly detail: Readonly<Record<string, unknown>>
}
