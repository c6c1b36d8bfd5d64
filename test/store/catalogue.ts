import { call, type Statement } from '../../src/store/sql/statement.ts'

// Vite includes every file of the folder, so that a new one cannot be forgotten.
const modules = (
  import.meta as unknown as { glob(pattern: string, how: object): Record<string, Record<string, unknown>> }
).glob('../../src/store/sql/statements/*.ts', { eager: true })

const isStatement = (thing: object): thing is Statement => 'text' in thing && 'binds' in thing

function collect(name: string, thing: unknown): [string, Statement][] {
  if (typeof thing !== 'object' || thing === null) return []
  if (isStatement(thing)) return [[name, thing]]
  // Lists of statements and records of them; a Drizzle template has a prototype of its own.
  if (!Array.isArray(thing) && Object.getPrototypeOf(thing) !== Object.prototype) return []
  return Object.entries(thing).flatMap(([key, inner]) => collect(`${name}.${key}`, inner))
}

/** Every statement that the store can run, by a name that tells where it is. */
export const catalogue: readonly (readonly [string, Statement])[] = [
  ...Object.entries(modules).flatMap(([path, exported]) =>
    Object.entries(exported).flatMap(([name, thing]) =>
      collect(`${path.split('/').at(-1)?.replace('.ts', '')}.${name}`, thing),
    ),
  ),
]

/** The statement is explained instead of run. */
export const explained = <Row>(prefix: string, { text, binds }: Statement) =>
  call(
    { text: `${prefix} ${text}`, binds } as Statement<Row>,
    Object.fromEntries(binds.map((name) => [name, null])),
  )
