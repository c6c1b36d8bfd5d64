import { GatewayError } from './error.ts'

/** A stored tag value: a JSON value except null, which removes the tag. */
export type TagValue = string | number | boolean | readonly unknown[] | Readonly<Record<string, unknown>>

/** A value with the dialect's name for its type. */
export interface TypedValue {
  readonly type: string
  readonly value: TagValue
}

/** Limits per request, per device and per list. A device's bytes are those of its tag names and JSON values. */
export const TAG_LIMITS = {
  changes: 1000,
  perDevice: 5000,
  bytesPerDevice: 262_144,
  elements: 2000,
} as const

/**
 * A change of one tag, applied inside the store so that no concurrent change is lost (identity R17).
 *
 * A name has one type in the whole app: that of the first value any device set, or the type that the operator declared.
 * `as` lists the value in every type it could have, the preferred one first: a new name takes the first entry, a known
 * name the entry of its type; without such an entry the change is skipped. The value is a number for `increment`, a list
 * for `append` (keeps order, no duplicates) and `subtract`. `default` only sets a missing tag.
 */
export type TagChange =
  | { readonly name: string; readonly do: 'remove' }
  | {
      readonly name: string
      readonly do: 'set' | 'default' | 'increment' | 'append' | 'subtract'
      readonly as: readonly TypedValue[]
      /** Records the time even if the value stays the same: reads across a user's devices return the tag written last. */
      readonly stamped?: boolean
      /** The dialect itself defines the tag: its type is that of the only entry of `as`, whatever else was declared. */
      readonly fixed?: boolean
    }

/** A tag with its type. */
export interface Tag extends TypedValue {
  readonly name: string
}

/** Throws `limit` for too many tags in one request; `fixed` tags, which devices report themselves, are not counted. */
export function boundedChanges(changes: readonly TagChange[]): readonly TagChange[] {
  if (changes.length <= TAG_LIMITS.changes) return changes
  const own = changes.filter((change) => change.do === 'remove' || change.fixed !== true)
  if (new Set(own.map(({ name }) => name)).size <= TAG_LIMITS.changes) return changes
  throw new GatewayError('limit', `More than ${TAG_LIMITS.changes} tags cannot be changed at once.`)
}
