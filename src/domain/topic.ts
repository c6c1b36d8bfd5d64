/**
 * What a dialect allows a topic to be. Kept as data, because the store applies it to names that come from other
 * dialects, inside the same write (identity R6).
 */
export interface TopicPolicy {
  /** Longest name, in Unicode characters. */
  readonly maxLength: number
  /** SQL GLOB patterns; a name that matches one of them cannot exist in this dialect. */
  readonly refused: readonly string[]
  /** Most topics of one device. */
  readonly limit: number
  /** Topics that every device has by itself; they are never carried to another dialect. */
  readonly automatic: readonly string[]
  /** Whether each subscription has an id of its own. */
  readonly ids: boolean
  /** Whether only names of the dialect's catalogue, and automatic ones, exist. */
  readonly catalogued?: boolean
}

/** One page of a device's topics, in byte order of their names. */
export interface TopicPage {
  readonly topics: readonly string[]
  /** Whether more follow. */
  readonly more: boolean
}
