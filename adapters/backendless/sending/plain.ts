import { type AmfValue, isAmfTagged, itemsOf, membersOf } from '../amf/values.ts'
import { fault } from '../errors.ts'

/** Bounds for a graph of values, which may refer to itself. */
const MOST_VALUES = 10_000
const DEEPEST = 32

/** The named members of an object, as JSON has them; none for null. */
export function membersOfObject(value: AmfValue): [string, unknown][] {
  if (value === null || value === undefined) return []
  const members = membersOf(value)
  if (!members) throw fault('member')
  const left = { values: MOST_VALUES }
  return [...members].map(([name, one]) => [name, plain(one, left, 1)])
}

/** A value as JSON has it, where a date stays one. */
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
