import { joined } from '../../domain/encoding.ts'
import { LONGEST } from './lines.ts'
import { FileFault, type FileRecord, type ReaderPlace, type RecordReader } from './record.ts'

export type Json = Readonly<Record<string, unknown>>
export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The nesting of the reader: arrays and objects whose elements are pages, or a named list of records. */
interface Inside {
  /** `top`: between pages. `pages`: in an array of pages or records. `page`: in a page. `list`: in a list of a page. */
  readonly kind: 'top' | 'pages' | 'page' | 'list'
  readonly list?: string
}
const TOP: Inside = { kind: 'top' }

const QUOTE = 34
const BACKSLASH = 92
const [OPEN, CLOSE, LEFT, RIGHT, COMMA, COLON] = [123, 125, 91, 93, 44, 58]
const isSpace = (byte: number) => byte === 32 || byte === 10 || byte === 13 || byte === 9
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lenient = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })

/**
 * Reads records from JSON pages: objects with one of the known lists, arrays of such objects, several pages
 * in a row, or bare arrays or objects of records. Parses one record at a time. A syntax error ends the file.
 */
export const pageReader = (place: ReaderPlace, lists: readonly string[], bare: string): RecordReader =>
  new PageReader(place, lists, bare)

class PageReader implements RecordReader {
  readonly #lists: readonly string[]
  readonly #bare: string
  #inside: readonly Inside[]
  #rest: Uint8Array = new Uint8Array()
  #at: number
  #line: number
  #found: FileRecord[] = []

  constructor({ offset, line, state }: ReaderPlace, lists: readonly string[], bare: string) {
    this.#lists = lists
    this.#bare = bare
    // Safe cast: this reader wrote the state.
    this.#inside = (state as readonly Inside[] | undefined) ?? [TOP]
    this.#at = offset
    this.#line = line
  }

  push(bytes: Uint8Array): readonly FileRecord[] {
    return this.#read(this.#rest.length === 0 ? bytes : joined([this.#rest, bytes]), false)
  }

