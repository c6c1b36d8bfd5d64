/**
 * Forms that differ between SQL engines, for use in statements. The rendering for each engine is in a file of `engines/`; a
 * new engine needs such a file but no statements of its own.
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

/** A path in SQLite's notation, `$.a.b[0]`. */
const steps = (path: string): Path =>
  [...path.matchAll(/\.(\w+)|\[(\d+)\]/g)].map(([, name, place]) => name ?? Number(place))

/** A constant text as part of the statement. */
export const literal = (constant: string): Expression<string> => text(quoted(constant))

/** A constant number as part of the statement. */
export const number = (bound: number): Expression<number> => integer(raw(String(bound)))

/** The elements of a list bound as one JSON value: the SQL is constant, and D1's limit of 100 parameters does not apply. */
export const listed = <const Name extends string>(name: Name) =>
  piece<Name>((words) => words.listed(value(name).render(words)))

/** Whether a value is in such a list, for rows found by other conditions: the list is parsed once, however long it is. */
export const isListed = <Names extends string, const Name extends string>(one: Of<Names>, name: Name) =>
  piece<Names | Name>((words) => words.isListed(one.render(words), value(name).render(words)))

/** The stored form of a SHA-256, which is bound in hexadecimal: its first 128 bits. NULL for invalid input. */
export const digest = <Names extends string>(hash: Of<Names>) =>
  piece<Names>((words) => words.digest(hash.render(words)))

/** The stored forms of a list of hashes. */
export const digests = <const Name extends string>(name: Name) =>
  piece<Name>((words) => words.digests(value(name).render(words)))

/** The elements of a JSON array as rows with `key` (the index), `value` and `type`. They need an alias. */
export const elements = <Names extends string>(list: Of<Names>, path = '$') =>
  piece<Names>((words) => words.elements(list.render(words), steps(path)))

/** The members of a JSON object, or of one inside a document, as such rows; `key` is the name. */
export const members = <Names extends string>(object: Of<Names>, path = '$') =>
  piece<Names>((words) => words.members(object.render(words), steps(path)))

/** The columns of a row of `elements`, by the query's alias. */
export const item = (alias: string) =>
  ({ key: raw(`${alias}.key`), value: raw(`${alias}.value`), type: raw(`${alias}.type`) }) as const

/** An element of `elements` as JSON text. */
export const element = (alias: string): Template => piece((words) => words.element(alias))

/** A member of a JSON document as text, by its path (`$.a.b`). */
export const member = <Names extends string>(document: Of<Names>, path: string) =>
  orNull(text(piece<Names>((words) => words.member(document.render(words), steps(path)))))

/** A member of a JSON document as a whole number. */
export const numeric = <Names extends string>(document: Of<Names>, path: string) =>
  orNull(integer(piece<Names>((words) => words.numeric(document.render(words), steps(path)))))

/** Whether a member of a JSON document is true. */
export const isTrue = <Names extends string>(document: Of<Names>, path: string) =>
  piece<Names>((words) => words.isTrue(document.render(words), steps(path)))

/** A member of a JSON document by a name, which may be a bound value. */
export const named = <A extends string, B extends string>(document: Of<A>, name: Of<B>) =>
  orNull(text(piece<A | B>((words) => words.named(document.render(words), name.render(words)))))

/** A member of a JSON document as JSON text. */
export const part = <Names extends string>(document: Of<Names>, path: string) =>
  orNull(text(piece<Names>((words) => words.part(document.render(words), steps(path)))))

const PATCH = value('patch')
/** The member of the JSON document bound as `patch`, or NULL. */
export const given = (name: string) => member(PATCH, `$.${name}`)
/** The same as a whole number. */
export const givenNumber = (name: string) => numeric(PATCH, `$.${name}`)

const patchedBy = <Names extends string, Given extends string>(
  name: string,
  otherwise: Of<Names>,
  by: Of<Given>,
) =>
  sql`CASE WHEN ${piece<'patch'>((words) => words.has(PATCH.render(words), [name]))} THEN ${by} ELSE ${otherwise} END`
/**
 * The member of the document bound as `patch` if it has one, else the expression: an absent member keeps the stored value,
 * null clears it.
 */
