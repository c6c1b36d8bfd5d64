import type { Request } from '../../src/adapter.ts'
import { fault } from './errors.ts'

/** Conditions on one name: exact values, and lists of which each needs at least one match inside the text. */
export interface Condition {
  readonly is: readonly string[] | undefined
  readonly contains: readonly (readonly string[])[] | undefined
}

/** The operators that each name supports (section 5.4). */
export type Filterable = Readonly<Record<string, '==' | 'both'>>

/**
 * Parses `filter` parameters: `name==value` or `name=@value`; a comma inside the value means OR, several parameters mean
 * AND. Invalid filters are errors, never ignored.
 */
export function filters<Names extends Filterable>(
  c: Request,
  names: Names,
): Readonly<Record<keyof Names, Condition>> {
  const texts = c.req.queries('filter') ?? []
  if (texts.length > MOST_FILTERS) throw fault('badValue', 'filter')
  const given = texts.map((text) => expression(text, names))
  const values = (operator?: string) =>
    given.reduce((sum, one) => sum + (operator && one.operator !== operator ? 0 : one.values.length), 0)
  if (values() > MOST_VALUES || values('=@') > MOST_SEARCHED) throw fault('badValue', 'filter')
  const conditionOf = (name: string): Condition => {
    const own = given.filter((one) => one.name === name)
    const exact = own.filter((one) => one.operator === '==').map((one) => one.values)
    const inside = own.filter((one) => one.operator === '=@').map((one) => one.values)
    return { is: intersection(exact), contains: inside.length > 0 ? inside : undefined }
  }
  // Safe cast: there is one condition for each name.
  return Object.fromEntries(Object.keys(names).map((name) => [name, conditionOf(name)])) as Record<
    keyof Names,
    Condition
  >
}

/** The values contained in all lists; undefined without lists. */
export function intersection(lists: readonly (readonly string[])[]): readonly string[] | undefined {
  const [first, ...rest] = lists
  return first && [...new Set(first)].filter((value) => rest.every((list) => list.includes(value)))
}

function expression(text: string, names: Filterable) {
  const match = /^([A-Za-z]+)(==|=@)([\s\S]*)$/.exec(text)
  const [, name = '', operator = '', value = ''] = match ?? []
  if (!match || !Object.hasOwn(names, name)) throw fault('badValue', 'filter')
  if (operator !== '==' && names[name] !== 'both') throw fault('badValue', 'filter')
  return { name, operator, values: alternatives(value) }
}

/** Most filters per request, and most values in all of them; no shipped client sends as many. */
const MOST_FILTERS = 20
const MOST_VALUES = 100
/** Most values for substring search, each of which costs work for every row of a list. */
const MOST_SEARCHED = 20

/** Splits at commas; `\,` and `\\` are escapes. */
function alternatives(value: string): string[] {
  const parts = ['']
  for (let i = 0; i < value.length; i++) {
    const character = value.charAt(i)
    const next = value.charAt(i + 1)
    if (character === ',') parts.push('')
    else if (character === '\\' && (next === ',' || next === '\\')) {
      parts[parts.length - 1] += next
      i++
    } else parts[parts.length - 1] += character
  }
  return parts
}
