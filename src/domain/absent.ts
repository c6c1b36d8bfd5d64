/** What bridges and services hand out where they have nothing, in lower case (identity R19). */
const WORDS: ReadonlySet<string> = new Set([
  'null',
  '(null)',
  'undefined',
  'nil',
  'none',
  'nan',
  '[object object]',
  'blacklisted',
])
const LONGEST = 32

/**
 * Whether the text of a token or of a device's id stands for none (identity R19): the empty string, or as a whole one of
 * the words for nothing, without regard to case. A user may be called so.
 */
export function isNothing(text: string): boolean {
  if (text === '') return true
  return text.length <= LONGEST && WORDS.has(text.trim().toLowerCase())
}

/** Ids that phones of many owners report, in lower case (identity R21). */
const SHARED: ReadonlySet<string> = new Set(['unknown', '0123456789abcdef', '9774d56d682e549c'])
/** One character, over and over. */
const REPEATED = /^(.)\1{7,}$/su
const LONGEST_SHARED = 200

/** Whether many phones have this id, so that it says nothing about which one it is (identity R21). */
export function isSharedId(id: string): boolean {
  if (id.length > LONGEST_SHARED) return false
  const lower = id.trim().toLowerCase()
  return SHARED.has(lower) || REPEATED.test(lower.replaceAll('-', ''))
}
