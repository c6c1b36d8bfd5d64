import { mediaType, readText } from '../../../src/wire/body.ts'
import { OAuthRefusal } from '../errors.ts'
import type { Request } from '../operations.ts'

/** A form's member, or the empty string. */
export type Form = (name: string) => string

/** Body of the token endpoint and its neighbours: a form, charset allowed (section 7). */
export async function readFormBody(c: Request): Promise<Form> {
  if (mediaType(c) !== 'application/x-www-form-urlencoded') {
    throw new OAuthRefusal('invalid_request', 'The body must be application/x-www-form-urlencoded.')
  }
  const form = new URLSearchParams(await readText(c))
  return (name) => form.get(name) ?? ''
}
