export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** The value below which the given part of the sorted numbers lies. */
export const percentile = (sorted: ArrayLike<number>, part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN

export const whole = (value: number): string => Math.round(value).toLocaleString('en')
export const milliseconds = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)
export const times = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ×`
/** A dash if it was not measured. */
export const shown = (value: number | null | undefined, form: (value: number) => string): string =>
  value === null || value === undefined || !Number.isFinite(value) ? '–' : form(value)
