/** Settings of an app, each with a safe default. */
export interface AppSettings {
  /** Whether a phone's topics are copied when it first registers through another dialect (identity R6). */
  readonly carryOver: boolean
}
export const DEFAULT_SETTINGS: AppSettings = { carryOver: true }

/** Most devices of an app; null for no limit. */
export interface AppLimits {
  /** All devices of the app except superseded ones. */
  readonly devices: number | null
  /** Devices of one user in one dialect. Beyond it, those that were seen longest ago lose their user. */
  readonly devicesPerUser: number | null
}
export const NO_LIMITS: AppLimits = { devices: null, devicesPerUser: null }
/** The highest `devicesPerUser`: adding a device to a user reads at most this many of the user's devices. */
export const MOST_PER_USER = 1000

/** Days for which an app keeps data; null for the gateway's own setting. */
export interface AppRetention {
  /** Device history, which undos need. */
  readonly events: number | null
  /** Clients' reports about messages. */
  readonly receipts: number | null
  /** Finished messages. */
  readonly messages: number | null
  /** Devices that have not called for this long are removed; null for never. */
  readonly inactiveDevices: number | null
}
export const NO_RETENTION: AppRetention = {
  events: null,
  receipts: null,
  messages: null,
  inactiveDevices: null,
}

/** The public part of an app's P-256 key pair for web push (RFC 8292): the uncompressed point, 65 bytes, base64url. */
export interface Vapid {
  readonly publicKey: string
  readonly subject: string
}

/** A tenant. All other data belongs to exactly one app, and no operation crosses apps. */
export interface App {
  readonly id: string
  readonly name: string
  readonly settings: AppSettings
  readonly limits: AppLimits
  readonly retention: AppRetention
  readonly vapid: Vapid
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** The record of an app's secret in a dialect, without the secret itself. */
export interface Credential {
  readonly id: string
  readonly dialect: string
  readonly kind: string
  /** The public half of a pair, such as an OAuth client id. */
  readonly name: string | null
  /** SHA-256 of the secret, hexadecimal. */
  readonly hash: string
  readonly scopes: readonly string[]
  /** The secret's last characters, if it is long enough to stay unguessable; else null. */
  readonly hint: string | null
  readonly createdAt: Date
  /** Up to an hour, plus one maintenance interval, behind; null if never used. */
  readonly lastUsedAt: Date | null
}

/** An app's setup in a dialect, without its secrets. */
export interface DialectSetup {
  readonly dialect: string
  /** As the operator entered it. */
  readonly identifier: string
  readonly options: Readonly<Record<string, unknown>>
}

/** An app with all its dialects, for the administration. */
export interface AppRecord extends App {
  readonly dialects: readonly DialectSetup[]
}

/** An app in one of its dialects, for that dialect's adapter. */
export interface DialectApp extends DialectSetup {
  readonly app: App
  readonly credentials: readonly Credential[]
}
