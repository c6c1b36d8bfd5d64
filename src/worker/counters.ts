import type { Counter, Counters } from '../limits/rate-limit.ts'

/** The rate-limiting bindings of wrangler.toml; limits without a binding are counted in the isolate. */
export function countersOf(bindings: Readonly<Record<string, unknown>>): Counters {
  const bound = (name: string) => {
    const found = bindings[name]
    return typeof found === 'object' && found !== null && 'limit' in found ? (found as Counter) : undefined
  }
  return {
    failedCredentials: bound('FAILED_CREDENTIALS'),
    issuance: bound('ISSUANCE'),
    adminCalls: bound('ADMIN_CALLS'),
  }
}
