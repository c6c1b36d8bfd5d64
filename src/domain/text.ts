/** Almost every text has none of these, and looking for them by code unit is the cheapest. */
const SUSPECT = /[\0\ud800-\udfff]/
/** What no layer gives back as it came: a NUL, or half of a surrogate pair. */
const UNSTORABLE = /[\0\p{Surrogate}]/u
const EVERY_UNSTORABLE = /[\0\p{Surrogate}]/gu

/** Whether a text comes back from every store, and from UTF-8, as it went in (identity R22). */
export const isStorable = (text: string): boolean => !SUSPECT.test(text) || !UNSTORABLE.test(text)

/** A text that only describes, with U+FFFD for what cannot be stored (identity R22). */
export const repaired = (text: string): string =>
  isStorable(text) ? text : text.replace(EVERY_UNSTORABLE, '\ufffd')

/** Whether every text in a JSON document can be stored, names of members included. */
export function isStorableDocument(value: unknown): boolean {
  if (typeof value === 'string') return isStorable(value)
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isStorableDocument)
  return Object.entries(value).every(([name, one]) => isStorable(name) && isStorableDocument(one))
}

/** A JSON document that only describes, with every text in it repaired; the same one where nothing is broken. */
export function repairedDocument<T>(document: T): T {
  // A copy has the same shape, with other texts.
  return isStorableDocument(document) ? document : (copied(document) as T)
}

function copied(value: unknown): unknown {
  if (typeof value === 'string') return repaired(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copied)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [repaired(name), copied(one)]))
}
