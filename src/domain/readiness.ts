/** How far a move from a vendor has come: what is counted of an app's devices in a dialect (migration.md, section 7). */

/** Devices that are alike in something. */
export interface Tally {
  /** Those that an import named. */
  readonly imported: number
  /** Of these, those that called since. */
  readonly both: number
  /** Those that called since, and that no import named. */
  readonly liveOnly: number
  /** Imported, in use at the vendor's, and not known to be dead. */
  readonly active: number
  readonly activeSeen: number
}

/** Days since 1970, and how many active devices were first seen on each of them; ascending. */
export type Days = readonly (readonly [day: number, seen: number])[]

/** What devices can be told apart by. */
export const GROUPINGS = ['platform', 'appVersion', 'sdkVersion', 'country'] as const
export type Grouping = (typeof GROUPINGS)[number]

export interface Group extends Tally {
  /** Null for those that have none. */
  readonly value: string | null
  /** Only of the largest groups. */
  readonly days?: Days
}

/** What a counting found. */
export interface Counted extends Tally {
  readonly dead: number
  readonly placeholders: number
  /** Devices of the dialect, imported or not, that a message would reach. */
  readonly reachable: number
  /** Active ones that had called before, and since: which day the first call since was is not known. */
  readonly early: number
  readonly days: Days
  readonly groups: Readonly<Record<Grouping, readonly Group[]>>
  /** Imported devices that were not seen, by the month (`2026-11`) of their last activity at the vendor's; null: unknown. */
  readonly unseen: readonly { readonly month: string | null; readonly devices: number }[]
}

export interface ReadinessStart {
  /** When the app got the dialect. */
  readonly createdAt: Date
  /** When its first import began. */
  readonly importedAt: Date | null
  /** When the newest of its files was true. */
  readonly exportedAt: Date | null
}

/** What an operator signed off. */
export interface ReadinessRecord {
  readonly id: string
  readonly dialect: string
  readonly at: Date
  /** The name of the token that was used. */
  readonly actor: string
  readonly note: string | null
  /** The readiness as it was shown then, as JSON text. */
  readonly document: string
  /** The SHA-256 of that text, in hexadecimal digits. */
  readonly digest: string
}

/** Values of one grouping that are shown by themselves; the rest are one. */
export const MOST_GROUPS = 50
/** Of the largest of these, days are known. */
export const MOST_CURVES = 10
