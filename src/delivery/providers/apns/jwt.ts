import { importPKCS8, SignJWT } from 'jose'
import { type Kept, shared } from '../../kept.ts'
import type { LaneDeps } from '../../provider.ts'
import type { KeyCredential } from './credential.ts'

const MINUTE = 60_000
/** APNs refuses what is older than an hour, and wants nothing new within 20 minutes. */
const RENEWED_AT = 50 * MINUTE
const LIFE = 59 * MINUTE
const BETWEEN = 20 * MINUTE
/** Between the clocks of processes that share it. */
const SKEW = 2 * MINUTE

/** The signed token by which an app's back end is known to APNs: one for all requests of the lane. */
export interface ProviderToken {
  current(): Promise<string>
  /** The same where nothing has to be waited for; else undefined. */
  ready(): string | undefined
  /** Another one than `refused`, which is too old to APNs; null if it has been replaced just now: then a clock is wrong. */
  instead(refused: string): Promise<string | null>
}

export function providerToken(credential: KeyCredential, { kept, now }: LaneDeps): ProviderToken {
  const token = shared({
    name: 'jwt',
    kept,
    now,
    due({ madeAt }, at) {
      const age = at.getTime() - madeAt.getTime()
      // What was signed in the future was signed by a wrong clock.
      return age >= RENEWED_AT || age < -SKEW
    },
    make: () => signed(credential, now()),
  })
  /** The last replacement that APNs has asked for. */
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
