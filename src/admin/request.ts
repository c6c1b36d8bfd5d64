import type { Context, MiddlewareHandler } from 'hono'
import type * as z from 'zod'
import type { AppEnv } from '../adapter.ts'
import type { Cursors } from '../domain/cursor.ts'
import { GatewayError } from '../domain/error.ts'
import type { Page, Place } from '../domain/page.ts'
import { isStorableDocument } from '../domain/text.ts'
import type { By } from '../gateway/directory.ts'
import { mediaType, readJsonObject } from '../wire/body.ts'
import { noted, parse } from '../wire/check.ts'

/** The app id in the path; recorded for the log. */
export function appId(c: Context<AppEnv>): string {
  const id = c.req.param('app') ?? ''
  c.var.notes.app = id
  return id
}

/** The author of a change, for the audit trail; the admin token is called `admin`. */
export const by = (c: Context<AppEnv>): By => ({
  actor: c.var.notes.operator?.name ?? 'admin',
  cause: c.var.requestId,
})

export function unknownDevice(): never {
  throw new GatewayError('device_unknown', 'The app has no device with this id.')
}

export function requireJson(c: Context<AppEnv>): void {
  if (mediaType(c) !== 'application/json') {
    throw new GatewayError('bad_media_type', 'The body must be application/json.')
  }
}

/** The body as a JSON object. Throws `bad_media_type` for another content type, `invalid` for unstorable text. */
async function readDocument(c: Context<AppEnv>): Promise<Record<string, unknown>> {
  requireJson(c)
  const document = await readJsonObject(c)
  refuseProto(document, [])
  if (!isStorableDocument(document)) {
    throw new GatewayError('invalid', 'The body contains invalid Unicode or U+0000.')
  }
  return document
}

/** A handler that validates the request's body; the types of the client derive from its schema. */
export function body<In, Out>(
  schema: z.ZodType<Out, In>,
  read: (c: Context<AppEnv>) => Promise<Out> = async (c) => parse(schema, await readDocument(c)),
): MiddlewareHandler<AppEnv, string, { in: { json: In }; out: { json: Out } }> {
  const handler: ReturnType<typeof body<In, Out>> = async (c, next) => {
    c.req.addValidatedData('json', (await read(c)) as object)
    await next()
  }
  return noted(handler, { target: 'json', schema })
}

/** Documents a body that is validated elsewhere: `schema` only describes it to clients and in the OpenAPI document. */
export const rawBody = <In>(schema: z.ZodType<Readonly<Record<string, unknown>>, In>) =>
  body<In, Readonly<Record<string, unknown>>>(schema, readDocument)

/** Refuses `__proto__`, which schemas would silently drop. */
function refuseProto(part: unknown, path: readonly string[]): void {
  if (typeof part !== 'object' || part === null) return
  // Keys of `dialects` are dialect names, which are checked and reported separately.
  if (Object.hasOwn(part, '__proto__') && path.join() !== 'dialects') {
    const issue = { path: [...path, '__proto__'].join('.'), message: 'unknown key' }
    throw new GatewayError('invalid', `${issue.path}: ${issue.message}`, { at: issue.path, issues: [issue] })
  }
  for (const [name, value] of Object.entries(part)) refuseProto(value, [...path, name])
}

/** The end of every list answer; the last page has no `nextCursor`. */
export const next = <At extends Place>(
  { next }: Pick<Page<unknown, At>, 'next'>,
  cursors: Cursors<At>,
): { readonly nextCursor?: string } => (next === null ? {} : { nextCursor: cursors.encode(next) })
