import type { Context } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { isObject } from './json.ts'
import { readJson } from './kept-body.ts'

export { closeBody, decodeUtf8, originalBody, readBytes, readJson, readText } from './kept-body.ts'

/** The body as a JSON object, within the request's limits. Throws like `readJson`, and `bad_body` for another value. */
export async function readJsonObject(c: Context<AppEnv>, most?: number): Promise<Record<string, unknown>> {
  const document = await readJson(c, most)
  if (!isObject(document)) throw new GatewayError('bad_body', 'The body is not a JSON object.')
  return document
}

/**
 * The media type of the Content-Type header, lower case, without parameters; null without a header. Repeated equal types
 * count once; for different types the whole list is returned, which matches no accepted type.
 */
export function mediaType(c: Context<AppEnv>): string | null {
  const value = c.req.header('content-type')
  if (value === undefined) return null
  const plain = (type: string) => (type.split(';', 1)[0] ?? '').trim().toLowerCase()
  if (!value.includes(',') || value.length > LONGEST_TYPE) return plain(value)
  const types = new Set(listed(value).map(plain))
  return types.size > 1 ? [...types].join(', ') : (types.values().next().value ?? '')
}

/** A longer value is not parsed as a list. */
const LONGEST_TYPE = 1000

/** The non-empty elements of a header list (RFC 9110, section 5.6.1); commas inside quotes do not separate. */
const listed = (value: string): string[] =>
  (value.match(/(?:"(?:[^"\\]|\\.)*"|[^,])+/g) ?? []).map((one) => one.trim()).filter((one) => one !== '')
