/**
 * What a dialect allows a topic to be. Kept as data, because the store applies it to names that come from other
 * dialects, inside the same write (identity R6).
 */
export interface TopicPolicy {
  /** Longest name, in Unicode characters. */
  readonly maxLength: number
  /** Forms of names that cannot exist in this dialect. */
  readonly refused: readonly RefusedForm[]
  /** Most topics of one device. */
  readonly limit: number
  /** Topics that every device has by itself; they are never carried to another dialect. */
  readonly automatic: readonly string[]
  /** Whether each subscription has an id of its own. */
  readonly ids: boolean
  /** Whether only names of the dialect's catalogue, and automatic ones, exist. */
  readonly catalogued?: boolean
}

/** A name that holds a text; or any character that is not of a set, written as inside a character class: `a-z_.-`. */
export type RefusedForm = { readonly holds: string } | { readonly holdsOtherThan: string }

/** Whether names may be topics of a dialect, as far as their form says. */
export function allowedBy({ maxLength, refused }: TopicPolicy): (name: string) => boolean {
  const forms = refused.map((form) => {
    if ('holds' in form) return (name: string) => name.includes(form.holds)
    const other = new RegExp(`[^${form.holdsOtherThan}]`, 'u')
    return (name: string) => other.test(name)
  })
  return (name) => [...name].length <= maxLength && !forms.some((refuses) => refuses(name))
}

/** One page of a device's topics, in byte order of their names. */
export interface TopicPage {
  readonly topics: readonly string[]
  /** Whether more follow. */
  readonly more: boolean
}
