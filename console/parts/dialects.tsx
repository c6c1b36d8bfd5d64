import { dialectName } from '../lib/format.ts'

interface DialectChoiceProps {
  readonly of: readonly string[]
  readonly chosen: string
  readonly choose: (dialect: string) => void
}

/** A choice of the app's dialects; nothing if it has only one. */
export function DialectChoice({ of, chosen, choose }: DialectChoiceProps) {
  if (of.length < 2) return null
  return (
    <fieldset class="segments" aria-label="Dialect">
      {of.map((one) => (
        <button key={one} type="button" aria-pressed={one === chosen} onClick={() => choose(one)}>
          {dialectName(one)}
        </button>
      ))}
    </fieldset>
  )
}
