import type { Path, Words } from '../words.ts'

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
const path = (of: Path) => quoted(`{${of.join(',')}}`)
const document = (of: string) => `(${of})::json`
const inside = (of: string, at: Path) => (at.length === 0 ? document(of) : `(${document(of)} #> ${path(at)})`)
const member = (of: string, at: Path) => `(${document(of)} #>> ${path(at)})`
const digest = (hash: string) => `decode(substr(${hash}, 1, 32), 'hex')`
/** The text of a JSON value without white space, because it is compared and returned as it is. */
const jsonText = (of: string) => `coalesce(to_json(${of.startsWith("'") ? `${of}::text` : of})::text, 'null')`
const type = (of: string) => `json_typeof(${document(of)})`

/**
 * PostgreSQL, limited to features that distributed engines share. Documents are stored as text and processed as `json`, which
 * unlike `jsonb` keeps the order of members and the notation of numbers.
 */
export const POSTGRES: Words = {
  listed: (list) => `(SELECT json_array_elements_text(${document(list)}))`,
  // A plain IN may become a join that parses the document for each row; as a value it is hashed once.
  isListed: (one, list) => `((${one} IN (SELECT json_array_elements_text(${document(list)}))) IS TRUE)`,
  digest,
  digests: (list) => `(SELECT ${digest('hash')} FROM json_array_elements_text(${document(list)}) hash)`,
  elements: (
    list,
    at,
  ) => `LATERAL (SELECT place - 1 AS key, one #>> '{}' AS value, one AS held, json_typeof(one) AS type
      FROM json_array_elements(${inside(list, at)}) WITH ORDINALITY AS elements(one, place))`,
  members: (
    object,
    at,
  ) => `LATERAL (SELECT name AS key, one #>> '{}' AS value, one AS held, json_typeof(one) AS type
      FROM json_each(${inside(object, at)}) AS members(name, one))`,
  element: (alias) =>
    `CASE WHEN ${alias}.type = 'string' THEN to_json(${alias}.value)::text ELSE ${alias}.held::text END`,
  member,
  numeric: (of, at) => `${member(of, at)}::bigint`,
  isTrue: (of, at) => `coalesce(${member(of, at)}, '') = 'true'`,
  part: (of, at) => `(${document(of)} #> ${path(at)})::text`,
  named: (of, name) => `(${document(of)} ->> ${name})`,
  has: (of, at) => `(${document(of)} #> ${path(at)}) IS NOT NULL`,
  without: (of, at) => `((${of})::jsonb #- ${path(at)})::text`,
  isList: (of) => `${type(of)} = 'array'`,
  sizeOf: (list) => `CASE WHEN ${type(list)} = 'array' THEN json_array_length(${document(list)}) END`,
  array: (of) => `('[' || ${of.map(jsonText).join(" || ',' || ")} || ']')`,
  object: (of) =>
    `('{' || ${of.map(([name, one]) => `${quoted(`${JSON.stringify(name)}:`)} || ${jsonText(one)}`).join(" || ',' || ")} || '}')`,
  arrayOf: (of) => `('[' || coalesce(string_agg(${jsonText(of)}, ','), '') || ']')`,
  objectOf: (name, of) =>
    `('{' || coalesce(string_agg(to_json(${name})::text || ':' || (${of})::text, ',' ORDER BY ${name}), '') || '}')`,
  appended: (list, one) => `((${list})::jsonb || to_jsonb(${one}))::text`,
  json: document,
  // A function of the schema (schema/postgres).
  merged: (of, patch) => `pushport_merge((${of})::jsonb, (${patch})::jsonb)::text`,
  differsFrom: (merged, of) => `(${merged})::jsonb <> (${of})::jsonb`,
  added(held, given, safe) {
    const number = `(CASE WHEN ${type(held)} = 'number' THEN ${held} END)`
    const total = `(${number}::numeric + ${given}::numeric)`
    const whole = `((${held}) || (${given})) !~ '[.eE]'`
    return `CASE WHEN ${number} IS NULL THEN ${given}
  WHEN ${whole} THEN CASE WHEN ${total} BETWEEN -${safe} AND ${safe} THEN ${total}::text ELSE ${held} END
  WHEN abs(${total}) < 1.797693134862315807e308 THEN (${number}::float8 + ${given}::float8)::text ELSE ${held} END`
  },
  randomId: () => `replace(gen_random_uuid()::text, '-', '')`,
  same: (one, other) => `${one} IS NOT DISTINCT FROM ${other}`,
  differs: (one, other) => `${one} IS DISTINCT FROM ${other}`,
  changedBefore: () => `current_setting('${CHANGED}')::bigint > 0`,
  hasOtherThan: (text, set) => `${text} ~ ('[^' || ${set} || ']')`,
  holds: (whole, piece) => `strpos(${whole}, ${piece}) > 0`,
  least: (one, other) => `least(${one}, ${other})`,
  greatest: (one, other) => `greatest(${one}, ${other})`,
  total: (of) => `sum(${of})::bigint`,
  doubled: (number, times) => `(${number} << (${times})::integer)`,
  digits: (text) => `coalesce(nullif(${text}, '')::bigint, 0)`,
  letter: (text, place) => `substr(${text}, ${place}::integer + 1, 1)`,
  bytes: (text) => `octet_length(${text})`,
  dateOf: (milliseconds) => `to_char(to_timestamp(${milliseconds} / 1000) AT TIME ZONE 'UTC', 'YYYY-MM-DD')`,
  refuse: (what, dependent) => `(${quoted(`refused: ${what} `)} || ${dependent})::bigint`,
  // Behind an app's lock, ids are in the commit order of that app; ids of other apps may be committed later.
  nextEvents: (app, after, most) =>
    `SELECT id FROM events WHERE app_id = ${app} AND id > ${after} ORDER BY id LIMIT ${most}`,
  formerEvents: (app, before, most) =>
    `SELECT id, at FROM events WHERE app_id = ${app} AND id < ${before} ORDER BY id DESC LIMIT ${most}`,
  lastEvent: (app) => `coalesce((SELECT max(id) FROM events WHERE app_id = ${app}), 0)`,
  aside: (column) => column,
  // The planner may reorder a plain join, and for a young table starts with all of its rows; OFFSET 0 keeps the
  // order.
  inTurn: (table, on) => `CROSS JOIN LATERAL (SELECT * FROM ${table} WHERE ${on} OFFSET 0) ${aliasOf(table)}`,
  found: ({ name, alias }, keys, query) =>
    `CROSS JOIN LATERAL (${query}) found JOIN ${name} ${alias} ON ${keys.map((key) => `${alias}.${key} = found.${key}`).join(' AND ')}`,
}

/** The alias of a table: `e` for `events e`, `events` for `events`. */
const aliasOf = (table: string): string => table.slice(table.lastIndexOf(' ') + 1)

/** The setting in which a statement stores its row count for the next one in the transaction. */
export const CHANGED = 'pushport.changed'
