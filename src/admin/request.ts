import type { Context } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { isStorableDocument } from '../domain/text.ts'
import type { By } from '../gateway/directory.ts'
import type { Page } from '../store/store.ts'
import { mediaType, readJsonObject } from '../wire/body.ts'
import { encodeCursor } from './schema.ts'

/** The app that the path names, noted for the log. */
export function appId(c: Context<AppEnv>): string {
  const id = c.req.param('app') ?? ''
  c.set('appId', id)
  return id
}

/** Who asks, for the audit: the admin token has this name. */
export const by = (c: Context<AppEnv>): By => ({ actor: 'admin', cause: c.var.requestId })

export function unknownDevice(): never {
  throw new GatewayError('device_unknown', 'The app has no device with this id.')
}

export function requireJson(c: Context<AppEnv>): void {
  if (mediaType(c) !== 'application/json') {
    throw new GatewayError('bad_media_type', 'The body must be application/json.')
  }
}

/** The body as a JSON object. Throws `bad_media_type` where it is not said to be JSON, `invalid` for broken text. */
export async function readDocument(c: Context<AppEnv>): Promise<Record<string, unknown>> {
  requireJson(c)
  const document = await readJsonObject(c)
  refuseProto(document, [])
  if (!isStorableDocument(document)) {
    throw new GatewayError('invalid', 'The body holds text that is not valid Unicode, or U+0000.')
  }
  return document
}

/** The one key that schemas drop without a word, because it means something else to JavaScript. */
function refuseProto(part: unknown, path: readonly string[]): void {
  if (typeof part !== 'object' || part === null) return
  // Below this one, every key is the name of a dialect, and is told as such.
  if (Object.hasOwn(part, '__proto__') && path.join() !== 'dialects') {
    const issue = { path: [...path, '__proto__'].join('.'), message: 'unknown key' }
    throw new GatewayError('invalid', `${issue.path}: ${issue.message}`, { at: issue.path, issues: [issue] })
  }
  for (const [name, value] of Object.entries(part)) refuseProto(value, [...path, name])
}

/** A page in the shape of every list: no `nextCursor` on the last. */
export function list<Name extends string, T, At extends Parameters<typeof encodeCursor>[0], Shown>(
  name: Name,
  page: Page<T, At>,
  present: (item: T) => Shown,
) {
  return {
    [name]: page.items.map(present),
    ...(page.next !== null && { nextCursor: encodeCursor(page.next) }),
  }
}
