import type { Platform, Profile } from '../domain/device.ts'
import type { ImportOptions, Reason, Warning } from '../domain/import.ts'
import type { Environment, Provider } from '../domain/push-token.ts'
import type { TopicPolicy } from '../domain/topic.ts'
import type { Form } from './form.ts'
import type { FileRecord } from './text/record.ts'

/** The content of a record before validation: members as they are in the file. */
export interface RawRow {
  /** The record is not about a device, or is about a valid one that is skipped. */
  readonly skip?: Reason
  /** The record names no recognizable device. */
  readonly fault?: Reason
  /** The column or member that `fault` concerns. */
  readonly faultField?: string
  /** The record is about a device that must already exist. */
  readonly existing?: boolean
  readonly dialect?: string | undefined
  readonly externalId?: unknown
  readonly token?: unknown
  /** Null: the file contains an unknown platform. */
  readonly platform?: Platform | null | undefined
  /** Absent: the platform's default. */
  readonly provider?: Provider | undefined
  readonly environment?: Environment | undefined
  readonly keys?: { readonly p256dh: unknown; readonly auth: unknown } | undefined
  readonly userId?: unknown
  readonly userProved?: boolean
  /** For dialects whose users may have any name: placeholders count as absent. */
  readonly userIsPlain?: boolean
  readonly enabled?: boolean | undefined
  readonly profile?: Partial<Record<keyof Profile, unknown>>
  readonly details?: unknown
  readonly expiresAt?: unknown
  readonly supersededAt?: unknown
  readonly createdAt?: unknown
  readonly lastSeenAt?: unknown
  /** The age of the row, if it is not `lastSeenAt`. */
  readonly updatedAt?: unknown
  readonly asOf?: unknown
  readonly topics?: unknown
  readonly subscriptionIds?: Readonly<Record<string, unknown>> | undefined
  readonly tags?: readonly RawTag[] | 'malformed'
  /** The id that the vendor's API returned for the row, if devices have one besides their own id. */
  readonly rowId?: unknown
  /** Whether the token is accepted in any format. */
  readonly anyToken?: boolean
  /** Each row of a device adds its topics to those of other rows. */
  readonly spread?: boolean
  readonly warnings?: readonly Warning[]
  /** The name of the invalid value in the file. */
  readonly fields?: Readonly<Record<string, string>>
  /** Text from a table column: `n/a` and other placeholders count as absent. */
  readonly isTable?: boolean
}

export interface RawTag {
  readonly name: string
  readonly value: unknown
  /** The tag's type, if the file or the vendor states it. */
  readonly type?: string
}

/** The context in which the rows of a file are parsed. */
export interface Reading {
  readonly options: ImportOptions
  /** The columns of a table in file order; null if the file has none. */
  readonly header: readonly string[] | null
  readonly now: number
}

/** A line of our own format about the file itself. */
export interface FileLine {
  readonly exportedAt?: unknown
  /** The number of devices that the file states. */
  readonly devices?: number
}

export interface Format {
  readonly name: string
  /** `lines`: JSON objects; `texts`: lines of any other text. */
  readonly shape: 'table' | 'lines' | 'texts' | 'pages'
  /** For pages: the members that are lists of records, and the kind of a record outside them. */
  readonly lists?: readonly string[]
  readonly bare?: string
  /** Tables without a header row. */
  readonly headless?: boolean
  /** The delimiter of the table; if absent, it is detected. */
  readonly delimiter?: string
  /** The table may have rows with fewer cells. */
  readonly mostCells?: number
  /** Ids in the file have no meaning here: rows without a token are skipped. */
  readonly foreign: boolean
  /** A required parameter of the upload. */
  readonly requires?: 'platform'
  /** Throws `FileFault` if no column of the header identifies devices. */
  read(reading: Reading): (record: FileRecord) => RawRow | FileLine
}

/** Formats of vendors without a dialect here. */
export interface Neighbours {
  readonly formats: readonly Format[]
  readonly forms: readonly Form[]
}
export const NO_NEIGHBOURS: Neighbours = { formats: [], forms: [] }

export const isFileLine = (row: object): row is FileLine => 'exportedAt' in row || 'devices' in row

/** How a dialect imports devices from elsewhere. */
export interface ImportTerms {
  /** In UTF-16 code units. */
  readonly idLimit: number
  /** In characters. */
  readonly userLimit: number
  /** The policy for topics; absent in dialects without topics. */
  readonly policy?: TopicPolicy
  /** The formats of the vendor's own exports. */
  readonly formats: readonly Format[]
  /** Topics that are added for a device with topics, and the only ones of a device without. */
  topics?(names: readonly string[]): readonly string[]
  /** The id of a device whose row has none. */
  placeholder?(row: Placed): string
  /**
   * The device's id from its token or the id in its row; null if neither is valid. If absent: the id in its
   * row.
   */
  idOf?(row: Placed): string | null
  /** The dialect's own document for the device. */
  details?(row: Placed): Readonly<Record<string, unknown>>
  /** The endpoint and keys in a browser's token, in the dialect's form. */
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
