import type { Context } from 'hono'
import type { AppEnv } from '../adapter.ts'

/**
 * Runs a check of credentials (null: they are wrong) under the limit on failures per address. Throws `rate_limited`
 * once an address has failed too often, whatever it presents then.
 */
export async function guarded<T>(
  c: Context<AppEnv>,
  verify: () => Promise<T | null> | T | null,
): Promise<T | null> {
  const { address, failedCredentials } = c.var
  await failedCredentials.check(address)
  const found = await verify()
  if (found === null) await failedCredentials.consume(address)
  return found
}
