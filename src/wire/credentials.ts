import type { Context } from 'hono'
import type { AppEnv } from '../adapter.ts'

/**
 * Verifies the credentials of a server call; `verify` returns null for wrong ones. Correct credentials always pass; wrong
 * ones are counted per caller address and `owner`, the account that they claim. Throws `rate_limited` beyond the limit.
 * Not for SDK calls, because SDKs retry a 429 forever.
 */
export async function limitFailures<T>(
  c: Context<AppEnv>,
  owner: string,
  verify: () => Promise<T | null> | T | null,
): Promise<T | null> {
  const found = await verify()
  if (found === null) await c.get('services').rates.failedCredentials.consume(callerKey(c, owner))
  return found
}

/** Counts a token or client registration about to be issued. Throws `rate_limited`. */
export const countIssued = (c: Context<AppEnv>, owner: string): Promise<void> =>
  c.get('services').rates.issuance.consume(callerKey(c, owner))

const callerKey = (c: Context<AppEnv>, owner: string): string => `${c.get('outside').address} ${owner}`
