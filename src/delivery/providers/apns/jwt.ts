import { importPKCS8, SignJWT } from 'jose'
import { type Kept, shared } from '../../kept.ts'
import type { LaneDeps } from '../../provider.ts'
import type { KeyCredential } from './credential.ts'

const MINUTE = 60_000
/** APNs refuses tokens older than an hour, and new tokens that follow within 20 minutes. */
const RENEWED_AT = 50 * MINUTE
const LIFE = 59 * MINUTE
const BETWEEN = 20 * MINUTE
/** Tolerance between the clocks of processes that share the token. */
const SKEW = 2 * MINUTE

/** The signed token that authenticates an app's back end to APNs: one for all requests of the lane. */
export interface ProviderToken {
  current(): Promise<string>
  /** The token, if it is available without waiting; otherwise undefined. */
  ready(): string | undefined
  /**
   * Replaces `refused`, which APNs considers too old. Null if it has just been replaced, because then a clock
   * is wrong.
   */
  instead(refused: string): Promise<string | null>
}

export function providerToken(credential: KeyCredential, { kept, now }: LaneDeps): ProviderToken {
  const token = shared({
    name: 'jwt',
    kept,
    now,
    due({ madeAt }, at) {
      const age = at.getTime() - madeAt.getTime()
      // A token signed in the future comes from a wrong clock.
      return age >= RENEWED_AT || age < -SKEW
    },
    make: () => signed(credential, now()),
  })
  /** The time of the last replacement after a refusal. */
  let replaced: { readonly refused: string; readonly at: number } | undefined

  return {
    current: token.current,
    ready: token.ready,
    async instead(refused) {
      const known = await token.current()
      if (known !== refused) return known
      const at = now().getTime()
      if (replaced && replaced.refused !== refused && Math.abs(at - replaced.at) < BETWEEN) return null
      if (replaced?.refused !== refused) replaced = { refused, at }
      return token.renewed(refused)
    },
  }
}

async function signed({ key, keyId, teamId }: KeyCredential, madeAt: Date): Promise<Kept> {
  const value = await new SignJWT()
    .setProtectedHeader({ alg: 'ES256', kid: keyId })
    .setIssuer(teamId)
    .setIssuedAt(Math.floor(madeAt.getTime() / 1000))
    .sign(await importPKCS8(key, 'ES256'))
  return { value, madeAt, expiresAt: new Date(madeAt.getTime() + LIFE) }
}
