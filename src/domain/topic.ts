/**
 * A dialect's topic rules. Data rather than code, because the store applies them to topic names from other dialects
 * inside one write (identity R6).
 */
export interface TopicPolicy {
  /** Longest name, in Unicode characters. */
  readonly maxLength: number
  /** Forms of names that are invalid in this dialect. */
  readonly refused: readonly RefusedForm[]
  /** Most topics per device. */
  readonly limit: number
  /** Topics that every device has automatically; they are never copied to another dialect. */
  readonly automatic: readonly string[]
  /** Whether subscriptions have ids. */
  readonly ids: boolean
  /** Whether only automatic topics and those in the dialect's catalogue are valid. */
  readonly catalogued?: boolean
}

/** Names that contain a text, or any character outside a set, written like a character class: `a-z_.-`. */
export type RefusedForm = { readonly holds: string } | { readonly holdsOtherThan: string }

/** Checks whether the form of a name is valid in a dialect. */
export function allowedBy({ maxLength, refused }: TopicPolicy): (name: string) => boolean {
  const forms = refused.map((form) => {
    if ('holds' in form) return (name: string) => name.includes(form.holds)
    const other = new RegExp(`[^${form.holdsOtherThan}]`, 'u')
    return (name: string) => other.test(name)
  })
  return (name) => [...name].length <= maxLength && !forms.some((refuses) => refuses(name))
}
