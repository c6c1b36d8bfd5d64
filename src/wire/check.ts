import { zValidator } from '@hono/zod-validator'
import type * as z from 'zod'
import type { ZodType } from 'zod'
import { GatewayError, type Issue } from '../domain/error.ts'

/** Checks query or path parameters against a schema; a fault is `invalid` with one issue per field. */
export function check<T extends ZodType, Target extends 'query' | 'param'>(target: Target, schema: T) {
  const handler = zValidator(target, schema, (result) => {
    if (!result.success) throw invalid(result.error)
  })
  return noted(handler, { target, schema })
}

/** What a handler asks of a request: whoever describes routes reads it from them, and cannot say anything else. */
export interface Asked {
  readonly target: 'query' | 'param' | 'json'
  readonly schema: ZodType
}
const asked = new WeakMap<object, Asked>()

export function noted<Handler extends object>(handler: Handler, what: Asked): Handler {
  asked.set(handler, what)
  return handler
}

/** Undefined where a handler asks nothing. */
export const askedBy = (handler: object): Asked | undefined => asked.get(handler)

/** What one member of a document is refused for, as `parse` would say it. */
export const invalidAt = (path: string, message: string): GatewayError =>
  new GatewayError('invalid', `${path}: ${message}`, { at: path, issues: [{ path, message }] })

/** Checks a document against a schema. Throws `invalid` with one issue per field. */
export function parse<T>(schema: ZodType<T>, document: unknown, prefix: readonly string[] = []): T {
  const result = schema.safeParse(document)
  if (!result.success) throw invalid(result.error, prefix)
  return result.data
}

function invalid(
  error: { issues: readonly z.core.$ZodIssue[] },
  prefix: readonly string[] = [],
): GatewayError {
  const issues = error.issues.flatMap((issue) => issuesOf(issue, prefix))
  const [first] = issues
  return new GatewayError('invalid', first ? `${first.path || 'body'}: ${first.message}` : 'invalid', {
    ...(first && { at: first.path }),
    issues,
  })
}

/** One issue per unknown key, so that each is named. */
function issuesOf(issue: z.core.$ZodIssue, prefix: readonly string[]): Issue[] {
  const path = [...prefix, ...issue.path.map(String)]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key].join('.'), message: 'unknown key' }))
  }
  return [{ path: path.join('.'), message: issue.message }]
}
