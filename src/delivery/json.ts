type Json = Readonly<Record<string, unknown>>

export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A text as a JSON object; undefined if it is anything else. */
export function objectOf(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The members of a JSON object; none if a text is anything else. */
export const membersOf = (text: string): Json => objectOf(text) ?? {}
