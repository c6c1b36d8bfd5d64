import { zValidator } from '@hono/zod-validator'
import type { ZodType } from 'zod'
import { GatewayError } from '../domain/error.ts'
import { invalidBy } from '../domain/issues.ts'

/** Validates query or path parameters against a schema. Throws `invalid` with one issue per field. */
export function check<T extends ZodType, Target extends 'query' | 'param'>(target: Target, schema: T) {
  const handler = zValidator(target, schema, (result) => {
    if (!result.success) throw invalidBy(result.error.issues)
  })
  return noted(handler, { target, schema })
}

/** The input that a handler validates; the OpenAPI description is generated from it. */
export interface Asked {
  readonly target: 'query' | 'param' | 'json'
  readonly schema: ZodType
}
const asked = new WeakMap<object, Asked>()

export function noted<Handler extends object>(handler: Handler, what: Asked): Handler {
  asked.set(handler, what)
  return handler
}

/** Undefined if the handler validates no input. */
export const askedBy = (handler: object): Asked | undefined => asked.get(handler)

/** The error for one invalid member, in the same form as from `parse`. */
export const invalidAt = (path: string, message: string): GatewayError =>
  new GatewayError('invalid', `${path}: ${message}`, { at: path, issues: [{ path, message }] })

/** Validates a document against a schema. Throws `invalid` with one issue per field. */
export function parse<T>(schema: ZodType<T>, document: unknown, prefix: readonly string[] = []): T {
  const result = schema.safeParse(document)
  if (!result.success) throw invalidBy(result.error.issues, prefix)
  return result.data
}
