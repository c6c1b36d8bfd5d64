import { fault } from './errors.ts'
import type { Request } from './operations.ts'

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
  const values = alternatives(value)
  if (values.length > MOST_ALTERNATIVES) throw fault('badValue', 'filter')
  return { name, operator, values }
}

/** More would be work for every row of a list, and no shipped client asks so. */
const MOST_ALTERNATIVES = 100
const MOST_FILTERS = 20

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
