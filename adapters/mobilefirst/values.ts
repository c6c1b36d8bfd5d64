import { fault } from './errors.ts'

export type Json = Readonly<Record<string, unknown>>

/** A string that must be there and not be empty (R19); another one is refused by name. */
export function requiredText(body: Json, name: string): string {
  const value = body[name]
  if (typeof value !== 'string' || value === '') throw fault('badValue', name)
  return value
}

/** A string that may be left out; null and the empty string count as left out (R19). */
export function optionalText(body: Json, name: string): string | undefined {
  const value = body[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw fault('badValue', name)
  return value
}

/** `true` and `false` as strings or as they are (section 4). */
export function optionalFlag(body: Json, name: string): boolean | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (value === true || value === 'true') return true
  if (value === false || value === 'false') return false
  throw fault('badValue', name)
}

/** ISO 8601 in UTC to the second, as the seed writes times. */
export const timeText = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z')

/** A stored member that is known to be text, where it is there. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
