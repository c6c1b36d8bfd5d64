import type { Context } from 'hono'
import type { AppEnv } from '../adapter.ts'

/**
 * Runs a check of the credentials of server calls (null: they are wrong). Right ones are always served, whatever others
 * have presented; wrong ones are counted by whose they were said to be and the caller's address. Throws `rate_limited`
 * for further wrong ones. Calls that SDKs make are not counted: those repeat a 429 for ever.
 */
export async function guarded<T>(
  c: Context<AppEnv>,
  whose: string,
  verify: () => Promise<T | null> | T | null,
): Promise<T | null> {
  const found = await verify()
  if (found === null) await c.var.rates.failedCredentials.consume(byCaller(c, whose))
  return found
}

/** Counts a token or a registered client that is about to be made. Throws `rate_limited`. */
export const countIssued = (c: Context<AppEnv>, whose: string): Promise<void> =>
  c.var.rates.issuance.consume(byCaller(c, whose))

const byCaller = (c: Context<AppEnv>, whose: string): string => `${c.var.outside.address} ${whose}`
