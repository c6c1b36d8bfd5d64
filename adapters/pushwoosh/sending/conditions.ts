import { FILTER_LIMITS, type Filter, type Operand } from '../../../src/domain/filter.ts'
import { nearestNumber } from '../../../src/wire/json.ts'
import { argument } from '../errors.ts'
import { normalLanguage } from '../profile.ts'
import { dateOperand } from './dates.ts'

const VERSION = /^\d{1,9}(\.\d{1,9}){0,3}$/
const NUMBER = /^[+-]?\d{1,15}(\.\d{1,15})?$/

type Bound = 'from' | 'to'

/**
 * One condition on a tag. Each tag name has one type in the whole app, so an operand is compared in every
 * type that it could have: text, number, boolean, version or date.
 */
export function condition(tag: unknown, operator: unknown, operand: unknown): Filter {
  if (typeof tag !== 'string' || tag === '' || tag.length > 255)
    throw argument('a condition needs the name of a tag')
  const name = typeof operator === 'string' ? operator.toUpperCase() : ''
  switch (name) {
    case 'EQ':
      return oneOf(tag, [operand])
    case 'IN':
      return oneOf(tag, list(operand))
    case 'NOTEQ':
      return otherThan(tag, [operand])
    case 'NOTIN':
      return otherThan(tag, list(operand))
    case 'LTE':
      return within(tag, { to: operand })
    case 'GTE':
      return within(tag, { from: operand })
    case 'BETWEEN': {
      const bounds = list(operand)
      if (bounds.length !== 2) throw argument('BETWEEN needs two values')
      return within(tag, { from: bounds[0], to: bounds[1] })
    }
    case 'NOTSET':
    case 'ANY':
      return { tag, set: name === 'ANY' }
    default:
      throw argument(`operator ${JSON.stringify(operator) ?? ''} is unknown`)
  }
}

/** `conditions` with `conditions_operator`; undefined if there are none. */
export function conditionsFilter(given: unknown, operator: unknown): Filter | undefined {
  if (given === undefined || given === null) return undefined
  if (!Array.isArray(given)) throw argument('conditions must be an array')
  if (given.length > FILTER_LIMITS.conditions)
    throw argument(`conditions has more than ${FILTER_LIMITS.conditions} elements`)
  const word = operator === undefined || operator === null ? 'AND' : String(operator).toUpperCase()
  if (word !== 'AND' && word !== 'OR') throw argument('conditions_operator must be AND or OR')
  const filters = given.map((one: unknown) => {
    if (!Array.isArray(one)) throw argument('a condition must be an array of tag, operator and operand')
    return condition(one[0], one[1], one[2])
  })
  if (filters.length === 0) return undefined
  return word === 'AND' ? { all: filters } : { any: filters }
}

function list(operand: unknown): readonly unknown[] {
  if (!Array.isArray(operand)) throw argument('the operand must be an array')
  if (operand.length > FILTER_LIMITS.elements)
    throw argument(`an operand has more than ${FILTER_LIMITS.elements} elements`)
  return operand
}

const otherThan = (tag: string, operands: readonly unknown[]): Filter => ({
  all: [{ tag, set: true }, { not: oneOf(tag, operands) }],
})

function oneOf(tag: string, operands: readonly unknown[]): Filter {
  const equal = operands.flatMap((one) => forms(tag, one))
  const alike = operands.flatMap((one): Filter[] => {
    const version = typeof one === 'string' && VERSION.test(one) && one.includes('.') ? one : undefined
    const date = dateOperand(one)
    return [
      ...(version === undefined ? [] : [{ tag, from: version, to: version, by: 'version' } as const]),
      ...(date === undefined ? [] : [onDate(tag, date)]),
    ]
  })
  return alike.length === 0 ? { tag, in: equal } : { any: [{ tag, in: equal }, ...alike] }
}

/** A relative day covers the whole day; any other date is an instant. */
function onDate(tag: string, date: number | { readonly daysAgo: number }): Filter {
  if (typeof date === 'number') return { tag, from: date, to: date, by: 'date' }
  const next = { daysAgo: date.daysAgo - 1 }
  return { all: [{ tag, from: date, by: 'date' }, { not: { tag, from: next, by: 'date' } }] }
}

/** An operand as text, number and boolean, as far as it can be converted. */
function forms(tag: string, operand: unknown): readonly Operand[] {
  if (typeof operand === 'boolean') return [operand, String(operand), operand ? 1 : 0]
  const text = scalarText(operand)
  if (text === undefined) throw argument(`the operand of ${JSON.stringify(tag)} must be a text or a number`)
  const lower = text.toLowerCase()
  const truth = { 1: true, true: true, 0: false, false: false }[lower]
  const language = tag === 'Language' ? (normalLanguage(text) ?? lower) : text
  return [
    ...new Set<Operand>([
      text,
      language,
      ...(NUMBER.test(text) ? [Number(text)] : []),
      ...(truth === undefined ? [] : [truth]),
    ]),
  ]
}

const scalarText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : nearestNumber(value)?.toString()

/** Bounds are compared as numbers, versions and dates, in every form that all of them have. */
function within(tag: string, given: Partial<Record<Bound, unknown>>): Filter {
  const kinds: Filter[] = []
  const add = (read: (operand: unknown) => Operand | undefined, by?: 'version' | 'date') => {
    const bounds = Object.entries(given).map(([side, operand]) => [side, read(operand)] as const)
    if (bounds.some(([, bound]) => bound === undefined)) return
    kinds.push({ tag, ...Object.fromEntries(bounds), ...(by && { by }) })
  }
  add((operand) => {
    const text = scalarText(operand)
    return text !== undefined && NUMBER.test(text) ? Number(text) : undefined
  })
  add((operand) => {
    const text = scalarText(operand)
    return text !== undefined && VERSION.test(text) ? text : undefined
  }, 'version')
  add(dateOperand, 'date')
  if (kinds.length === 0)
    throw argument(`the operand of ${JSON.stringify(tag)} must be a number, a version or a date`)
  return { any: kinds }
}
