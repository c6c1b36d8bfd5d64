import { GatewayError, type Issue } from './error.ts'

/** A fault that a schema found, in the form of Zod's. */
interface Found {
  readonly path: readonly PropertyKey[]
  readonly message: string
  /** For an issue about unknown keys: all of them. */
  readonly keys?: readonly string[]
}

/** The error for a document with these faults. */
export function invalidBy(found: readonly Found[], prefix: readonly string[] = []): GatewayError {
  const issues = found.flatMap((issue) => issuesOf(issue, prefix))
  const [first] = issues
  return new GatewayError('invalid', first ? `${first.path || 'body'}: ${first.message}` : 'invalid', {
    ...(first && { at: first.path }),
    issues,
  })
}

/** Splits an issue about several unknown keys into one per key. */
function issuesOf({ keys, path: at, message }: Found, prefix: readonly string[]): Issue[] {
  const path = [...prefix, ...at.map(String)]
  if (keys) return keys.map((key) => ({ path: [...path, key].join('.'), message: 'unknown key' }))
  return [{ path: path.join('.'), message }]
}
