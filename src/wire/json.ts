import { GatewayError } from '../domain/error.ts'

/**
 * A JSON number that a double cannot represent exactly, such as an integer beyond 2^53, as its original text. Type checks
 * treat it neither as a number nor as an object; it serializes to a string with the same digits.
 */
export class Digits {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
  /** Keeps all digits when a document is stored. */
  toJSON(): string {
    return this.text
  }
}

/** All digits of an integer, for dialects that accept numbers as ids; undefined for anything else. */
export function wholeDigits(value: unknown): string | undefined {
  if (value instanceof Digits) return /^-?[0-9]+$/.test(value.text) ? value.text : undefined
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined
}

/** The nearest double, for values such as times or versions whose exact digits do not matter. */
export function nearestNumber(value: unknown): number | undefined {
  if (value instanceof Digits) return Number(value.text)
  return typeof value === 'number' ? value : undefined
}

/** The members of a JSON object. */
export type Json = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Digits)

/** An object, or undefined. An empty array counts as an empty object, because PHP and Lua encode it so. */
export function mapOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null || value instanceof Digits) return undefined
  if (Array.isArray(value)) return value.length === 0 ? {} : undefined
  return value as Readonly<Record<string, unknown>>
}

/**
 * Parses JSON, whatever the content type says. Throws `bad_body` for empty or invalid text, and for nesting beyond the
 * limit, which is checked before parsing.
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

/** Default nesting limit of JSON inside a string. */
const TEXT_DEPTH = 32

/**
 * Parses JSON inside a string of a document; undefined if it is invalid or too deep, so that the dialect decides what
 * that means.
 */
export function parseJsonText(text: string, maxDepth = TEXT_DEPTH): unknown {
  try {
    return parseJson(text, maxDepth)
  } catch {
    return undefined
  }
}

/** The deepest bracket nesting outside strings, and whether any number is not exact as a double. */
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

/** The index of the closing quote of the string that starts at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === 92) slashes++
    if (slashes % 2 === 0) return end
  }
  return text.length
}

/** A digit or a minus sign, the start of a number. */
const isNumeric = (code: number): boolean => (code >= 48 && code <= 57) || code === 45

/** The index after the number that starts at `start`. */
function endOfNumber(text: string, start: number): number {
  let i = start + 1
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i)
    const more = isNumeric(code) || code === 46 || code === 43 || code === 69 || code === 101
    if (!more) break
  }
  return i
}

/** Numbers of up to this many characters are exact as doubles, unless they have an exponent. */
const ALWAYS_EXACT = 15
/** An integer without fraction or exponent. */
const WHOLE = /^-?[0-9]+$/
/** Significant digits that a double preserves, below and beyond 2^53. */
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

/** Parses valid JSON again, with `Digits` for numbers that a double would change. */
function lossless(text: string): unknown {
  // Random, so that no string of the document can start with it.
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