export const patched = <Names extends string>(name: string, otherwise: Of<Names>) =>
  patchedBy(name, otherwise, given(name))
/** The same for a whole number. */
export const patchedNumber = <Names extends string>(name: string, otherwise: Of<Names>) =>
  patchedBy(name, otherwise, givenNumber(name))

/** A JSON document without one member. */
export const without = <Names extends string>(document: Of<Names>, path: string) =>
  piece<Names>((words) => words.without(document.render(words), steps(path)))

/** Whether a JSON document is a list. */
export const isList = <Names extends string>(document: Of<Names>) =>
  piece<Names>((words) => words.isList(document.render(words)))

/** The length of a JSON array; NULL or 0 for anything else. */
export const sizeOf = <Names extends string>(list: Of<Names>) =>
  integer(piece<Names>((words) => words.sizeOf(list.render(words))))

/** A JSON array of values. */
export const array = <const Parts extends readonly Any[]>(
  ...of: Parts
): Expression<string, NamesOf<Parts[number]>> =>
  text(piece<NamesOf<Parts[number]>>((words) => words.array(of.map((one) => one.render(words)))))

type Members = Readonly<Record<string, Any>>

/** A JSON object of members. */
export const object = <const M extends Members>(of: M): Expression<string, NamesOf<M[keyof M]>> =>
  text(
    piece<NamesOf<M[keyof M]>>((words) =>
      words.object(Object.entries(of).map(([name, one]) => [name, one.render(words)] as const)),
    ),
  )

/** The JSON array of an expression, over all rows. */
export const arrayOf = <Names extends string>(of: Of<Names>) =>
  text(piece<Names>((words) => words.arrayOf(of.render(words))))

/** The JSON object of names and JSON texts, over all rows. */
export const objectOf = <A extends string, B extends string>(name: Of<A>, document: Of<B>) =>
  text(piece<A | B>((words) => words.objectOf(name.render(words), document.render(words))))

/** A JSON array with a text appended. */
export const appended = <A extends string, B extends string>(list: Of<A>, one: Of<B>) =>
  text(piece<A | B>((words) => words.appended(list.render(words), one.render(words))))

/** JSON text as a value inside a JSON document. */
export const json = <Names extends string>(document: Of<Names>) =>
  piece<Names>((words) => words.json(document.render(words)))

/** A JSON document after a merge patch (RFC 7396). */
export const merged = <A extends string, B extends string>(document: Of<A>, patch: Of<B>) =>
  text(piece<A | B>((words) => words.merged(document.render(words), patch.render(words))))

/** Whether a merge patch changes the document. */
export const changedBy = <A extends string, B extends string>(document: Of<A>, patch: Of<B>) =>
  piece<A | B>((words) => {
    const [before, by] = [document.render(words), patch.render(words)]
    return words.differsFrom(words.merged(before, by), before)
  })

/**
 * The new value of a numeric tag after an addition, both as JSON text; the given number if the tag holds none. A sum that
 * is out of range leaves the tag as it is, because JSON has no infinity and digits would be lost.
 */
export const added = <A extends string, B extends string>(held: Of<A>, by: Of<B>) =>
  piece<A | B>((words) => words.added(held.render(words), by.render(words), String(Number.MAX_SAFE_INTEGER)))

/** 32 random hexadecimal digits, different for each row. */
export const randomId: Expression<string> = text(piece((words) => words.randomId()))

/** Equality in which NULL equals NULL. */
export const same = <A extends string, B extends string>(one: Of<A>, other: Of<B>) =>
  piece<A | B>((words) => words.same(one.render(words), other.render(words)))
export const differs = <A extends string, B extends string>(one: Of<A>, other: Of<B>) =>
  piece<A | B>((words) => words.differs(one.render(words), other.render(words)))

/** Whether the previous statement of the plan changed a row. */
export const changedBefore: Template = piece((words) => words.changedBefore())

/** Whether a text has a character outside a set, written like a character class (`domain/topic.ts`). */
export const hasOtherThan = <A extends string, B extends string>(one: Of<A>, set: Of<B>) =>
  piece<A | B>((words) => words.hasOtherThan(one.render(words), set.render(words)))

