import type { Json } from './message.ts'

/** A value for FCM's `data`: text as is, anything else as JSON text (contracts/sending.md 1, row 3). */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Keys of `data` for which FCM refuses the whole message (contracts/delivery.md 3). */
const refusedByFcm = (key: string): boolean =>
  ['from', 'message_type', 'collapse_key'].includes(key) || /^(?:google|gcm)/.test(key)

/** FCM's `data`: text values, without absent members and refused keys. */
export function fcmData(values: Json): Record<string, string> {
  const entries = Object.entries(values).filter(
    ([key, value]) => value !== undefined && value !== null && !refusedByFcm(key),
  )
  return Object.fromEntries(entries.map(([key, value]) => [key, asText(value)]))
}

/** Paths, below `path`, of the members that `fcmData` leaves out. */
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

/** The text for a language: the exact tag, then its primary language, `default`, `en`, or the first text. */
export function inLanguage(
  text: string | Readonly<Record<string, string>> | undefined,
  language: string | null,
): string | undefined {
  if (text === undefined || typeof text === 'string') return text
  const wanted = language === null ? [] : [language, language.split(/[-_]/)[0] ?? language]
  const name = [...wanted, 'default', 'en'].find((one) => Object.hasOwn(text, one))
  return name === undefined ? Object.values(text)[0] : text[name]
}
