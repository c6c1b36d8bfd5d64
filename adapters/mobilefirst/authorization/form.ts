import type { Request } from '../../../src/adapter.ts'
import { mediaType, readText } from '../../../src/wire/body.ts'
import { OAuthRefusal } from '../errors.ts'

/** Reads a member of a form; empty if absent. */
export type Form = (name: string) => string

/** Reads the form body of the token endpoint and similar ones; a charset parameter is allowed (section 7). */
export async function readFormBody(c: Request): Promise<Form> {
  if (mediaType(c) !== 'application/x-www-form-urlencoded') {
    throw new OAuthRefusal('invalid_request', 'The body must be application/x-www-form-urlencoded.')
  }
  const text = await readText(c)
  // No member may contain it (section 13, R22).
  if (text.includes('%00') || text.includes('\0')) {
    throw new OAuthRefusal('invalid_request', 'The body holds U+0000.')
  }
  const form = new URLSearchParams(text)
  return (name) => form.get(name) ?? ''
}
