/**
 * The forms in which SQL engines differ, for the statements, which are written over them. What each engine says stands in
 * its file of `engines/`; another engine needs one more of these and not its own statements.
 */
import type { Refusal } from './port.ts'
import {
  type Any,
  type Expression,
  integer,
  type NamesOf,
  orNull,
  piece,
  raw,
  sql,
  type Template,
  text,
  value,
} from './template.ts'
import type { Path } from './words.ts'

type Of<Names extends string> = Template<Names>

const quoted = (constant: string): Template => raw(`'${constant.replaceAll("'", "''")}'`)

/** A path as SQLite has it, `$.a.b[0]`. */
const steps = (path: string): Path =>
  [...path.matchAll(/\.(\w+)|\[(\d+)\]/g)].map(([, name, place]) => name ?? Number(place))

/** A constant text of ours, as part of the statement. */
export const literal = (constant: string): Expression<string> => text(quoted(constant))

/** A bound of ours, as part of the statement. */
export const number = (bound: number): Expression<number> => integer(raw(String(bound)))

/** The elements of a list that is bound as one JSON value: constant text, and no limit of 100 parameters on D1. */
export const listed = <const Name extends string>(name: Name) =>
  piece<Name>((words) => words.listed(value(name).render(words)))

/** A value is one of such a list, where other conditions find the rows: then a list of thousands costs one look at it. */
export const isListed = <Names extends string, const Name extends string>(one: Of<Names>, name: Name) =>
  piece<Names | Name>((words) => words.isListed(one.render(words), value(name).render(words)))

/** What is kept of a SHA-256, which is bound as hexadecimal digits: its first 128 bits. NULL for what is none. */
export const digest = <Names extends string>(hash: Of<Names>) =>
  piece<Names>((words) => words.digest(hash.render(words)))

/** The same of a list. */
export const digests = <const Name extends string>(name: Name) =>
  piece<Name>((words) => words.digests(value(name).render(words)))

/** The elements of a JSON array as rows, each with `key` (its place), `value` and `type`. They need an alias. */
export const elements = <Names extends string>(list: Of<Names>, path = '$') =>
  piece<Names>((words) => words.elements(list.render(words), steps(path)))

/** The same of the members of a JSON object, or of one inside a document: `key` is the name. */
export const members = <Names extends string>(object: Of<Names>, path = '$') =>
  piece<Names>((words) => words.members(object.render(words), steps(path)))

/** What a row of `elements` has, under its alias in the query. */
export const item = (alias: string) =>
  ({ key: raw(`${alias}.key`), value: raw(`${alias}.value`), type: raw(`${alias}.type`) }) as const

/** An element of `elements` as JSON text. */
export const element = (alias: string): Template => piece((words) => words.element(alias))

/** A member of a JSON document as a text, by its path (`$.a.b`). */
export const member = <Names extends string>(document: Of<Names>, path: string) =>
  orNull(text(piece<Names>((words) => words.member(document.render(words), steps(path)))))

/** The same of a member that is a whole number. */
export const numeric = <Names extends string>(document: Of<Names>, path: string) =>
  orNull(integer(piece<Names>((words) => words.numeric(document.render(words), steps(path)))))

/** A member of a JSON document is true. */
export const isTrue = <Names extends string>(document: Of<Names>, path: string) =>
  piece<Names>((words) => words.isTrue(document.render(words), steps(path)))

/** A member of a JSON document by its name, which may be bound. */
export const named = <A extends string, B extends string>(document: Of<A>, name: Of<B>) =>
  orNull(text(piece<A | B>((words) => words.named(document.render(words), name.render(words)))))

/** A member of a JSON document as JSON text. */
export const part = <Names extends string>(document: Of<Names>, path: string) =>
  orNull(text(piece<Names>((words) => words.part(document.render(words), steps(path)))))

const PATCH = value('patch')
/** The member of the JSON document bound as `patch`, or NULL. */
export const given = (name: string) => member(PATCH, `$.${name}`)
/** The same of a whole number. */
export const givenNumber = (name: string) => numeric(PATCH, `$.${name}`)

const patchedBy = <Names extends string, Given extends string>(
  name: string,
  otherwise: Of<Names>,
  by: Of<Given>,
) =>
  sql`CASE WHEN ${piece<'patch'>((words) => words.has(PATCH.render(words), [name]))} THEN ${by} ELSE ${otherwise} END`
