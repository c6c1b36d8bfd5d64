type Json = Readonly<Record<string, unknown>>

export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The JSON object in a text; undefined for anything else. */
export function objectOf(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The members of a JSON object; none for any other text. */
export const membersOf = (text: string): Json => objectOf(text) ?? {}
