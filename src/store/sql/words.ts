/**
 * SQL that differs between engines; each engine implements all of it in one file of `engines/`. All arguments and results
 * are SQL text; a path lists member names from the outside in.
 */

export type Path = readonly (string | number)[]

export interface Words {
  /** The elements of a list of texts bound as one JSON value, as a subquery. */
  listed(list: string): string
  /** Whether a value is in such a list; rows are found by other conditions, not by this one. */
  isListed(one: string, list: string): string
  /** The first 128 bits of a SHA-256 given in hexadecimal. */
  digest(hash: string): string
  digests(list: string): string
  /** The elements of a list, and the members of an object, as rows with `key`, `value` and `type`; for a FROM. */
  elements(list: string, path: Path): string
  members(object: string, path: Path): string
  /** An element or member as JSON text, by its alias. */
  element(alias: string): string
  /** A member as text, as a whole number, as a condition, and as JSON text. */
  member(document: string, path: Path): string
  numeric(document: string, path: Path): string
  isTrue(document: string, path: Path): string
  part(document: string, path: Path): string
  /** A member as text, by a name that is SQL. */
  named(document: string, name: string): string
  /** Whether a document has the member, even if it is null. */
  has(document: string, path: Path): string
  without(document: string, path: Path): string
  isList(document: string): string
  sizeOf(list: string): string
  array(of: readonly string[]): string
  object(of: readonly (readonly [string, string])[]): string
  /** Over all rows. */
  arrayOf(of: string): string
  objectOf(name: string, document: string): string
  appended(list: string, one: string): string
  /** JSON text as a value inside a document. */
  json(document: string): string
  /** RFC 7396. */
  merged(document: string, patch: string): string
  /** Whether two documents differ, the first in the form that `merged` returns. */
  differsFrom(merged: string, document: string): string
  /** A numeric tag's value after an addition; unchanged if the sum is out of range. */
  added(held: string, given: string, safe: string): string
  randomId(): string
  same(one: string, other: string): string
  differs(one: string, other: string): string
  changedBefore(): string
  /** Whether a text has a character outside a set, written like the inside of a character class. */
  hasOtherThan(text: string, set: string): string
  holds(whole: string, piece: string): string
  least(one: string, other: string): string
  greatest(one: string, other: string): string
  /** The sum of whole numbers over all rows; NULL without rows. */
  total(of: string): string
  /** A number doubled a given number of times. */
  doubled(number: string, times: string): string
  /** A text of digits as a number; 0 for an empty text. */
  digits(text: string): string
  bytes(text: string): string
  /** The character of a text at an index from 0. */
  letter(text: string, place: string): string
  dateOf(milliseconds: string): string
  refuse(what: string, dependent: string): string
  /**
   * The ids of at most `most` events of an app after one. On engines where ids of all apps are in commit order, other apps'
   * events may be included. `lastEvent`: the latest id, for readers that start with new events.
   */
  nextEvents(app: string, after: string, most: string): string
  lastEvent(app: string): string
  /** The ids and times of at most `most` events before one, newest first; likewise perhaps with those of other apps. */
  formerEvents(app: string, before: string, most: string): string
  /** A column that must not be used for an index look-up. */
  aside(column: string): string
  /** Joins a table row by row to those before it. */
  inTurn(table: string, on: string): string
  /** Joins the rows of a table whose keys a query correlated with the preceding rows returns. */
  found(
    table: { readonly name: string; readonly alias: string },
    keys: readonly string[],
    query: string,
  ): string
}
