/** A tag value as stored and read back: any JSON value but null, which removes. */
export type TagValue = string | number | boolean | readonly unknown[] | Readonly<Record<string, unknown>>

/** A value with the dialect's name for its type. */
export interface TypedValue {
  readonly type: string
  readonly value: TagValue
}

/**
 * A change of one tag, applied in the store so that changes at once all count (identity R17).
 *
 * A tag keeps the type of its first value. `as` lists the change's value in every type it could be meant in, the
 * preferred one first: a new tag takes the first, an existing one the entry of its own type; without such an entry the
 * change is skipped. The value is a number for `increment`, a list for `append` (order kept, no duplicates) and
 * `subtract`. `default` sets only a tag that is not there.
 */
export type TagChange =
  | { readonly name: string; readonly do: 'remove' }
  | {
      readonly name: string
      readonly do: 'set' | 'default' | 'increment' | 'append' | 'subtract'
      readonly as: readonly TypedValue[]
      /** Its time is kept even where the value stays the same: of a user's devices the tag written last is read. */
      readonly stamped?: boolean
    }

/** A tag with its type. */
export interface Tag extends TypedValue {
  readonly name: string
}