/**
 * The member of the document bound as `patch` where it has one, else the expression: an absent member keeps what is
 * there, null clears it.
 */
export const patched = <Names extends string>(name: string, otherwise: Of<Names>) =>
  patchedBy(name, otherwise, given(name))
/** The same of a whole number. */
export const patchedNumber = <Names extends string>(name: string, otherwise: Of<Names>) =>
  patchedBy(name, otherwise, givenNumber(name))

/** A JSON document without one of its members. */
export const without = <Names extends string>(document: Of<Names>, path: string) =>
  piece<Names>((words) => words.without(document.render(words), steps(path)))

/** A JSON document is a list. */
export const isList = <Names extends string>(document: Of<Names>) =>
  piece<Names>((words) => words.isList(document.render(words)))

/** How many elements a JSON array has; NULL or 0 of what is none. */
export const sizeOf = <Names extends string>(list: Of<Names>) =>
  integer(piece<Names>((words) => words.sizeOf(list.render(words))))

/** A JSON array of these values. */
export const array = <const Parts extends readonly Any[]>(
  ...of: Parts
): Expression<string, NamesOf<Parts[number]>> =>
  text(piece<NamesOf<Parts[number]>>((words) => words.array(of.map((one) => one.render(words)))))

type Members = Readonly<Record<string, Any>>

/** A JSON object of these members. */
export const object = <const M extends Members>(of: M): Expression<string, NamesOf<M[keyof M]>> =>
  text(
    piece<NamesOf<M[keyof M]>>((words) =>
      words.object(Object.entries(of).map(([name, one]) => [name, one.render(words)] as const)),
    ),
  )

/** The JSON array of an expression over all rows. */
export const arrayOf = <Names extends string>(of: Of<Names>) =>
  text(piece<Names>((words) => words.arrayOf(of.render(words))))

/** The JSON object of a name and a JSON text over all rows. */
export const objectOf = <A extends string, B extends string>(name: Of<A>, document: Of<B>) =>
  text(piece<A | B>((words) => words.objectOf(name.render(words), document.render(words))))

/** A JSON array with one more text at its end. */
export const appended = <A extends string, B extends string>(list: Of<A>, one: Of<B>) =>
  text(piece<A | B>((words) => words.appended(list.render(words), one.render(words))))

/** JSON text as a value of a JSON document. */
export const json = <Names extends string>(document: Of<Names>) =>
  piece<Names>((words) => words.json(document.render(words)))

/** A JSON document changed by a patch of RFC 7396. */
export const merged = <A extends string, B extends string>(document: Of<A>, patch: Of<B>) =>
  text(piece<A | B>((words) => words.merged(document.render(words), patch.render(words))))

/** Whether such a patch changes it. */
export const changedBy = <A extends string, B extends string>(document: Of<A>, patch: Of<B>) =>
  piece<A | B>((words) => {
    const [before, by] = [document.render(words), patch.render(words)]
    return words.differsFrom(words.merged(before, by), before)
  })

/**
 * What a tag that holds a number becomes when another is added, both as JSON text: the number that is given where it
 * holds none. A sum that no number can hold leaves it as it is: infinity is not JSON, and digits would be lost.
 */
export const added = <A extends string, B extends string>(held: Of<A>, by: Of<B>) =>
  piece<A | B>((words) => words.added(held.render(words), by.render(words), String(Number.MAX_SAFE_INTEGER)))

/** 32 hexadecimal digits that nobody guesses, drawn anew for each row. */
export const randomId: Expression<string> = text(piece((words) => words.randomId()))

/** Equality in which NULL is a value. */
export const same = <A extends string, B extends string>(one: Of<A>, other: Of<B>) =>
  piece<A | B>((words) => words.same(one.render(words), other.render(words)))
export const differs = <A extends string, B extends string>(one: Of<A>, other: Of<B>) =>
  piece<A | B>((words) => words.differs(one.render(words), other.render(words)))

/** The statement before this one in its plan changed something. */
export const changedBefore: Template = piece((words) => words.changedBefore())

/** A text has a character outside a set, which is written as a character class of `domain/topic.ts`. */
export const hasOtherThan = <A extends string, B extends string>(one: Of<A>, set: Of<B>) =>
  piece<A | B>((words) => words.hasOtherThan(one.render(words), set.render(words)))

