import type { Json } from './message.ts'

/** A value as FCM takes it: text stays, everything else becomes its JSON text (contracts/sending.md 1, row 3). */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Keys of `data` that FCM refuses; all of a message, not only the key (contracts/delivery.md 3). */
const refusedByFcm = (key: string): boolean =>
  ['from', 'message_type', 'collapse_key'].includes(key) || /^(?:google|gcm)/.test(key)

/** FCM's `data`: all text, without absent members and without the keys that FCM refuses. */
export function fcmData(values: Json): Record<string, string> {
  const entries = Object.entries(values).filter(
    ([key, value]) => value !== undefined && value !== null && !refusedByFcm(key),
  )
  return Object.fromEntries(entries.map(([key, value]) => [key, asText(value)]))
}

/** The members of a caller's `data` that `fcmData` leaves out, as paths below `path`. */
export const ignoredData = (values: Json, path: string): string[] =>
  Object.keys(values)
    .filter(refusedByFcm)
    .map((key) => `${path}.${key}`)

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A document changed by a merge patch (RFC 7396). */
export function mergePatch(document: Json, patch: Json | undefined): Json {
  if (patch === undefined) return document
  // A map, because assigning a member called `__proto__` would set the prototype.
  const merged = new Map(Object.entries(document))
  for (const [name, value] of Object.entries(patch)) {
    const before = merged.get(name)
    if (value === null) merged.delete(name)
    else merged.set(name, isObject(value) ? mergePatch(isObject(before) ? before : {}, value) : value)
  }
  return Object.fromEntries(merged)
}

/** A document without its absent and null members, at the first level. */
export const present = (document: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined && value !== null))

/** The text of a language: exact, then its first part, then `default`, `en`, and whichever comes first. */
export function inLanguage(
  text: string | Readonly<Record<string, string>> | undefined,
  language: string | null,
): string | undefined {
  if (text === undefined || typeof text === 'string') return text
  const wanted = language === null ? [] : [language, language.split(/[-_]/)[0] ?? language]
  const name = [...wanted, 'default', 'en'].find((one) => Object.hasOwn(text, one))
  return name === undefined ? Object.values(text)[0] : text[name]
}
