import { GatewayError } from './error.ts'

/** A tag value as stored and read back: any JSON value but null, which removes. */
export type TagValue = string | number | boolean | readonly unknown[] | Readonly<Record<string, unknown>>

/** A value with the dialect's name for its type. */
export interface TypedValue {
  readonly type: string
  readonly value: TagValue
}

/** What tags may take: in one request, of one device, in one list. A device's bytes are those of names and JSON values. */
export const TAG_LIMITS = {
  changes: 1000,
  perDevice: 5000,
  bytesPerDevice: 262_144,
  elements: 2000,
} as const

/**
 * A change of one tag, applied in the store so that changes at once all count (identity R17).
 *
 * A name has one type in the whole app: that of the first value that any device gave it, or the one that the operator
 * declared. `as` lists the change's value in every type it could be meant in, the preferred one first: a new name takes
 * the first, a known one the entry of its own type; without such an entry the change is skipped. The value is a number
 * for `increment`, a list for `append` (order kept, no duplicates) and `subtract`. `default` sets only a tag that is
 * not there.
 */
export type TagChange =
  | { readonly name: string; readonly do: 'remove' }
  | {
      readonly name: string
      readonly do: 'set' | 'default' | 'increment' | 'append' | 'subtract'
      readonly as: readonly TypedValue[]
      /** Its time is kept even where the value stays the same: of a user's devices the tag written last is read. */
      readonly stamped?: boolean
      /** The dialect itself defines the tag: its type is that of the one entry of `as`, and nobody else's word counts. */
      readonly fixed?: boolean
    }

/** A tag with its type. */
export interface Tag extends TypedValue {
  readonly name: string
}

/** Throws `limit` for changes of more tags than one request may bring; what a device itself reports is not counted. */
export function boundedChanges(changes: readonly TagChange[]): readonly TagChange[] {
  if (changes.length <= TAG_LIMITS.changes) return changes
  const own = changes.filter((change) => change.do === 'remove' || change.fixed !== true)
  if (new Set(own.map(({ name }) => name)).size <= TAG_LIMITS.changes) return changes
  throw new GatewayError('limit', `More than ${TAG_LIMITS.changes} tags cannot be changed at once.`)
}
