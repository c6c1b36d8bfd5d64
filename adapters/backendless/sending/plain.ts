import { type AmfValue, isAmfTagged, itemsOf, membersOf } from '../amf/values.ts'
import { fault } from '../errors.ts'

/** Limits for a graph of values, which may contain cycles. */
const MOST_VALUES = 10_000
const DEEPEST = 32

/** The named members of an object, as in JSON; none for null. */
export function membersOfObject(value: AmfValue): [string, unknown][] {
  if (value === null || value === undefined) return []
  const members = membersOf(value)
  if (!members) throw fault('member')
  const left = { values: MOST_VALUES }
  return [...members].map(([name, one]) => [name, plain(one, left, 1)])
}

/** A value in its JSON form, except that dates remain dates. */
export function plain(value: AmfValue, left = { values: MOST_VALUES }, depth = 0): unknown {
  if (--left.values < 0 || depth > DEEPEST) throw fault('member')
  const members = membersOf(value)
  const items = members?.size ? null : itemsOf(value)
  if (items) return items.map((one) => plain(one, left, depth + 1))
  if (members)
    return Object.fromEntries([...members].map(([name, one]) => [name, plain(one, left, depth + 1)]))
  if (value instanceof Uint8Array || value === undefined) return null
  if (!isAmfTagged(value)) return value
  return value.kind === 'xml' ? value.text : null
}
