import type { Request } from '../../../src/adapter.ts'
import { fromBase64Url } from '../../../src/domain/encoding.ts'
import { isStorable } from '../../../src/domain/text.ts'
import { readJsonObject } from '../../../src/wire/body.ts'
import type { Json } from '../../../src/wire/json.ts'
import { oncePerRequest } from '../../../src/wire/once.ts'
import { type Form, readFormBody } from './form.ts'
import { signedCompact, signedParts } from './signed.ts'

/** Most bytes of a registration, which needs no credentials; the SDKs send about two thousand. */
const LARGEST_REGISTRATION = 32 * 1024

export const object = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
export const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The form of a request, in its body or, for a GET, in its query. */
export const formOf = oncePerRequest(
  async (c): Promise<Form> => (c.req.method === 'GET' ? (name) => c.req.query(name) ?? '' : readFormBody(c)),
)

/** The client's assertion in the form; null if it is missing or malformed. */
export const assertionOf = oncePerRequest(async (c) =>
  signedCompact((await formOf(c))('client_assertion'), c.get('limits').jsonDepth),
)

/** What a client signed to register itself; null if it is missing or malformed. */
export const signedRegistration = oncePerRequest(async (c) => {
  const { signedRegistrationData } = await readJsonObject(c, LARGEST_REGISTRATION)
  return signedParts(object(signedRegistrationData), c.get('limits').jsonDepth)
})

/** Credentials from a Basic header, not URL-decoded, or from the form; never from the query string. */
export function credentialsOf(c: Request, form: Form): { name: string; secret: string } | null {
  const header = c.req.header('authorization')
  if (header === undefined) {
    const name = form('client_id')
    const secret = form('client_secret')
    return name && secret ? { name, secret } : null
  }
  const bytes = fromBase64Url(/^basic +(\S+) *$/i.exec(header)?.[1] ?? '')
  if (!bytes) return null
  const pair = new TextDecoder().decode(bytes)
  const colon = pair.indexOf(':')
  return colon < 1 || !isStorable(pair) ? null : { name: pair.slice(0, colon), secret: pair.slice(colon + 1) }
}
