import { GatewayError } from '../domain/error.ts'

/**
 * A number of a JSON document that a double would change, such as a whole one beyond 2^53: its text, as it was written.
 * It is neither a number nor a map to whoever looks for one, and JSON text of it is a string with the same digits.
 */
export class Digits {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  /** Where a document is kept whole, its digits are kept with it. */
  toJSON(): string {
    return this.text
  }
}

/** The text of a whole number, where a dialect takes numbers for an id: every digit, or undefined where it is none. */
export function wholeDigits(value: unknown): string | undefined {
  if (value instanceof Digits) return /^-?[0-9]+$/.test(value.text) ? value.text : undefined
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined
}

/** A number as near as a double gets, where only its size matters: a time, a version. */
export function nearestNumber(value: unknown): number | undefined {
  if (value instanceof Digits) return Number(value.text)
  return typeof value === 'number' ? value : undefined
}

/** The members of a JSON object. */
export type Json = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Digits)

/** A map of names, or undefined where it is none. The empty list is an empty map: PHP and Lua write it so. */
export function mapOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Digits) return undefined
  if (Array.isArray(value)) return value.length === 0 ? {} : undefined
  return value as Readonly<Record<string, unknown>>
}

/**
 * A JSON document, whatever the content type says. Throws `bad_body` where it is empty, not JSON, or nested deeper
 * than the limit, which is checked before anything is built.
 */
export function parseJson(text: string, maxDepth: number): unknown {
  const { depth, inexact } = scanned(text)
  if (depth > maxDepth) throw new GatewayError('bad_body', `The JSON has more than ${maxDepth} levels.`)
  try {
    const document: unknown = JSON.parse(text)
    return inexact ? lossless(text) : document
  } catch (error) {
    throw new GatewayError('bad_body', 'The body is not JSON.', { cause: error })
  }
}

/** Like `parseJson`, and the document must be an object. */
export function parseJsonObject(text: string, maxDepth: number): Record<string, unknown> {
  const document = parseJson(text, maxDepth)
  if (!isObject(document)) throw new GatewayError('bad_body', 'The body is not a JSON object.')
  return document
}

/** Levels of nesting in JSON inside a text, where it is only looked into. */
const TEXT_DEPTH = 32

/**
 * The document that a text inside a document holds, under the same bound; undefined where it is no JSON or too deep:
 * what it means then is for its dialect to say.
 */
export function parseJsonText(text: string, maxDepth = TEXT_DEPTH): unknown {
  try {
    return parseJson(text, maxDepth)
  } catch {
    return undefined
  }
}

/** The deepest nesting of brackets outside strings, and whether some number there may be one that a double changes. */
function scanned(text: string): { depth: number; inexact: boolean } {
  let depth = 0
  let deepest = 0
  let inexact = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 34) i = endOfString(text, i)
    else if (code === 123 || code === 91) {
      depth++
      if (depth > deepest) deepest = depth
    } else if (code === 125 || code === 93) depth--
    else if (isNumeric(code)) {
      const end = endOfNumber(text, i)
      inexact ||= isInexact(text, i, end)
      i = end - 1
    }
  }
  return { depth: deepest, inexact }
}

/** The place of the quote that ends the string which begins at a place. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === 92) slashes++
    if (slashes % 2 === 0) return end
  }
  return text.length
}

/** A digit or a minus sign: how a number begins. */
const isNumeric = (code: number): boolean => (code >= 48 && code <= 57) || code === 45

/** The place behind the digits, points, signs and exponents that begin at a place. */
function endOfNumber(text: string, start: number): number {
  let i = start + 1
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const more = isNumeric(code) || code === 46 || code === 43 || code === 69 || code === 101
    if (!more) break
  }
  return i
}

/** Every number of so few characters is a double's. */
const ALWAYS_EXACT = 15
/** A whole number, or anything with a fraction or an exponent. */
const WHOLE = /^-?[0-9]+$/
/** More digits than these no double has; beyond 2^53 it may change the last of fewer. */
const MOST_DIGITS = { small: 17, large: 15 }

function isInexact(text: string, start: number, end: number): boolean {
  if (end - start <= ALWAYS_EXACT && !/[eE]/.test(text.slice(start, end))) return false
  const token = text.slice(start, end)
  const value = Number(token)
  if (WHOLE.test(token)) return !Number.isSafeInteger(value)
  if (!Number.isFinite(value)) return true
  const digits = (token.split(/[eE]/, 1)[0] ?? '').replace(/[-.]/g, '').replace(/^0+|0+$/g, '')
  const large = Math.abs(value) > Number.MAX_SAFE_INTEGER
  return digits.length > (large ? MOST_DIGITS.large : MOST_DIGITS.small) || (value === 0 && digits !== '')
}

/** The same document, which is JSON, with `Digits` for the numbers that a double would change. */
function lossless(text: string): unknown {
  // No text of the document begins so: nobody knows it before.
  const mark = `${crypto.randomUUID()}:`
  let marked = ''
  let from = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 34) i = endOfString(text, i)
    else if (isNumeric(code)) {
      const end = endOfNumber(text, i)
      if (isInexact(text, i, end)) {
        marked += `${text.slice(from, i)}"${mark}${text.slice(i, end)}"`
        from = end
      }
      i = end - 1
    }
  }
  return JSON.parse(marked + text.slice(from), (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(mark) ? new Digits(value.slice(mark.length)) : value,
  )
}
