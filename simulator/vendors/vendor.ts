import type { Clock } from '../clock.ts'

/** A request as it reached the vendor. */
export interface Asked {
  /** The vendor's own. */
  readonly origin: string
  readonly method: string
  /** Path without the query, not decoded. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly text: string
}

export interface Answer {
  readonly status: number
  /** Sent as JSON; null is an empty body. */
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** What a device is to a vendor, in words that all of them share. */
export interface Held {
  readonly externalId: string
  readonly token: string | null
  readonly user: string | null
  readonly topics: readonly string[]
  readonly tags: Readonly<Record<string, unknown>>
}

/** A file that a vendor gives out of all its devices. */
export interface Exported {
  readonly format: string
  readonly body: string
}

/** The service of a vendor: what its contract says that phones and operators can see. It keeps everything in memory. */
export interface Vendor {
  readonly dialect: string
  answer(asked: Asked): Answer
  /** What it holds, for comparisons. */
  held(): Held[]
  /** Null where the vendor has no way out. */
  exported(): Exported | null
}

export interface VendorDeps {
  readonly clock: Clock
  /** Makes ids, the same for the same seed. */
  readonly newId: () => string
}

export const ok = (body: unknown = null, status = 200): Answer => ({ status, body })

export function jsonOf({ text }: Asked): Record<string, unknown> {
  const value: unknown = text === '' ? {} : JSON.parse(text)
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The parts of a path, each decoded. */
export const partsOf = ({ path }: Asked): string[] => path.split('/').slice(1).map(decodeURIComponent)

/** A cell of a CSV file. */
export const cell = (value: unknown): string => {
  const text = value === null || value === undefined ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
