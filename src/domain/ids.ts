/** The current time, injected so that tests control it. */
export type Clock = () => Date

/** Generators of ids, injected so that tests control them. */
export interface Ids {
  /** For rows: 15 letters and digits that sort by time, so that indexes grow at their end; they sort after old UUIDs. */
  readonly row: () => string
  /** For apps: 6 letters and digits. */
  readonly app: () => string
  /** For ids that serve as a client's only credential: an unguessable UUID v4, lower case. */
  readonly secret: () => string
}

/** In the order in which SQLite and JavaScript compare them. */
export const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** The first characters of a row id are milliseconds since 1970 (up to 2081); the rest separates ids within one. */
export const ID_TIME = 7
export const ID_TAIL = 8
const ROW_ID = /^[0-9A-Za-z]{15}$/

/** The UUID (version 7, same time) of a row id, for clients that need one. Ids of old builds already are UUIDs. */
export function asUuid(id: string): string {
  if (!ROW_ID.test(id)) return id
  const time = hex(id.slice(0, ID_TIME))
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${hex(id.slice(ID_TIME))}`
}

/** As 48 bits in hexadecimal. */
function hex(text: string): string {
  let value = 0
  for (const letter of text) value = value * alphabet.length + alphabet.indexOf(letter)
  return value.toString(16).padStart(12, '0')
}
