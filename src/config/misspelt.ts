import { PREFIX } from './names.ts'

/** Shorter names are similar to too many others. */
const SHORTEST = 7
/** Most edits between a misspelt name and the right one; see `distance`. */
const FARTHEST = 2

/**
 * Warnings about variables that are probably meant for the gateway but have no effect: unknown names with our prefix,
 * and names very similar to ours.
 */
export function misspelt(
  environment: Readonly<Record<string, unknown>>,
  variables: readonly string[],
): readonly string[] {
  const known = new Set(variables.flatMap((name) => [name, PREFIX + name]))
  return Object.keys(environment).flatMap((given) => {
    if (known.has(given) || environment[given] === '') return []
    const prefixed = given.startsWith(PREFIX)
    const bare = prefixed ? given.slice(PREFIX.length) : given
    const near = prefixed || bare.length >= SHORTEST ? nearest(bare, variables) : undefined
    if (near)
      return [`${given} is not a setting and has no effect; did you mean ${prefixed ? PREFIX : ''}${near}?`]
    return prefixed ? [`${given} is not a setting and has no effect.`] : []
  })
}

function nearest(given: string, variables: readonly string[]): string | undefined {
  const ranked = variables
    .map((name) => ({ name, steps: distance(given.toUpperCase(), name) }))
    .filter(({ name, steps }) => steps <= FARTHEST && steps * 3 < name.length)
    .sort((a, b) => a.steps - b.steps)
  return ranked[0]?.name
}

/** Edit distance: letters inserted, deleted, replaced or swapped with a neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > FARTHEST) return FARTHEST + 1
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] ?? 0) + 1)
      next.push(least)
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
