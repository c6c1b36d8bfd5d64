/** Optional prefix of every name, for environments where another program uses the bare name. */
export const PREFIX = 'PUSHPORT_'

/** The variables that are set, by bare name. */
export type SetVariables = ReadonlyMap<string, { readonly spelling: string; readonly text: string }>

/** Reads variables from an environment; the prefixed name wins over the bare one. */
export function setVariables(
  environment: Readonly<Record<string, unknown>>,
  variables: readonly string[],
): SetVariables {
  const found = new Map<string, { spelling: string; text: string }>()
  for (const name of variables) {
    for (const spelling of [PREFIX + name, name]) {
      const value = environment[spelling]
      // Values from files and pipes often end in a line feed.
      const text = typeof value === 'string' ? value.trim() : ''
      if (text === '') continue
      found.set(name, { spelling, text })
      break
    }
  }
  return found
}
