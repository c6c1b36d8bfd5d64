/** Placeholders that SDK bridges and services send for an absent value, in lower case (identity R19). */
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
 * Whether a token or device id counts as absent (identity R19): it is empty, or exactly one of the placeholders, in any
 * case. Not for user ids: a user may have such a name.
 */
export function isNothing(text: string): boolean {
  if (text === '') return true
  return text.length <= LONGEST && WORDS.has(text.trim().toLowerCase())
}

/** Ids that many unrelated phones report, in lower case (identity R21). */
const SHARED: ReadonlySet<string> = new Set(['unknown', '0123456789abcdef', '9774d56d682e549c'])
/** One character, repeated, with any dashes between. */
const REPEATED = /^-*([^-])(?:-*\1){7,}-*$/su
const LONGEST_SHARED = 200

/** Whether many phones share this id, so that it does not identify one (identity R21). */
export function isSharedId(id: string): boolean {
  if (id.length > LONGEST_SHARED) return false
  const lower = id.trim().toLowerCase()
  return SHARED.has(lower) || REPEATED.test(lower)
}
