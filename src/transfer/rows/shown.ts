import type { ShownRow } from '../../domain/import.ts'
import { repaired } from '../../domain/text.ts'

const MASK = '…'
/** The first 6 and the last 4 characters, which suffice to find it in the file. */
const maskedToken = (token: string): string =>
  token.length > 16 ? `${token.slice(0, 6)}${MASK}${token.slice(-4)}` : MASK

const MOST_RAW = 2000
/** Text that may be a token or a key. */
const SECRET = /[A-Za-z0-9_\-:+/=.%~]{40,}/g

/** A record as it is in the file, with tokens masked. */
function maskedRaw(raw: string, token: string | null): string {
  const known = token !== null && token.length > 0 ? raw.replaceAll(token, maskedToken(token)) : raw
  return known
    .slice(0, 4 * MOST_RAW)
    .replace(SECRET, maskedToken)
    .slice(0, MOST_RAW)
}

/** The members for the list of errors; absent members are omitted. */
export const shownRow = (of: {
  readonly line: number
  readonly raw: string
  readonly externalId?: string | null
  readonly token?: string | null
  readonly field?: string | undefined
  readonly value?: string | undefined
}): ShownRow => ({
  line: of.line,
  // Removes characters that text cannot contain, and half characters that a cut leaves; no engine stores
  // them.
  raw: repaired(maskedRaw(of.raw, of.token ?? null)),
  ...(of.externalId && { externalId: repaired(of.externalId.slice(0, 1000)) }),
  ...(of.token && { token: repaired(maskedToken(of.token)) }),
  ...(of.field !== undefined && { field: of.field }),
  ...(of.value !== undefined && { value: repaired(of.value.slice(0, 100)) }),
})
