import { FILTER_LIMITS, type Filter } from '../../../src/domain/filter.ts'
import { argument } from '../errors.ts'
import { condition } from './conditions.ts'
import { namedPlatforms } from './platforms.ts'

const LONGEST = 16_384
const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|([A-Za-z_][A-Za-z0-9_]*)|([+-]?\d+(?:\.\d+)?)|([()[\],+*\\]))/y

type Token =
  | { readonly text: string }
  | { readonly word: string }
  | { readonly number: number }
  | { readonly sign: string }

/** Evaluates a filter of the older API, which joins sets of devices (sending.md 5.3). */
export function devicesFilter(source: unknown, applications: ReadonlySet<string>): Filter {
  if (typeof source !== 'string' || source.trim() === '') throw argument('devices_filter is required')
  if (source.length > LONGEST) throw argument(`devices_filter is longer than ${LONGEST} characters`)
  const reader = new Reader(tokensOf(source), applications)
  const filter = reader.expression(1)
  reader.end()
  if (depthOf(filter) > FILTER_LIMITS.depth) throw argument('devices_filter is nested too deep')
  return filter
}

function depthOf(filter: Filter): number {
  const inner =
    'all' in filter ? filter.all : 'any' in filter ? filter.any : 'not' in filter ? [filter.not] : []
  return 1 + Math.max(0, ...inner.map(depthOf))
}

/** The application codes that a filter may name. */
export const codesIn = (source: unknown): readonly string[] =>
  typeof source === 'string'
    ? [
        ...new Set(
          [...source.slice(0, LONGEST).matchAll(/"([A-Za-z0-9-]{1,65})"/g)].map(([, code = '']) => code),
        ),
      ]
    : []

function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = []
  const text = source.trimEnd()
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex
    const [, quoted, word, number, sign] = TOKEN.exec(text) ?? []
    if (quoted !== undefined) tokens.push({ text: quoted.slice(1, -1).replace(/\\(.)/gs, '$1') })
    else if (word !== undefined) tokens.push({ word })
    else if (number !== undefined) tokens.push({ number: Number(number) })
    else if (sign !== undefined) tokens.push({ sign })
    else throw argument(`devices_filter cannot be read at character ${at + 1}`)
  }
  return tokens
}

/** Recursive descent; all operators have the same precedence and are left-associative. */
class Reader {
  private at = 0
  private conditions = 0
  private readonly tokens: readonly Token[]
  private readonly applications: ReadonlySet<string>
  constructor(tokens: readonly Token[], applications: ReadonlySet<string>) {
    this.tokens = tokens
    this.applications = applications
  }

  expression(depth: number): Filter {
    if (depth > FILTER_LIMITS.depth) throw argument('devices_filter is nested too deep')
    let left = this.operand(depth)
    for (;;) {
      if (this.skips('+')) left = { any: [...alternatives(left), this.operand(depth)] }
      else if (this.skips('*')) left = { all: [...requirements(left), this.operand(depth)] }
      else if (this.skips('\\')) left = { all: [...requirements(left), { not: this.operand(depth) }] }
      else return left
    }
  }

  end(): void {
    if (this.at < this.tokens.length) throw argument('devices_filter has more after its end')
  }

  private operand(depth: number): Filter {
    if (this.skips('(')) {
      const inner = this.expression(depth + 1)
      this.expect(')')
      return inner
    }
    if (++this.conditions > FILTER_LIMITS.conditions) throw argument('devices_filter has too many conditions')
    const token = this.tokens[this.at++]
    const name = token && 'word' in token ? token.word.toUpperCase() : ''
    this.expect('(')
    const values = this.values(')')
    if (name === 'A') return this.ofApplication(values)
    if (name === 'T') return condition(values[0], values[1], values[2])
    if (name === 'AT')
      return { all: [this.ofApplication(values.slice(0, 1)), condition(values[1], values[2], values[3])] }
    // The vendor's groups of applications do not exist here.
    if (name === 'G') return { any: [] }
    throw argument('devices_filter must name A, G, T or AT')
  }

  private ofApplication([code, platforms]: readonly unknown[]): Filter {
    if (typeof code !== 'string' || !this.applications.has(code)) return { any: [] }
    return platforms === undefined ? { all: [] } : { platforms: namedPlatforms(platforms) }
  }

  /** Values up to a closing bracket. */
  private values(close: string): readonly unknown[] {
    const found: unknown[] = []
    if (this.skips(close)) return found
    // Lists cannot contain lists.
    do found.push(close === ')' && this.skips('[') ? this.values(']') : this.value())
    while (this.skips(','))
    this.expect(close)
    return found
  }

  private value(): unknown {
    const token = this.tokens[this.at++]
    if (token && !('sign' in token)) return Object.values(token)[0]
    throw argument('devices_filter has no value where one must be')
  }

  private skips(sign: string): boolean {
    const token = this.tokens[this.at]
    const found = token !== undefined && 'sign' in token && token.sign === sign
    if (found) this.at++
    return found
  }

  private expect(sign: string): void {
    if (!this.skips(sign)) throw argument(`devices_filter misses ${sign}`)
  }
}

/** Chains are kept flat, so that a long chain does not count as deep nesting. */
const alternatives = (filter: Filter): readonly Filter[] => ('any' in filter ? filter.any : [filter])
const requirements = (filter: Filter): readonly Filter[] => ('all' in filter ? filter.all : [filter])
