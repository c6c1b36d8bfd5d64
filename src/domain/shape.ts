/** Member names and types of a JSON value, without the values: `{ id: 'text', tags: ['number'] }`. */
export type Shape = string | readonly [Shape] | readonly [] | { readonly [name: string]: Shape }

/** Most levels and most members that are compared. */
const [DEEPEST, WIDEST] = [8, 100]

export function shapeOf(value: unknown, depth = 0): Shape {
  if (value === null || value === undefined) return 'null'
  if (typeof value !== 'object') return typeof value === 'string' ? 'text' : typeof value
  if (depth >= DEEPEST) return 'more'
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0], depth + 1)]
  const members = Object.entries(value).slice(0, WIDEST)
  return Object.fromEntries(
    members
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, one]) => [name, shapeOf(one, depth + 1)]),
  )
}

/** Describes each difference between two shapes. An empty list matches any list. */
export function shapeDifferences(expected: Shape, found: Shape, path = ''): readonly string[] {
  const here = path === '' ? 'the body' : path
  if (typeof expected === 'string' || typeof found === 'string')
    return expected === found ? [] : [`${here} is ${kindOf(found)}, and was ${kindOf(expected)}`]
  if (Array.isArray(expected) || Array.isArray(found)) {
    if (!Array.isArray(expected) || !Array.isArray(found))
      return [`${here} is ${kindOf(found)}, and was ${kindOf(expected)}`]
    const [one, other] = [expected[0], found[0]]
    return one === undefined || other === undefined ? [] : shapeDifferences(one, other, `${path}[]`)
  }
  const [was, is] = [expected, found] as readonly Readonly<Record<string, Shape>>[]
  const names = new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})])
  return [...names].flatMap((name) => {
    const [one, other] = [was?.[name], is?.[name]]
    const at = path === '' ? name : `${path}.${name}`
    if (one === undefined) return [`${at} is new`]
    if (other === undefined) return [`${at} is missing`]
    return shapeDifferences(one, other, at)
  })
}

const kindOf = (shape: Shape): string =>
  typeof shape === 'string' ? shape : Array.isArray(shape) ? 'a list' : 'an object'
