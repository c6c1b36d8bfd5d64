import { fcm } from './kit.ts'
import { hex } from './tables.ts'

/** A row that no vendor should have written, and its outcome. */
export interface Nasty {
  readonly row: string
  readonly outcome: 'created' | 'merged' | 'unchanged' | 'skipped' | 'rejected'
  readonly reason?: string
  readonly field?: string | undefined
  readonly warnings?: readonly string[]
}
export interface NastyFile {
  readonly format: string
  readonly dialect: string
  readonly query: string
  readonly platform: 'ios' | 'android'
  /** A valid row. */
  readonly good: (n: number) => string
  /** What the row says about its device. */
  readonly own: (n: number) => Readonly<Record<string, unknown>>
  readonly nasty: readonly Nasty[]
  readonly file: (rows: readonly string[]) => string
  /** Warnings of each imported row. */
  readonly quiet?: readonly string[]
}

/** The contents of a record, in any format. */
export interface Said {
  readonly id?: unknown
  readonly token?: unknown
  readonly platform?: unknown
  readonly user?: unknown
  readonly seen?: unknown
}

export const ANDROID = { platform: 'android' } as const
export const IOS = { platform: 'ios' } as const
/** Formats whose ids have no meaning here have none. */
export const FOREIGN = { id: '', token: '', platform: '' }

/** The token of a good row. */
export const tokenOf = ({ platform }: Pick<NastyFile, 'platform'>, n: number): string =>
  platform === 'ios' ? hex(`good${n}`) : fcm(`good${n}-`)

export const rejected = (row: string, reason: string, field?: string): Nasty => ({
  ...{ row, outcome: 'rejected', reason },
  field,
})
export const skipped = (row: string, reason: string, field?: string): Nasty => ({
  ...{ row, outcome: 'skipped', reason },
  field,
})
export const taken = (row: string, ...warnings: readonly string[]): Nasty => ({
  row,
  outcome: 'created',
  warnings,
})

/** Faults of tokens of all push services (migration.md 2.5). */
export const TOKENS: readonly (readonly [string, string])[] = [
  ['ExponentPushToken[nasty]', 'token_expo'],
  ['ExpoPushToken[nasty]', 'token_expo'],
  ['{length = 32, bytes = 0x12}', 'token_description'],
  ['5.63E+71', 'scientific_notation'],
  ['1,23456E+16', 'scientific_notation'],
  ['x'.repeat(4097), 'token_too_long'],
  [`nasty\u0001${fcm('nasty')}`, 'control_character'],
]
export const FCM_TOKENS: readonly (readonly [string, string])[] = [
  [hex('nasty'), 'token_provider'],
  [`nasty ${fcm('nasty')}`, 'token_form'],
  [`näßty${fcm('nasty')}`, 'token_form'],
]
/** As long as an APNs token. */
export const NO_HEX = hex('nasty').replace('6', 'g')
export const APNS_TOKENS: readonly (readonly [string, string])[] = [
  [`${hex('nasty')}a`, 'token_form'],
  ['ab'.repeat(15), 'token_form'],
  [NO_HEX, 'token_form'],
]

/** How a format writes a record, and the names in its errors. */
interface Way {
  readonly names: Readonly<Record<'id' | 'token' | 'platform', string>>
  readonly row: (of: Said) => string
  readonly ios?: unknown
  readonly android?: unknown
}

export const ofTokens = ({ row, names }: Way, tokens: typeof TOKENS, platform?: unknown) =>
  tokens.map(([token, reason]) => rejected(row({ token, platform }), reason, names.token))
export const trimmed = ({ row }: Way, of: (name: string) => string) => [
  taken(row({ token: ` ${of('odd1')}` }), 'trimmed'),
  taken(row({ token: `${of('odd2')}\u00a0` }), 'trimmed'),
]
export const odd = ({ row, ios: platform }: Way) => [
  taken(row({ token: `<${hex('odd3').slice(0, 8)} ${hex('odd3').slice(8)}>`, platform }), 'token_cleaned'),
  taken(row({ token: fcm('odd4'), platform }), 'provider_from_token'),
  taken(row({ token: hex('odd5').toUpperCase(), platform })),
]
/** 18 rows for formats with all platforms. */
export const anywhere = (way: Way) => [
  ...ofTokens(way, TOKENS, way.android),
  ...ofTokens(way, FCM_TOKENS, way.android),
  ...ofTokens(way, APNS_TOKENS, way.ios),
  ...trimmed(way, fcm),
  ...odd(way),
]
/** And two for formats whose ids are kept. */
export const ids = ({ row, names }: Way) => [
  rejected(row({ id: '4.2e+10', token: fcm('nasty') }), 'scientific_notation', names.id),
  rejected(row({ id: 'nasty\u0007', token: fcm('nasty') }), 'control_character', names.id),
]

let phones = 0
/** For a record without an id. */
export const nextId = () => `phone-${phones++}`
export const cells = (...list: readonly unknown[]) =>
  list
    .map((one) => (one === undefined ? '' : String(one)))
    .map((text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text))
    .join(',')
/** A byte that is invalid UTF-8, once the file is encoded. */
export const BYTE = '\uFFFF'
export const SEEN = '2025-05-01T00:00:00Z'
export const seen = { lastSeenAt: '2025-05-01T00:00:00.000Z' }
