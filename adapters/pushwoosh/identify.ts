import type { Identity, Request } from '../../src/adapter.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { readJsonObject, readText } from '../../src/wire/body.ts'
import { isObject, type Json } from '../../src/wire/json.ts'
import { oncePerRequest } from '../../src/wire/once.ts'
import { AUDIENCE_BASE, MESSAGING_BASE } from './errors.ts'
import { outerMembers } from './outer-members.ts'
import { isApplicationCode } from './provisioning.ts'

/** The only method whose members may be in the body itself, as in the vendor's newer API. */
export const UNWRAPPED = 'setMADID'

/** The application code is only in the body. Codes of any other form belong to no app. */
export async function identify(c: Request): Promise<Identity | null> {
  const code = await applicationCode(c)
  if (typeof code !== 'string') return null
  return { sent: code, by: isApplicationCode(code) ? { name: code } : undefined }
}

async function applicationCode(c: Request): Promise<unknown> {
  if (c.req.path.startsWith(MESSAGING_BASE)) return addressingOf(await readJsonObject(c))?.application
  return c.req.path.startsWith(`${AUDIENCE_BASE}/`)
    ? (await bulkMembers(c)).found?.texts.get('application')
    : (await requestOf(c)).application
}

/** The part of a messaging API body that names the audience. */
export const addressingOf = ({ segment, transactional }: Json): Json | undefined =>
  [segment, transactional].find(isObject)

/** The members of a request (section 1). SDKs send the JSON under any content type (section 1, #3). */
export async function requestOf(c: Request): Promise<Json> {
  const body = await readJsonObject(c)
  if (isObject(body.request)) return body.request
  if (body.request === undefined && c.req.path.endsWith(`/${UNWRAPPED}`)) return body
  throw new GatewayError('bad_body', 'The body has no request object.')
}

/**
 * The members of a bulk body that identify its app and show whether it has rows, read without parsing the
 * rows.
 */
export const bulkMembers = oncePerRequest(async (c) => {
  const text = await readText(c, c.get('limits').bulkBytes)
  return { found: outerMembers(text, ['application', 'auth', 'devices'], c.get('limits').jsonDepth) }
})
