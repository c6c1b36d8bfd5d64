/** Progress of a move from a vendor: counts of an app's devices in a dialect (migration.md, section 7). */

/** Counts of a group of devices. */
export interface Tally {
  /** Devices named by an import. */
  readonly imported: number
  /** Imported devices that have called since. */
  readonly both: number
  /** Devices that have called since and that no import named. */
  readonly liveOnly: number
  /** Imported devices in use at the vendor and not known to be dead. */
  readonly active: number
  readonly activeSeen: number
}

/** The number of active devices first seen on each day since 1970, ascending by day. */
export type Days = readonly (readonly [day: number, seen: number])[]

/** Properties by which devices are grouped. */
export const GROUPINGS = ['platform', 'appVersion', 'sdkVersion', 'country'] as const
export type Grouping = (typeof GROUPINGS)[number]

export interface Group extends Tally {
  /** Null for devices without a value. */
  readonly value: string | null
  /** Only for the largest groups. */
  readonly days?: Days
}

/** The result of a count. */
export interface Counted extends Tally {
  readonly dead: number
  readonly placeholders: number
  /** Devices of the dialect that a message would reach, imported or not. */
  readonly reachable: number
  /** Active devices that called both before and after `since`; the day of their first call after it is unknown. */
  readonly early: number
  readonly days: Days
  readonly groups: Readonly<Record<Grouping, readonly Group[]>>
  /** Imported devices not seen here, by month (`2026-11`) of their last activity at the vendor; null if unknown. */
  readonly unseen: readonly { readonly month: string | null; readonly devices: number }[]
}

export interface ReadinessStart {
  /** When the dialect was added to the app. */
  readonly createdAt: Date
  /** When the app's first import began. */
  readonly importedAt: Date | null
  /** The export time of the newest imported file. */
  readonly exportedAt: Date | null
}

/** A report signed off by an operator. */
export interface ReadinessRecord {
  readonly id: string
  readonly dialect: string
  readonly at: Date
  /** The name of the token used. */
  readonly actor: string
  readonly note: string | null
  /** The report as it was shown, as JSON text. */
  readonly document: string
  /** The SHA-256 of that text, hexadecimal. */
  readonly digest: string
}

/** Groups listed per property; the rest is summed. */
export const MOST_GROUPS = 50
/** Groups per property that have daily counts. */
export const MOST_CURVES = 10
