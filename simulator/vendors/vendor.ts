import type { Clock } from '../clock.ts'

/** A request as it reached the vendor. */
export interface Asked {
  /** The vendor's own host. */
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

/** A vendor's device, in terms that all vendors share. */
export interface Held {
  readonly externalId: string
  readonly token: string | null
  readonly user: string | null
  readonly topics: readonly string[]
  readonly tags: Readonly<Record<string, unknown>>
}

/** A file with all devices, as the vendor exports it. */
export interface Exported {
  readonly format: string
  readonly body: string
}

/**
 * A vendor's service, with the behaviour that its contract describes for phones and operators. All data is in
 * memory.
 */
export interface Vendor {
  readonly dialect: string
  answer(asked: Asked): Answer
  /** Its data, for comparisons. */
  held(): Held[]
  /** Null if the vendor has no export. */
  exported(): Exported | null
}

export interface VendorDeps {
  readonly clock: Clock
  /** Generates ids, reproducible from the seed. */
  readonly newId: () => string
}

export const ok = (body: unknown = null, status = 200): Answer => ({ status, body })

export function jsonOf({ text }: Asked): Record<string, unknown> {
  const value: unknown = text === '' ? {} : JSON.parse(text)
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The segments of a path, decoded. */
export const partsOf = ({ path }: Asked): string[] => path.split('/').slice(1).map(decodeURIComponent)

/** A cell of a CSV file. */
export const cell = (value: unknown): string => {
  const text = value === null || value === undefined ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
