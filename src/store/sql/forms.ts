/**
 * The forms in which SQL engines differ, each once and as SQLite has it. Statements are written over them, so that
 * another engine needs its own file of forms and not its own statements.
 */
import type { Refusal } from './port.ts'
import {
  type Any,
  type Expression,
  integer,
  join,
  type NamesOf,
  orNull,
  raw,
  sql,
  type Template,
  text,
  value,
} from './template.ts'

type Of<Names extends string> = Template<Names>

const quoted = (constant: string): Template => raw(`'${constant.replaceAll("'", "''")}'`)

/** A constant text of ours, as part of the statement. */
export const literal = (constant: string): Expression<string> => text(quoted(constant))

/** A bound of ours, as part of the statement. */
export const number = (bound: number): Expression<number> => integer(raw(String(bound)))

/** The elements of a list that is bound as one JSON value: constant text, and no limit of 100 parameters on D1. */
export const listed = <const Name extends string>(name: Name) =>
  sql`(SELECT value FROM json_each(${value(name)}))`

/** What is kept of a SHA-256, which is bound as hexadecimal digits: its first 128 bits. NULL for what is none. */
export const digest = <Names extends string>(hash: Of<Names>) => sql`unhex(substr(${hash}, 1, 32))`

/** The same of a list. */
export const digests = <const Name extends string>(name: Name) =>
  sql`(SELECT ${digest(raw('value'))} FROM json_each(${value(name)}))`

/** The rows of a JSON document, each with `key`, `value` and `type`. */
export const elements = <Names extends string>(document: Of<Names>) => sql`json_each(${document})`

/** The same of a member of the document, by its path. */
export const elementsOf = <Names extends string>(document: Of<Names>, path: string) =>
  sql`json_each(${document}, ${quoted(path)})`

/** What a row of `elements` has, under its alias in the query. */
export const item = (alias: string) =>
  ({ key: raw(`${alias}.key`), value: raw(`${alias}.value`), type: raw(`${alias}.type`) }) as const

/** A member of a JSON document as a value of SQL, by its path (`$.a.b`). */
export const member = <Names extends string>(document: Of<Names>, path: string) =>
  orNull(text(sql`${document} ->> ${quoted(path)}`))

/** A member of a JSON document by its name, which may be bound. */
export const named = <A extends string, B extends string>(document: Of<A>, name: Of<B>) =>
  orNull(text(sql`${document} ->> ${name}`))

/** A member of a JSON document as JSON text. */
export const part = <Names extends string>(document: Of<Names>, path: string) =>
  orNull(text(sql`${document} -> ${quoted(path)}`))

/** A member of a JSON document: a value of SQL, or the JSON text of a list or an object. */
export const extracted = <Names extends string>(document: Of<Names>, path: string) =>
  sql`json_extract(${document}, ${quoted(path)})`

/** The member of the JSON document bound as `patch`, or NULL. */
export const given = (name: string) => extracted(value('patch'), `$.${name}`)

/**
 * The member of the document bound as `patch` where it has one, else the expression: an absent member keeps what is
 * there, null clears it.
 */
export const patched = <Names extends string>(name: string, otherwise: Of<Names>) =>
  sql`CASE WHEN json_type(${value('patch')}, ${quoted(`$.${name}`)}) IS NULL THEN ${otherwise} ELSE ${given(name)} END`

/** A JSON document without one of its members. */
export const without = <Names extends string>(document: Of<Names>, path: string) =>
  sql`json_remove(${document}, ${quoted(path)})`

/** A JSON document is a list. */
export const isList = <Names extends string>(document: Of<Names>) => sql`json_type(${document}) = 'array'`

/** A JSON array of these values. */
export const array = <const Parts extends readonly Any[]>(
  ...of: Parts
): Expression<string, NamesOf<Parts[number]>> => text(sql`json_array(${join(of, ', ')})`)

type Members = Readonly<Record<string, Any>>

/** A JSON object of these members. */
export const object = <const M extends Members>(members: M): Expression<string, NamesOf<M[keyof M]>> => {
  const pairs = Object.entries(members).map(([name, of]) => sql`${quoted(name)}, ${of}`)
  return text(sql`json_object(${join(pairs, ', ')})`) as Expression<string, NamesOf<M[keyof M]>>
}

