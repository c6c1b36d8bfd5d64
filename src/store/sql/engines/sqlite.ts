import type { Path, Words } from '../words.ts'

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
const written = (path: Path) =>
  quoted(`$${path.map((one) => (typeof one === 'number' ? `[${one}]` : `.${one}`)).join('')}`)
const digest = (hash: string) => `unhex(substr(${hash}, 1, 32))`
const each = (document: string, path: Path) =>
  path.length === 0 ? `json_each(${document})` : `json_each(${document}, ${written(path)})`
const member = (document: string, path: Path) => `${document} ->> ${written(path)}`
/** A fraction as JSON text that parses to the same double: SQLite itself prints 15 digits, the newest version 17. */
const fraction = (of: string) => `printf('%!.17g', ${of})`

/** SQLite and D1. Numbers are bound without a cast; comparisons convert. */
export const SQLITE: Words = {
  listed: (list) => `(SELECT value FROM json_each(${list}))`,
  isListed: (one, list) => `${one} IN (SELECT value FROM json_each(${list}))`,
  digest,
  digests: (list) => `(SELECT ${digest('value')} FROM json_each(${list}))`,
  elements: each,
  members: each,
  // `json_quote` alone would turn true and false into 1 and 0, and round fractions.
  element: (alias) => `CASE WHEN ${alias}.type IN ('true', 'false') THEN ${alias}.type
      WHEN typeof(${alias}.value) = 'real' THEN ${fraction(`${alias}.value`)} ELSE json_quote(${alias}.value) END`,
  member,
  numeric: member,
  isTrue: (document, path) => `coalesce(${member(document, path)}, 0) = 1`,
  part: (document, path) => `${document} -> ${written(path)}`,
  named: (document, name) => `${document} ->> ${name}`,
  has: (document, path) => `json_type(${document}, ${written(path)}) IS NOT NULL`,
  without: (document, path) => `json_remove(${document}, ${written(path)})`,
  isList: (document) => `json_type(${document}) = 'array'`,
  sizeOf: (list) => `json_array_length(${list})`,
  array: (of) => `json_array(${of.join(', ')})`,
  object: (of) => `json_object(${of.map(([name, one]) => `${quoted(name)}, ${one}`).join(', ')})`,
  arrayOf: (of) => `json_group_array(${of})`,
  objectOf: (name, document) => `json_group_object(${name}, json(${document}))`,
  appended: (list, one) => `json_insert(${list}, '$[#]', ${one})`,
  json: (document) => `json(${document})`,
  merged: (document, patch) => `json_patch(${document}, ${patch})`,
  differsFrom: (merged, document) => `${merged} <> json(${document})`,
  added(held, given, safe) {
    const total = `(${held} + ${given})`
    return `CASE
  WHEN coalesce(json_type(${held}), '') NOT IN ('integer', 'real') THEN ${given}
  WHEN typeof(${total}) = 'integer' THEN CASE WHEN ${total} BETWEEN -${safe} AND ${safe} THEN CAST(${total} AS TEXT) ELSE ${held} END
  WHEN abs(${total}) < 9e999 THEN ${fraction(total)} ELSE ${held} END`
  },
  randomId: () => 'lower(hex(randomblob(16)))',
  same: (one, other) => `${one} IS ${other}`,
  differs: (one, other) => `${one} IS NOT ${other}`,
  changedBefore: () => 'changes() > 0',
  hasOtherThan: (text, set) => `${text} GLOB '*[^' || (${set}) || ']*'`,
  holds: (whole, piece) => `instr(${whole}, ${piece}) > 0`,
  least: (one, other) => `min(${one}, ${other})`,
  greatest: (one, other) => `max(${one}, ${other})`,
  total: (of) => `sum(${of})`,
  doubled: (number, times) => `${number} << ${times}`,
  digits: (text) => `CAST(${text} AS INTEGER)`,
  letter: (text, place) => `substr(${text}, ${place} + 1, 1)`,
  bytes: (text) => `length(CAST(${text} AS BLOB))`,
  dateOf: (milliseconds) => `date(${milliseconds} / 1000, 'unixepoch')`,
  refuse: (what, dependent) => `json_extract('null', ${quoted(`refused: ${what} `)} || ${dependent})`,
  // A single writer orders all events, and an index by app would cost every event.
  nextEvents: (_, after, most) => `SELECT id FROM events WHERE id > ${after} ORDER BY id LIMIT ${most}`,
  formerEvents: (_, before, most) =>
    `SELECT id, at FROM events WHERE id < ${before} ORDER BY id DESC LIMIT ${most}`,
  lastEvent: () => 'coalesce((SELECT max(id) FROM events), 0)',
  aside: (column) => `+${column}`,
  // CROSS JOIN keeps the written order.
  inTurn: (table, on) => `CROSS JOIN ${table} ON ${on}`,
  found: ({ name, alias }, keys, query) =>
    `JOIN ${name} ${alias} ON (${keys.map((key) => `${alias}.${key}`).join(', ')}) IN (${query})`,
}