  end(): readonly FileRecord[] {
    // A number or a literal may be at the end of the file.
    const last = this.#read(joined([this.#rest, new Uint8Array([32])]), true)
    if (this.#rest.length > 0 || this.#inside.length > 1) this.#fail('the file is incomplete')
    return last
  }

  #read(bytes: Uint8Array, ended: boolean): FileRecord[] {
    this.#found = []
    let from = 0
    for (;;) {
      let to = from
      while (to < bytes.length && (isSpace(bytes[to] ?? 0) || bytes[to] === COMMA)) to++
      this.#line += newlines(bytes.subarray(from, to))
      from = to
      if (from >= bytes.length) break
      const end = this.#step(bytes, from, ended)
      if (end === null) break
      this.#line += newlines(bytes.subarray(from, end))
      from = end
    }
    this.#at += from
    this.#rest = bytes.slice(from)
    if (this.#rest.length > 2 * LONGEST) this.#fail(`a record is longer than ${LONGEST} bytes`)
    return this.#found
  }

  /** Parses one token after blanks and commas; returns the new position, or null if more bytes are needed. */
  #step(bytes: Uint8Array, from: number, ended: boolean): number | null {
    const byte = bytes[from] ?? 0
    const { kind, list = this.#bare } = this.#inside.at(-1) ?? TOP
    if (kind === 'page') return this.#inPage(bytes, from)
    if (byte === RIGHT && kind !== 'top') {
      this.#leave()
      return from + 1
    }
    if (byte === LEFT && kind === 'top') {
      this.#enter({ kind: 'pages' })
      return from + 1
    }
    if (byte === OPEN && kind !== 'list') {
      const page = this.#isPage(bytes, from, ended)
      if (page === null) return null
      if (page) {
        this.#enter({ kind: 'page' })
        return from + 1
      }
    } else if (kind === 'top') this.#fail('a page must begin with { or [')
    const to = endOfValue(bytes, from)
    if (to !== null) this.#record(bytes, from, to, list)
    return to
  }

  #record(bytes: Uint8Array, from: number, to: number, list: string): void {
    const part = bytes.subarray(from, to)
    const raw = lenient.decode(part)
    const line = this.#line
    const next = { offset: this.#at + to, line: line + newlines(part), state: this.#inside }
    let value: unknown
    try {
      value = JSON.parse(strict.decode(part))
    } catch (error) {
      if (error instanceof SyntaxError) this.#fail(`${raw.slice(0, 40)} is not JSON`)
      this.#found.push({ line, raw, list, fault: 'encoding', next })
      return
    }
    const said = isObject(value) ? { value } : { fault: 'not_object' as const }
    this.#found.push({ line, raw, list, next, ...said })
  }

  /** Whether an object is a page, which has one of the known lists. Null if that cannot be decided yet. */
  #isPage(bytes: Uint8Array, from: number, ended: boolean): boolean | null {
    const whole = endOfValue(bytes, from)
    const text = lenient.decode(bytes.subarray(from, whole ?? bytes.length))
    if (this.#lists.some((name) => new RegExp(`[{,]\\s*"${name}"\\s*:\\s*\\[`).test(text))) return true
    return whole === null && !ended && bytes.length - from < LONGEST ? null : false
  }

  /** A member of a page: enters a known list and skips any other value. */
  #inPage(bytes: Uint8Array, from: number): number | null {
    if (bytes[from] === CLOSE) {
      this.#leave()
      return from + 1
    }
    if (bytes[from] !== QUOTE) this.#fail('a member’s name is missing')
    const named = endOfText(bytes, from)
    const colon = named === null ? null : behindSpace(bytes, named)
    if (named === null || colon === null) return null
    if (bytes[colon] !== COLON) this.#fail('a colon is missing')
    const to = behindSpace(bytes, colon + 1)
    if (to === null) return null
    const name = lenient.decode(bytes.subarray(from + 1, named - 1))
    if (!this.#lists.includes(name) || bytes[to] !== LEFT) return endOfValue(bytes, to)
    this.#enter({ kind: 'list', list: name })
    return to + 1
  }

  #enter(inside: Inside): void {
    this.#inside = [...this.#inside, inside]
  }
  #leave(): void {
    this.#inside = this.#inside.slice(0, -1)
  }
  #fail(message: string): never {
    throw new FileFault('json_syntax', `line ${this.#line}: ${message}`, this.#found)
  }
}

/** The end of the value that starts at a byte; null if more bytes are needed. */
function endOfValue(bytes: Uint8Array, from: number): number | null {
  const first = bytes[from] ?? 0
  if (first === QUOTE) return endOfText(bytes, from)
  if (first !== OPEN && first !== LEFT) return endOfWord(bytes, from)
  for (let to = from, depth = 0; to < bytes.length; to++) {
    const byte = bytes[to]
    if (byte === QUOTE) {
      const end = endOfText(bytes, to)
      if (end === null) return null
      to = end - 1
    } else if (byte === OPEN || byte === LEFT) depth++
    else if (byte === CLOSE || byte === RIGHT) {
      if (--depth === 0) return to + 1
    }
  }
  return null
}

function endOfWord(bytes: Uint8Array, from: number): number | null {
  for (let to = from; to < bytes.length; to++) {
    const byte = bytes[to] ?? 0
    if (isSpace(byte) || byte === COMMA || byte === CLOSE || byte === RIGHT) return to
  }
  return null
}

function endOfText(bytes: Uint8Array, from: number): number | null {
  for (let to = from + 1; to < bytes.length; to++) {
    if (bytes[to] === BACKSLASH) to++
    else if (bytes[to] === QUOTE) return to + 1
  }
  return null
}

function behindSpace(bytes: Uint8Array, from: number): number | null {
  let to = from
  while (isSpace(bytes[to] ?? 0)) to++
  return to < bytes.length ? to : null
}

function newlines(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++
  return count
}
