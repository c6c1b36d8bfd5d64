/** A cheap first check by code unit; very few texts contain any of these. */
const SUSPECT = /[\0\ud800-\udfff]/
/** Characters that some layer would not return unchanged: NUL and lone surrogates. */
const UNSTORABLE = /[\0\p{Surrogate}]/u
const EVERY_UNSTORABLE = /[\0\p{Surrogate}]/gu

/** Whether a text survives storage and UTF-8 unchanged (identity R22). */
export const isStorable = (text: string): boolean => !SUSPECT.test(text) || !UNSTORABLE.test(text)

/** For descriptive texts: replaces unstorable characters by U+FFFD (identity R22). */
export const repaired = (text: string): string =>
  isStorable(text) ? text : text.replace(EVERY_UNSTORABLE, '\ufffd')

/** Whether every text in a JSON document can be stored, member names included. */
export function isStorableDocument(value: unknown): boolean {
  if (typeof value === 'string') return isStorable(value)
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isStorableDocument)
  return Object.entries(value).every(([name, one]) => isStorable(name) && isStorableDocument(one))
}

/** For descriptive documents: repairs every text; returns the same object if nothing needs repair. */
export function repairedDocument<T>(document: T): T {
  // The copy has the same shape.
  return isStorableDocument(document) ? document : (copied(document) as T)
}

function copied(value: unknown): unknown {
  if (typeof value === 'string') return repaired(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copied)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [repaired(name), copied(one)]))
}
