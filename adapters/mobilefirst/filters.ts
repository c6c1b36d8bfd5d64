import type { Request } from '../../src/adapter.ts'
import { fault } from './errors.ts'

/** What may be asked of one name: its exact values, and lists of which each must have one inside the text. */
export interface Condition {
  readonly is: readonly string[] | undefined
  readonly contains: readonly (readonly string[])[] | undefined
}

/** Which operators each name takes (section 5.4). */
export type Filterable = Readonly<Record<string, '==' | 'both'>>

/**
 * The `filter` parameters: `name==value` or `name=@value`, a comma inside the value means OR, several parameters AND.
 * What is not understood is an error, never ignored.
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
  // By construction: one condition for each of the names.
  return Object.fromEntries(Object.keys(names).map((name) => [name, conditionOf(name)])) as Record<
    keyof Names,
    Condition
  >
}

/** The values that are in all of the lists; nothing where there is no list. */
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

/** Filters of one request, and the values of all of them together: no shipped client has as many. */
const MOST_FILTERS = 20
const MOST_VALUES = 100
/** Those that are searched for inside a text: each is work for every row of a list. */
const MOST_SEARCHED = 20

/** The parts between commas; `\,` and `\\` stand for themselves. */
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
