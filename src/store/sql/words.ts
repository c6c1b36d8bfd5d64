/**
 * What SQL engines say in words of their own: each has all of it in one file of `engines/`. Every argument and result is
 * a piece of SQL text; a path is that of a member of a document, from the outside in.
 */

export type Path = readonly (string | number)[]

export interface Words {
  /** The elements of a list of texts that is one JSON value, as a subquery. */
  listed(list: string): string
  /** A value is one of such a list, and rows are not looked up by it: the conditions beside it find them. */
  isListed(one: string, list: string): string
  /** The first 128 bits of a SHA-256 in hexadecimal digits. */
  digest(hash: string): string
  digests(list: string): string
  /** The elements of a list, and the members of an object, as rows with `key`, `value` and `type`; for a FROM. */
  elements(list: string, path: Path): string
  members(object: string, path: Path): string
  /** An element or member under its alias, as JSON text. */
  element(alias: string): string
  /** A member as a text, as a whole number, whether it is true, and as JSON text. */
  member(document: string, path: Path): string
  numeric(document: string, path: Path): string
  isTrue(document: string, path: Path): string
  part(document: string, path: Path): string
  /** A member by a name that is SQL, as a text. */
  named(document: string, name: string): string
  /** Whether a document has the member, be it null. */
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
  /** JSON text as a value of a document. */
  json(document: string): string
  /** RFC 7396. */
  merged(document: string, patch: string): string
  /** Two documents, the first as `merged` makes it, say the same. */
  differsFrom(merged: string, document: string): string
  /** What becomes of a tag's number when another is added; as it was where no number holds the sum. */
  added(held: string, given: string, safe: string): string
  randomId(): string
  same(one: string, other: string): string
  differs(one: string, other: string): string
  changedBefore(): string
  /** A text has a character outside a set, written as in brackets of a pattern. */
  hasOtherThan(text: string, set: string): string
  holds(whole: string, piece: string): string
  least(one: string, other: string): string
  greatest(one: string, other: string): string
  /** The sum of whole numbers over all rows. */
  total(of: string): string
  /** A number twice as large, so many times. */
  doubled(number: string, times: string): string
  /** A text of digits as a number; 0 for an empty one. */
  digits(text: string): string
  bytes(text: string): string
  /** One character of a text, by its place from 0. */
  letter(text: string, place: string): string
  dateOf(milliseconds: string): string
  refuse(what: string, dependent: string): string
  /**
   * The ids of the next events of an app behind one, no more than so many; where an engine orders commits of all apps as their
   * ids, they may be those of others, too. And the last one so far, for a reader who begins with what comes.
   */
  nextEvents(app: string, after: string, most: string): string
  lastEvent(app: string): string
  /** A column by which nothing shall be looked up, as another index is the one to use. */
  aside(column: string): string
  /** Another table, row by row behind those before it. */
  inTurn(table: string, on: string): string
  /** Of another table, the rows whose keys a query finds that knows the row before it. */
  found(
    table: { readonly name: string; readonly alias: string },
    keys: readonly string[],
    query: string,
  ): string
}
