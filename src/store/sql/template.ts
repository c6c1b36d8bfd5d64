/**
 * Type-checked SQL. A template's type contains the names of its values and the row that it returns: a missing value, a
 * renamed column or a wrong result type does not compile.
 */
import type { Words } from './words.ts'

declare const NAMES: unique symbol
declare const ROW: unique symbol
declare const VALUE: unique symbol

/** A piece of SQL with the names that it binds and the row that it selects (`never` if it selects none). */
export interface Template<Names extends string = never, Row = never> {
  /** The text for an engine, in which each value is a placeholder (`filled`). */
  render(words: Words): string
  /** Only for the type system. */
  readonly [NAMES]: Names
  /** Only for the type system. */
  readonly [ROW]: Row
}

/** A piece of SQL for one value. */
export interface Expression<Value = unknown, Names extends string = never> extends Template<Names> {
  /** Only for the type system. */
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

/** Joins parts; the result binds and selects what the parts do. */
export function sql<const Parts extends readonly Any[]>(
  strings: TemplateStringsArray,
  ...parts: Parts
): Template<NamesOf<Parts[number]>, RowOf<Parts[number]>> {
  const [first = '', ...rest] = strings
  return piece((words) =>
    rest.reduce((text, string, at) => `${text}${parts[at]?.render(words)}${string}`, first),
  ) as Template<never>
}

/** Constant text, never input from a caller. */
export const raw = (text: string): Template => constant(text)

/** Joins parts with a separator. */
export const join = <const Parts extends readonly Any[]>(
  parts: Parts,
  separator: string,
): Template<NamesOf<Parts[number]>> =>
  piece((words) => parts.map((part) => part.render(words)).join(separator))

/** A named value, bound with each call. */
export const value = <const Name extends string>(name: Name): Expression<unknown, Name> =>
  constant(`\0${name}\0`) as unknown as Expression<unknown, Name>

/** The text of a template, with the engine's placeholder for each value. */
export const filled = (template: Any, words: Words, place: (name: string) => string): string =>
  template.render(words).replaceAll(/\0(\w+)\0/g, (_, name: string) => place(name))

type As<Value> = <Names extends string>(of: Template<Names, unknown>) => Expression<Value, Names>
const as =
  <Value>(): As<Value> =>
  <Names extends string>(of: Template<Names, unknown>) =>
    of as unknown as Expression<Value, Names>

/** Declares the type of an expression without a column. */
export const integer = as<number>()
export const text = as<string>()
/** Declares that an expression may be NULL. */
export const orNull = <Value, Names extends string>(of: Expression<Value, Names>) =>
  of as unknown as Expression<Value | null, Names>

/** A subquery whose columns are not part of the result. */
export const inner = <Names extends string>(of: Template<Names, unknown>) => of as unknown as Template<Names>

type Columns = Readonly<Record<string, Expression<unknown, string>>>

/** The columns of a result, by name. */
export function columns<const C extends Columns>(
  of: C,
): Template<NamesOf<C[keyof C]>, { [Name in keyof C]: ValueOf<C[Name]> }> {
  const listed = Object.entries(of).map(([name, expression]) =>
    columnNames.get(expression) === name ? expression : sql`${expression} AS ${raw(name)}`,
  )
  return join(listed, ', ') as never
}

/** The column names of expressions, used if no other name is given. */
const columnNames = new WeakMap<object, string>()

export function column<Value>(text: string, name: string): Expression<Value> {
  const made = raw(text)
  columnNames.set(made, name)
  return made as unknown as Expression<Value>
}
