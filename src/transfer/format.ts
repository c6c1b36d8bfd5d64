import type { Platform, Profile } from '../domain/device.ts'
import type { ImportOptions, Reason, Warning } from '../domain/import.ts'
import type { Environment, Provider } from '../domain/push-token.ts'
import type { TopicPolicy } from '../domain/topic.ts'
import type { Form } from './form.ts'
import type { FileRecord } from './text/record.ts'

/** What a record of a file says, before anything of it is checked: members as they stood. */
export interface RawRow {
  /** The record is not about a device, or one that nothing is wrong with is left out. */
  readonly skip?: Reason
  /** It names no device that is understood. */
  readonly fault?: Reason
  /** Which column or member `fault` is about. */
  readonly faultField?: string
  /** It is about a device that must be there. */
  readonly existing?: boolean
  readonly dialect?: string | undefined
  readonly externalId?: unknown
  readonly token?: unknown
  /** Null: what the file says is no platform that is known. */
  readonly platform?: Platform | null | undefined
  /** Absent: the one that the platform has. */
  readonly provider?: Provider | undefined
  readonly environment?: Environment | undefined
  readonly keys?: { readonly p256dh: unknown; readonly auth: unknown } | undefined
  readonly userId?: unknown
  readonly userProved?: boolean
  /** For dialects whose users may have any name: none stands for nobody. */
  readonly userIsPlain?: boolean
  readonly enabled?: boolean | undefined
  readonly profile?: Partial<Record<keyof Profile, unknown>>
  readonly details?: unknown
  readonly expiresAt?: unknown
  readonly supersededAt?: unknown
  readonly createdAt?: unknown
  readonly lastSeenAt?: unknown
  /** How new the row is, where that is not `lastSeenAt`. */
  readonly updatedAt?: unknown
  readonly asOf?: unknown
  readonly topics?: unknown
  readonly subscriptionIds?: Readonly<Record<string, unknown>> | undefined
  readonly tags?: readonly RawTag[] | 'malformed'
  /** The id that the vendor's API answered for the row, where devices have one besides their own. */
  readonly rowId?: unknown
  /** Whether the token is taken in any form. */
  readonly anyToken?: boolean
  /** Each row of a device adds its topics. */
  readonly spread?: boolean
  readonly warnings?: readonly Warning[]
  /** What the file calls what is wrong. */
  readonly fields?: Readonly<Record<string, string>>
  /** Text of a column of a table: `n/a` and what stands for nothing counts as absent. */
  readonly isTable?: boolean
}

export interface RawTag {
  readonly name: string
  readonly value: unknown
  /** Its type, where the file or the vendor says so. */
  readonly type?: string
}

/** What the rows of a file are read by. */
export interface Reading {
  readonly options: ImportOptions
  /** The columns of a table as they stand; null where the file has none. */
  readonly header: readonly string[] | null
  readonly now: number
}

/** A line of our own format that is about the file. */
export interface FileLine {
  readonly exportedAt?: unknown
  /** How many devices the file says that it has. */
  readonly devices?: number
}

export interface Format {
  readonly name: string
  /** `lines`: JSON objects; `texts`: lines of anything else. */
  readonly shape: 'table' | 'lines' | 'texts' | 'pages'
  /** Of pages: members that are lists of records, and what a record in none of them is. */
  readonly lists?: readonly string[]
  readonly bare?: string
  /** Tables without a header. */
  readonly headless?: boolean
  /** What parts the cells of a table, whatever it looks like. */
  readonly delimiter?: string
  /** Of a table whose rows may have fewer cells. */
  readonly mostCells?: number
  /** Ids in it mean nothing here: who has no token is left out. */
  readonly foreign: boolean
  /** A parameter that an upload must have. */
  readonly requires?: 'platform'
  /** Throws `FileFault` where the header names no device. */
  read(reading: Reading): (record: FileRecord) => RawRow | FileLine
}

/** What vendors give out and take in whose API nobody speaks here. */
export interface Neighbours {
  readonly formats: readonly Format[]
  readonly forms: readonly Form[]
}
export const NO_NEIGHBOURS: Neighbours = { formats: [], forms: [] }

export const isFileLine = (row: object): row is FileLine => 'exportedAt' in row || 'devices' in row

/** How a dialect takes devices that others knew. */
export interface ImportTerms {
  /** In UTF-16 code units. */
  readonly idLimit: number
  /** In characters. */
  readonly userLimit: number
  /** Its topics; absent in dialects without. */
  readonly policy?: TopicPolicy
  /** The formats of its vendor's own exports. */
  readonly formats: readonly Format[]
  /** Topics of a device that has these; without it, these alone. */
  topics?(names: readonly string[]): readonly string[]
  /** The id of a device whose row has none. */
  placeholder?(row: Placed): string
  /** The device's id by its token or its own; null where it can be none. Absent: its own. */
  idOf?(row: Placed): string | null
  /** The dialect's own document about the device. */
  details?(row: Placed): Readonly<Record<string, unknown>>
  /** The endpoint and the keys within a token of a browser, in the dialect's form. */
  subscription?(token: string): {
    readonly endpoint?: string | undefined
    readonly keys?: { readonly p256dh: string; readonly auth: string } | undefined
  }
}

export interface Placed {
  readonly externalId: string | null
  readonly token: string | null
  readonly platform: Platform
  readonly provider: Provider
}
