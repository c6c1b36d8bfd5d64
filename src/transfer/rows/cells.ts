import { isNothing } from '../../domain/absent.ts'
import type { Reason } from '../../domain/import.ts'
import { isStorable } from '../../domain/text.ts'

/** A text of a row, its fault, or nothing. */
export type Cell = { readonly text: string | null; readonly trimmed: boolean } | { readonly reason: Reason }

const SCIENTIFIC = /^[+-]?\d+([.,]\d+)?[eE][+-]\d+$/
// All characters that JavaScript or spreadsheets treat as blanks, including NBSP.
const ENDS = /^[\s\u00a0\ufeff]+|[\s\u00a0\ufeff]+$/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\u0001-\u001f\u007f-\u009f]/

/** The characters of nearly all ids and tokens; no placeholder is this long. */
const PLAIN = /^[\w:-]{20,}$/

/** Whether a table cell counts as empty; `n/a` does. */
const isAbsent = (text: string): boolean => isNothing(text) || /^\s*(n\/a)?\s*$/i.test(text)

const NONE: Cell = { text: null, trimmed: false }

/** An id or a token, without surrounding blanks. */
export function cellOf(value: unknown, most: number, tooLong: Reason): Cell {
  if (value === undefined || value === null) return NONE
  if (typeof value !== 'string') return { reason: 'type' }
  if (PLAIN.test(value) && value.length <= most && !SCIENTIFIC.test(value))
    return { text: value, trimmed: false }
  const text = value.replace(ENDS, '')
  if (isAbsent(text)) return NONE
  if (SCIENTIFIC.test(text)) return { reason: 'scientific_notation' }
  if (!isStorable(text)) return { reason: 'encoding' }
  if (CONTROL.test(text)) return { reason: 'control_character' }
  if (text.length > most) return { reason: tooLong }
  return { text, trimmed: text !== value }
}

/** Descriptive text: never refused. Undefined if it is empty. */
export function described(value: unknown, isTable: boolean): string | null {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string' || value === '') return null
  return isTable && isAbsent(value) ? null : value
}