/** The JSON array of an expression over all rows. */
export const arrayOf = <Names extends string>(of: Of<Names>) => text(sql`json_group_array(${of})`)

/** The JSON object of a name and a JSON text over all rows. */
export const objectOf = <A extends string, B extends string>(name: Of<A>, document: Of<B>) =>
  text(sql`json_group_object(${name}, json(${document}))`)

/** A JSON array with one more value at its end. */
export const appended = <A extends string, B extends string>(list: Of<A>, one: Of<B>) =>
  text(sql`json_insert(${list}, '$[#]', ${one})`)

/** JSON text as a value of a JSON document. */
export const json = <Names extends string>(document: Of<Names>) => sql`json(${document})`

/** A JSON document changed by a patch of RFC 7396. */
export const merged = <A extends string, B extends string>(document: Of<A>, patch: Of<B>) =>
  text(sql`json_patch(${document}, ${patch})`)

/** What a JSON document is: `array`, `integer`, `real` or another type. */
export const typeOf = <Names extends string>(document: Of<Names>) => sql`json_type(${document})`

/** How many elements a JSON array has. */
export const sizeOf = <Names extends string>(list: Of<Names>) => integer(sql`json_array_length(${list})`)

/** A number is a whole one. */
export const whole = <Names extends string>(of: Of<Names>) => sql`typeof(${of}) = 'integer'`

/** A fraction as JSON text that reads back as the same double; SQLite alone keeps 15 digits, the newest 17. */
export const fraction = <Names extends string>(of: Of<Names>) => text(sql`printf('%!.17g', ${of})`)

/**
 * An element of `elements` as JSON text. `json_quote` alone would turn true and false into 1 and 0, and round
 * fractions.
 */
export const element = (alias: string): Template => {
  const { value, type } = item(alias)
  return sql`CASE WHEN ${type} IN ('true', 'false') THEN ${type}
      WHEN typeof(${value}) = 'real' THEN ${fraction(value)} ELSE json_quote(${value}) END`
}

/** 32 hexadecimal digits that nobody guesses, drawn anew for each row. */
export const randomId: Expression<string> = text(raw('lower(hex(randomblob(16)))'))

/** Equality in which NULL is a value. */
export const same = <A extends string, B extends string>(one: Of<A>, other: Of<B>) => sql`${one} IS ${other}`
export const differs = <A extends string, B extends string>(one: Of<A>, other: Of<B>) =>
  sql`${one} IS NOT ${other}`

/** The statement before this one in its plan changed something. */
export const changedBefore: Template = raw('changes() > 0')

/** A text matches a pattern of `domain/topic.ts`. */
export const matches = <A extends string, B extends string>(one: Of<A>, pattern: Of<B>) =>
  sql`${one} GLOB ${pattern}`

/** One of two values, by a condition. */
export const either = <If extends string, A extends string, B extends string>(
  condition: Of<If>,
  one: Of<A>,
  other: Of<B>,
) => sql`iif(${condition}, ${one}, ${other})`

/** A text has another one in it. */
export const holds = <A extends string, B extends string>(whole: Of<A>, piece: Of<B>) =>
  sql`instr(${whole}, ${piece}) > 0`

/** The smaller and the larger one of two numbers. */
export const least = <A extends string, B extends string>(one: Of<A>, other: Of<B>) =>
  integer(sql`min(${one}, ${other})`)
export const greatest = <A extends string, B extends string>(one: Of<A>, other: Of<B>) =>
  integer(sql`max(${one}, ${other})`)

/** Bytes of a text, whatever the encoding of the database. */
export const bytes = <Names extends string>(of: Of<Names>) => integer(sql`length(CAST(${of} AS BLOB))`)

/** The UTC date of a time in milliseconds, as `2026-11-25`. */
export const dateOf = <Names extends string>(milliseconds: Of<Names>) =>
  text(sql`date(${milliseconds} / 1000, 'unixepoch')`)

/**
 * An expression that ends the whole plan as a refusal where it is evaluated. It depends on a value, so that no engine
 * works it out ahead of the condition around it.
 */
export const refuse = <Names extends string>(what: Refusal, dependent: Of<Names>) =>
  sql`json_extract('null', ${quoted(`refused: ${what} `)} || ${dependent})`
