/** Before any name: for environments in which another program has the bare one. */
export const PREFIX = 'PUSHPORT_'

/** The variables that are set, by their bare names. */
export type Given = ReadonlyMap<string, { readonly spelling: string; readonly text: string }>

/** What an environment says of the variables: with the prefix or, where it has none such, without. */
export function givenIn(environment: Readonly<Record<string, unknown>>, variables: readonly string[]): Given {
  const given = new Map<string, { spelling: string; text: string }>()
  for (const name of variables) {
    for (const spelling of [PREFIX + name, name]) {
      const value = environment[spelling]
      // Files and pipes end in a line feed that nobody means.
      const text = typeof value === 'string' ? value.trim() : ''
      if (text === '') continue
      given.set(name, { spelling, text })
      break
    }
  }
  return given
}
