import type { Schema } from '../../src/reference/json-schema.ts'

/** A body, and what is special about it. */
export interface Case {
  readonly title: string
  readonly body: unknown
}

/** One value of every JSON type. */
const KINDS: readonly unknown[] = [
  null,
  true,
  7,
  -1,
  1.5,
  'words',
  '',
  ' ',
  [],
  ['words'],
  [7],
  {},
  { words: 1 },
]
/** Of nested members, because there are many. */
const FEW_KINDS: readonly unknown[] = [true, 7, 'words', [7], { words: 1 }]
const kindsAt = (depth: number): readonly unknown[] =>
  depth === 0 ? KINDS : depth === 1 ? FEW_KINDS : [7, 'words']
/** Longer texts and lists exceed the size limit of a body. */
const LONGEST = 200_000
const MOST_ITEMS = 12_000
const DEEPEST = 4

type Json = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The examples, and each with one change: a member missing, of another type, too long, too small, or one too
 * many.
 */
export function mutations(schema: Schema, examples: readonly unknown[]): readonly Case[] {
  const cases = new Map<string, Case>()
  const add = (title: string, body: unknown) => cases.set(JSON.stringify(body), { title, body })
  for (const value of KINDS) add(`instead of the body: ${shown(value)}`, value)
  for (const [index, example] of examples.entries()) {
    const name = index === 0 ? '' : ` (example ${index + 1})`
    add(`the example${name}`, example)
    for (const { title, body } of changed(schema, example, '', 0)) add(`${title}${name}`, body)
  }
  return [...cases.values()]
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value)
  return text.length > 40 ? `${text.slice(0, 20)}… (${text.length})` : text
}

/** Both branches of a choice, and the targets of references, are examined in the same way. */
function branches(schema: Schema): readonly Schema[] {
  const { anyOf, oneOf, allOf } = schema as { readonly [keyword: string]: readonly Schema[] | undefined }
  return [schema, ...[anyOf, oneOf, allOf].flatMap((some) => (some ?? []).flatMap(branches))]
}

function* changed(schema: Schema, value: unknown, path: string, depth: number): Generator<Case> {
  if (depth > DEEPEST) return
  if (Array.isArray(value)) yield* changedItems(schema, value, path, depth)
  if (isObject(value)) yield* changedMembers(schema, value, path, depth)
}

function* changedMembers(schema: Schema, value: Json, path: string, depth: number): Generator<Case> {
  yield { title: `${path}zz: unknown`, body: { ...value, zz: 1 } }
  const known = new Map<string, Schema[]>()
  for (const { properties = {} } of branches(schema)) {
    for (const [name, of] of Object.entries(properties)) known.set(name, [...(known.get(name) ?? []), of])
  }
  for (const name of new Set([...known.keys(), ...Object.keys(value)])) {
    const at = `${path}${name}`
    const of: Schema = { anyOf: known.get(name) ?? [] }
    const { [name]: own, ...others } = value
    if (own !== undefined) yield { title: `${at}: left out`, body: others }
    const others2 = (one: unknown) => ({ ...value, [name]: one })
    for (const one of [...kindsAt(depth), ...edges(of)])
      yield { title: `${at}: ${shown(one)}`, body: others2(one) }
    for (const { title, body } of changed(of, own, `${at}.`, depth + 1)) yield { title, body: others2(body) }
  }
}

function* changedItems(
  schema: Schema,
  value: readonly unknown[],
  path: string,
  depth: number,
): Generator<Case> {
  const [first, ...rest] = value
  if (first === undefined) return
  const items: Schema = { anyOf: branches(schema).flatMap(({ items: of }) => (of ? [of] : [])) }
  const wrong = kindsAt(depth).map((one) => ({
    title: `${path}0: ${shown(one)}`,
    body: one,
  }))
  const long = edges(items).map((one) => ({ title: `${path}0: ${shown(one)}`, body: one }))
  for (const { title, body } of [...wrong, ...long, ...changed(items, first, `${path}0.`, depth + 2)]) {
    yield { title, body: [body, ...rest] }
  }
  for (const { maxItems } of branches(schema)) {
    if (typeof maxItems === 'number' && maxItems <= MOST_ITEMS)
      yield* [maxItems, maxItems + 1].map((most) => ({
        title: `${path}${most} items`,
        body: filled(first, most),
      }))
  }
}

const filled = (item: unknown, most: number): readonly unknown[] =>
  Array.from({ length: most }, (_, at) => (typeof item === 'string' ? `${item}${at}` : item))

/** The last allowed value, and the first that is not. */
function edges(schema: Schema): readonly unknown[] {
  return branches(schema).flatMap((one) => {
    const {
      maxLength,
      minimum,
      maximum,
      maxItems,
      items,
      enum: words = [],
      const: word,
    } = one as {
      readonly [keyword: string]: never
    }
    const limits = [minimum, maximum].filter((limit) => typeof limit === 'number')
    const lengths = typeof maxLength === 'number' && maxLength < LONGEST ? [maxLength, maxLength + 1] : []
    const text = (items as Schema | undefined)?.type === 'string'
    const counts =
      text && typeof maxItems === 'number' && maxItems < MOST_ITEMS ? [maxItems, maxItems + 1] : []
    return [
      ...lengths.map((length) => 'x'.repeat(length)),
      ...limits.flatMap((limit) => [limit, limit - 1, limit + 1]),
      ...counts.map((most) => filled('words', most)),
      ...(words as readonly unknown[]),
      ...(word === undefined ? [] : [word]),
    ]
  })
}
