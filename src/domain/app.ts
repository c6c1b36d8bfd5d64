/** Choices of one app, each with a safe default. */
export interface AppSettings {
  /** Whether a phone's topics are copied when it first registers through another dialect (identity R6). */
  readonly carryOver: boolean
}
export const DEFAULT_SETTINGS: AppSettings = { carryOver: true }

/** An app's P-256 pair for web push (RFC 8292): the public point, 65 bytes uncompressed, in base64url. */
export interface Vapid {
  readonly publicKey: string
  readonly subject: string
}

/** One tenant. Everything else belongs to one of these, and nothing crosses. */
export interface App {
  readonly id: string
  readonly name: string
  readonly settings: AppSettings
  readonly vapid: Vapid
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A secret of an app in a dialect, without the secret. */
export interface Credential {
  readonly id: string
  readonly dialect: string
  readonly kind: string
  /** The public half of a pair, such as an OAuth client id. */
  readonly name: string | null
  /** SHA-256 of the secret, hexadecimal. */
  readonly hash: string
  readonly scopes: readonly string[]
  /** Its last characters, where it is so long that they give nothing away. */
  readonly hint: string | null
  readonly createdAt: Date
  /** At most an hour behind, and a run of the maintenance; null where it never was. */
  readonly lastUsedAt: Date | null
}

/** What a dialect keeps of an app besides its secrets. */
export interface DialectSetup {
  readonly dialect: string
  /** As the operator gave it. */
  readonly identifier: string
  readonly options: Readonly<Record<string, unknown>>
}

/** An app as the administration shows it: with all its dialects. */
export interface AppRecord extends App {
  readonly dialects: readonly DialectSetup[]
}

/** An app as one of its dialects knows it: what an adapter works with. */
export interface DialectApp extends DialectSetup {
  readonly app: App
  readonly credentials: readonly Credential[]
}
