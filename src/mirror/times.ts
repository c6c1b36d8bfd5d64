/** The formats of times in answers. */
const FORMS: readonly (readonly [name: string, form: RegExp])[] = [
  ['ISO 8601 with milliseconds', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d\d:?\d\d)$/],
  ['ISO 8601 with other fractions', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(?:Z|[+-]\d\d:?\d\d)$/],
  ['ISO 8601', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:?\d\d)$/],
  ['date and time', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/],
  ['American', /^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d(?: \S+)?$/],
]
/** Numbers in the range of times: seconds or milliseconds of the years 2001 to 2096. */
const SECONDS = [1_000_000_000, 4_000_000_000] as const

/** The format of a time; null for anything else. */
export function timeForm(value: unknown): string | null {
  if (typeof value === 'number') {
    if (value >= SECONDS[0] && value <= SECONDS[1]) return 'seconds'
    return value >= SECONDS[0] * 1000 && value <= SECONDS[1] * 1000 ? 'milliseconds' : null
  }
  if (typeof value !== 'string' || value.length > 40) return null
  return FORMS.find(([, form]) => form.test(value))?.[0] ?? null
}
