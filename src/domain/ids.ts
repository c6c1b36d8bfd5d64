/** The current time, injected so that tests control it. */
export type Clock = () => Date

/** Generators of ids, injected so that tests control them. */
export interface Ids {
  /** For rows: 15 letters and digits, which sort by time so that indexes grow at the end, behind the UUIDs of earlier builds. */
  readonly row: () => string
  /** For apps: 6 letters and digits. */
  readonly app: () => string
  /** For ids that serve as a client's only credential: an unguessable UUID v4, lower case. */
  readonly secret: () => string
}

/** In the order in which SQLite and JavaScript compare them. */
export const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** Of a row's id: the milliseconds since 1970, up to the year 2081, and what tells ids of one millisecond apart. */
export const ID_TIME = 7
export const ID_TAIL = 8
const ROW_ID = /^[0-9A-Za-z]{15}$/

/** A row's id for clients that want a UUID: of version 7, with the same time. Those of earlier builds are UUIDs already. */
export function asUuid(id: string): string {
  if (!ROW_ID.test(id)) return id
  const time = hex(id.slice(0, ID_TIME))
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${hex(id.slice(ID_TIME))}`
}

/** In 48 bits. */
function hex(text: string): string {
  let value = 0
  for (const letter of text) value = value * alphabet.length + alphabet.indexOf(letter)
  return value.toString(16).padStart(12, '0')
}