/** A text has another one in it. */
export const holds = <A extends string, B extends string>(whole: Of<A>, inner: Of<B>) =>
  piece<A | B>((words) => words.holds(whole.render(words), inner.render(words)))

/** One of two values, by a condition. */
export const either = <If extends string, A extends string, B extends string>(
  condition: Of<If>,
  one: Of<A>,
  other: Of<B>,
) => sql`CASE WHEN ${condition} THEN ${one} ELSE ${other} END`

/** A condition as 1 or 0; 0 where it is NULL. */
export const flag = <Names extends string>(condition: Of<Names>) =>
  integer(sql`CASE WHEN ${condition} THEN 1 ELSE 0 END`)

/** The smaller and the larger one of two numbers. */
export const least = <A extends string, B extends string>(one: Of<A>, other: Of<B>) =>
  integer(piece<A | B>((words) => words.least(one.render(words), other.render(words))))
export const greatest = <A extends string, B extends string>(one: Of<A>, other: Of<B>) =>
  integer(piece<A | B>((words) => words.greatest(one.render(words), other.render(words))))

/** The sum of whole numbers over all rows. */
export const total = <Names extends string>(of: Of<Names>) =>
  integer(piece<Names>((words) => words.total(of.render(words))))

/** A number twice as large, so many times. */
export const doubled = <A extends string, B extends string>(one: Of<A>, times: Of<B>) =>
  integer(piece<A | B>((words) => words.doubled(one.render(words), times.render(words))))

/** A text of digits as a number; 0 for an empty one. */
export const digits = <Names extends string>(of: Of<Names>) =>
  integer(piece<Names>((words) => words.digits(of.render(words))))

/** Bytes of a text, whatever the encoding of the database. */
export const bytes = <Names extends string>(of: Of<Names>) =>
  integer(piece<Names>((words) => words.bytes(of.render(words))))

/** One character of a text, by its place from 0. */
export const letter = <A extends string, B extends string>(of: Of<A>, place: Of<B>) =>
  text(piece<A | B>((words) => words.letter(of.render(words), place.render(words))))

/** The UTC date of a time in milliseconds, as `2026-11-25`. */
export const dateOf = <Names extends string>(milliseconds: Of<Names>) =>
  text(piece<Names>((words) => words.dateOf(milliseconds.render(words))))

/**
 * An expression that ends the whole plan as a refusal where it is evaluated. It depends on a value, so that no engine
 * works it out ahead of the condition around it.
 */
export const refuse = <Names extends string>(what: Refusal, dependent: Of<Names>) =>
  piece<Names>((words) => words.refuse(what, dependent.render(words)))

/** The ids of the next events of an app (see `Words`): bound as `app`, `afterId` and `walk`. */
export const nextEvents = piece<'app' | 'afterEvent' | 'walk'>((words) =>
  words.nextEvents(
    value('app').render(words),
    value('afterEvent').render(words),
    value('walk').render(words),
  ),
)
export const lastEvent = integer(piece<'app'>((words) => words.lastEvent(value('app').render(words))))
/** The same of an app that a column names. */
export const lastEventOf = (app: Of<never>) => integer(piece((words) => words.lastEvent(app.render(words))))

/** A column by which rows shall not be looked up, since the condition beside it finds fewer. */
export const aside = <Names extends string>(column: Of<Names>) =>
  piece<Names>((words) => words.aside(column.render(words)))

/** A table behind those before it in a FROM: for each of their rows, those that a condition finds by an index. */
export const inTurn = <A extends string, B extends string>(table: Of<A>, on: Of<B>) =>
  piece<A | B>((words) => words.inTurn(table.render(words), on.render(words)))

/** A JSON array of texts has this one. */
export const hasText = <A extends string, B extends string>(list: Of<A>, one: Of<B>) =>
  sql`EXISTS (SELECT 1 FROM ${elements(list)} has_text WHERE ${item('has_text').value} = ${one})`

/** Of a table under an alias, for each row before it in a FROM, the rows whose keys a query finds that names that row. */
export const found = <Names extends string>(
  table: Template,
  as: Template,
  key: (of: never) => readonly Expression[],
  query: Of<Names>,
) =>
  piece<Names>((words) => {
    const name = table.render(words)
    const alias = as.render(words).slice(name.length + 1)
    const keys = key(table as never).map((one) => one.render(words))
    return words.found({ name, alias }, keys, query.render(words))
  })
