/**
 * SQL that the compiler reads. A template knows the names of the values that it binds and the row that it answers: a
 * forgotten value, a renamed column or a wrong type of a result does not compile.
 */
import type { Words } from './words.ts'

declare const NAMES: unique symbol
declare const ROW: unique symbol
declare const VALUE: unique symbol

/** A piece of SQL: the names that it binds, and the row of the columns that it selects (`never` where it selects none). */
export interface Template<Names extends string = never, Row = never> {
  /** As text in the words of an engine, in which each value stands as a mark (`filled`). */
  render(words: Words): string
  /** Only for the compiler. */
  readonly [NAMES]: Names
  /** Only for the compiler. */
  readonly [ROW]: Row
}

/** A piece of SQL that stands for one value. */
export interface Expression<Value = unknown, Names extends string = never> extends Template<Names> {
  /** Only for the compiler. */
  readonly [VALUE]: Value
}

export type Any = Template<string, unknown>
export type NamesOf<T extends Any> = T[typeof NAMES]
export type RowOf<T extends Any> = T[typeof ROW]
export type ValueOf<E extends Expression<unknown, string>> = E[typeof VALUE]

/** A piece whose text depends on the engine. */
export const piece = <Names extends string = never>(render: (words: Words) => string): Template<Names> =>
  ({ render }) as unknown as Template<Names>
const constant = (text: string) => piece(() => text)

/** What a template of these parts binds and selects is what they do. */
export function sql<const Parts extends readonly Any[]>(
  strings: TemplateStringsArray,
  ...parts: Parts
): Template<NamesOf<Parts[number]>, RowOf<Parts[number]>> {
  const [first = '', ...rest] = strings
  return piece((words) =>
    rest.reduce((text, string, at) => `${text}${parts[at]?.render(words)}${string}`, first),
  ) as Template<never>
}

/** Constant text: never anything that a caller sent. */
export const raw = (text: string): Template => constant(text)

/** Parts one after the other. */
export const join = <const Parts extends readonly Any[]>(
  parts: Parts,
  separator: string,
): Template<NamesOf<Parts[number]>> =>
  piece((words) => parts.map((part) => part.render(words)).join(separator))

/** A named value, filled at each call. */
export const value = <const Name extends string>(name: Name): Expression<unknown, Name> =>
  constant(`\0${name}\0`) as unknown as Expression<unknown, Name>

/** The text of a template, with what an engine writes for each value. */
export const filled = (template: Any, words: Words, place: (name: string) => string): string =>
  template.render(words).replaceAll(/\0(\w+)\0/g, (_, name: string) => place(name))

type As<Value> = <Names extends string>(of: Template<Names, unknown>) => Expression<Value, Names>
const as =
  <Value>(): As<Value> =>
  <Names extends string>(of: Template<Names, unknown>) =>
    of as unknown as Expression<Value, Names>

/** Says what an expression yields, where no column does. */
export const integer = as<number>()
export const text = as<string>()
/** And that it may yield NULL. */
export const orNull = <Value, Names extends string>(of: Expression<Value, Names>) =>
  of as unknown as Expression<Value | null, Names>

/** A query in a place where its columns are nobody's result. */
export const inner = <Names extends string>(of: Template<Names, unknown>) => of as unknown as Template<Names>

type Columns = Readonly<Record<string, Expression<unknown, string>>>

/** The columns of a result, by the names that they have in it. */
export function columns<const C extends Columns>(
  of: C,
): Template<NamesOf<C[keyof C]>, { [Name in keyof C]: ValueOf<C[Name]> }> {
  const listed = Object.entries(of).map(([name, expression]) =>
    columnNames.get(expression) === name ? expression : sql`${expression} AS ${raw(name)}`,
  )
  return join(listed, ', ') as never
}

/** What a column is called where no other name is given. */
const columnNames = new WeakMap<object, string>()

export function column<Value>(text: string, name: string): Expression<Value> {
  const made = raw(text)
  columnNames.set(made, name)
  return made as unknown as Expression<Value>
}
