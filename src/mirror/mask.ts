import type { Masked } from '../domain/comparison.ts'
import { isObject } from '../wire/json.ts'

/** Texts that no stored sample may contain anywhere. */
const SECRET =
  /^(?:bearer|basic|token) +\S|^eyJ[\w-]+\.[\w-]+\.|^https?:\/\/[^/]+\/.{20,}|^[0-9a-f]{32,}$|[\w-]{20,}:[\w-]{20,}|^[\w+/=-]{40,}$/i
const PERSON = /[^\s@]+@[^\s@]+\.[^\s@]+|^\+?[0-9][0-9 ().-]{7,}$/

/** Shorter texts are not searched for, because they also occur by coincidence. */
const SHORTEST = 6

type Kind = 'token' | 'user'

/** Masks everything in a JSON value that identifies a phone or a person; equal texts have equal masks. */
export interface Maskings {
  readonly value: unknown
  /** The keyed hashes of users in the value. */
  readonly subjects: readonly string[]
}

/** `hash` is keyed, so that texts cannot be found by their hashes. */
export async function masked(
  value: unknown,
  rules: Masked,
  hash: (text: string) => Promise<string>,
): Promise<Maskings> {
  const found = new Map<string, Kind>()
  walk(value, rules, null, (text, kind) => {
    if (kind !== null) found.set(text, found.get(text) === 'user' ? 'user' : kind)
    return text
  })
  const marks = new Map(
    await Promise.all([...found.keys()].map(async (text) => [text, await hash(text)] as const)),
  )
  const shown = (text: string, kind: Kind) =>
    `‹${found.get(text) ?? kind}:${(marks.get(text) ?? '').slice(0, 8)}›`
  // Values from the request are masked inside longer texts too.
  const told = [...found].filter(([text]) => text.length >= SHORTEST)
  const made = walk(value, rules, null, (text, kind) =>
    kind !== null
      ? shown(text, kind)
      : told.reduce(
          (all, [one, of]) => (all.includes(one) ? all.replaceAll(one, shown(one, of)) : all),
          text,
        ),
  )
  const subjects = [...found].filter(([, kind]) => kind === 'user').map(([text]) => marks.get(text) ?? '')
  return { value: made, subjects }
}

type Replace = (text: string, kind: Kind | null) => unknown

/**
 * Replaces texts by their kind, also within lists and objects. `inherited`: the kind of a member's values,
 * including nested objects and lists.
 */
export function walk(value: unknown, rules: Masked, inherited: Kind | null, replace: Replace): unknown {
  if (typeof value === 'string') return value === '' ? value : replace(value, inherited ?? kindOf(value))
  if (typeof value === 'number' && inherited !== null) return replace(String(value), inherited)
  if (Array.isArray(value)) return value.map((one) => walk(one, rules, inherited, replace))
  if (!isObject(value)) return value
  const members = Object.entries(value).map(([name, one]) => {
    const own = rules.tokens.includes(name) ? 'token' : rules.users.includes(name) ? 'user' : null
    const texts = rules.tags?.includes(name) ? 'token' : null
    const kind = own ?? (texts !== null && !isNumeric(one) ? texts : inherited)
    // A name may be an address too.
    const shown = kindOf(name) === null ? name : String(replace(name, kindOf(name)))
    return [shown, walk(one, rules, kind, replace)] as const
  })
  return Object.fromEntries(members)
}

const isNumeric = (value: unknown): boolean => typeof value === 'number' || typeof value === 'boolean'

const kindOf = (text: string): Kind | null =>
  PERSON.test(text) ? 'user' : SECRET.test(text) ? 'token' : null