/** Whether a text contains another one. */
export const holds = <A extends string, B extends string>(whole: Of<A>, inner: Of<B>) =>
  piece<A | B>((words) => words.holds(whole.render(words), inner.render(words)))

/** One of two values, depending on a condition. */
export const either = <If extends string, A extends string, B extends string>(
  condition: Of<If>,
  one: Of<A>,
  other: Of<B>,
) => sql`CASE WHEN ${condition} THEN ${one} ELSE ${other} END`

/** A condition as 1 or 0; 0 if it is NULL. */
export const flag = <Names extends string>(condition: Of<Names>) =>
  integer(sql`CASE WHEN ${condition} THEN 1 ELSE 0 END`)

/** The smaller or larger of two numbers. */
export const least = <A extends string, B extends string>(one: Of<A>, other: Of<B>) =>
  integer(piece<A | B>((words) => words.least(one.render(words), other.render(words))))
export const greatest = <A extends string, B extends string>(one: Of<A>, other: Of<B>) =>
  integer(piece<A | B>((words) => words.greatest(one.render(words), other.render(words))))

/** The sum of whole numbers over all rows; NULL without rows. */
export const total = <Names extends string>(of: Of<Names>) =>
  integer(piece<Names>((words) => words.total(of.render(words))))

/** A number doubled a given number of times. */
export const doubled = <A extends string, B extends string>(one: Of<A>, times: Of<B>) =>
  integer(piece<A | B>((words) => words.doubled(one.render(words), times.render(words))))

/** A text of digits as a number; 0 for an empty text. */
export const digits = <Names extends string>(of: Of<Names>) =>
  integer(piece<Names>((words) => words.digits(of.render(words))))

/** The length of a text in UTF-8 bytes, whatever the encoding of the database. */
export const bytes = <Names extends string>(of: Of<Names>) =>
  integer(piece<Names>((words) => words.bytes(of.render(words))))

/** The character of a text at an index from 0. */
export const letter = <A extends string, B extends string>(of: Of<A>, place: Of<B>) =>
  text(piece<A | B>((words) => words.letter(of.render(words), place.render(words))))

/** The UTC date of a time in milliseconds, as `2026-11-25`. */
export const dateOf = <Names extends string>(milliseconds: Of<Names>) =>
  text(piece<Names>((words) => words.dateOf(milliseconds.render(words))))

/**
 * An expression that aborts the whole plan with a refusal when it is evaluated. It depends on a value, so that no engine
 * evaluates it before the surrounding condition.
 */
export const refuse = <Names extends string>(what: Refusal, dependent: Of<Names>) =>
  piece<Names>((words) => words.refuse(what, dependent.render(words)))

/** The ids of the next events of an app (see `Words`). */
export const nextEvents = piece<'app' | 'afterEvent' | 'walk'>((words) =>
  words.nextEvents(
    value('app').render(words),
    value('afterEvent').render(words),
    value('walk').render(words),
  ),
)
/** The last events of an app before one, newest first, with their times (see `Words`). */
export const formerEvents = piece<'app' | 'fromEvent' | 'walk'>((words) =>
  words.formerEvents(
    value('app').render(words),
    value('fromEvent').render(words),
    value('walk').render(words),
  ),
)
export const lastEvent = integer(piece<'app'>((words) => words.lastEvent(value('app').render(words))))
/** The same for an app named by a column. */
export const lastEventOf = (app: Of<never>) => integer(piece((words) => words.lastEvent(app.render(words))))

/** A column that must not be used for an index look-up, because another condition finds fewer rows. */
export const aside = <Names extends string>(column: Of<Names>) =>
  piece<Names>((words) => words.aside(column.render(words)))

/** Joins a table after those before it in a FROM: for each of their rows, the rows that a condition finds by an index. */
export const inTurn = <A extends string, B extends string>(table: Of<A>, on: Of<B>) =>
  piece<A | B>((words) => words.inTurn(table.render(words), on.render(words)))

/** Whether a JSON array of texts contains a text. */
export const hasText = <A extends string, B extends string>(list: Of<A>, one: Of<B>) =>
  sql`EXISTS (SELECT 1 FROM ${elements(list)} has_text WHERE ${item('has_text').value} = ${one})`

/** Joins, for each row before it in a FROM, the rows of a table whose keys a correlated query returns. */
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
