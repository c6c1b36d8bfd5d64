import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { DialectApp } from '../domain/app.ts'
import type { Grant } from '../domain/client.ts'
import { appGone } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import { sha256Hex } from '../secrets/hash.ts'
import type { Vault } from '../secrets/vault.ts'
import type { StoredSigningKey } from '../store/contract/auth.ts'
import type { Store } from '../store/store.ts'
import { type Apps, sealContext } from './apps.ts'
import { scopeOf } from './catalogue.ts'
import { type Clients, createClients } from './clients.ts'
import { createHolders, HOLDER, type Holder } from './holders.ts'
import { createRecent } from './recent.ts'

export type { Holder } from './holders.ts'

/** A signed access token's content, verified. */
export interface AccessToken {
  /** As its dialect knows it now, give or take the seconds for which look-ups are cached. */
  readonly app: DialectApp
  readonly claims: Readonly<Record<string, unknown>>
}

/** What an authorization server needs: keys per app and dialect, registered clients, authorization codes. */
export interface Auth extends Clients {
  /** A JWT of these claims, with `iat`, `exp` and `jti` added, signed by the app's newest key. */
  issue(
    app: DialectApp,
    holder: Holder,
    claims: Readonly<Record<string, unknown>>,
    seconds: number,
  ): Promise<{ readonly token: string; readonly seconds: number }>
  /** Null for whatever was not issued here in this dialect, was altered, has expired, or whose holder is gone. */
  verify(dialect: string, token: string): Promise<AccessToken | null>
  /** The public keys that verify the app's tokens, newest first. */
  publicKeys(app: DialectApp): Promise<readonly JWK[]>
  /** A code that stands for a grant, once, for that many seconds. */
  grant(grant: Grant, seconds: number): Promise<string>
  /** Null for an unknown, used or expired code. Whoever asks uses it up. */
  redeem(code: string): Promise<Grant | null>
  /** Forgets what is cached: after the administration changed something. */
  forget(): void
}

const DAY = 86_400_000
/** After this a new key signs. */
const SIGNS_FOR = 30 * DAY
/** For as long again an old key verifies: longer than any token lives. */
const VERIFIES_ON = DAY
const LONGEST_TOKEN_SECONDS = VERIFIES_ON / 1000
const ALGORITHM = 'ES256'
const MOST_CACHED = 1000
/** Key ids are ours, and shorter: another one is looked up nowhere. */
const LONGEST_KEY_ID = 100

interface AuthDeps {
  readonly store: Store
  readonly apps: Pick<Apps, 'findById'>
  readonly vault: Vault
  readonly now: Clock
  readonly ids: Ids
  /** Seconds for which a key that was taken away may still be in use. */
  readonly cacheSeconds: number
}

type ImportedKey = Awaited<ReturnType<typeof importJWK>>

export function createAuth(deps: AuthDeps): Auth {
  const { store, now, ids } = deps
  const keys = signingKeys(deps)
  const holders = createHolders(deps)

  return {
    async issue(app, holder, claims, wanted) {
      const seconds = Math.min(wanted, LONGEST_TOKEN_SECONDS)
      const { id, privateKey } = await keys.signing(app)
      const at = Math.floor(now().getTime() / 1000)
      const token = await new SignJWT({ ...claims, [HOLDER]: holder })
        .setProtectedHeader({ alg: ALGORITHM, kid: id, typ: 'JWT' })
        .setIssuedAt(at)
        .setExpirationTime(at + seconds)
        .setJti(ids.secret())
        .sign(privateKey)
      return { token, seconds }
    },

    async verify(dialect, token) {
      let owner: StoredSigningKey | undefined
      let claims: JWTPayload
      try {
        const { payload } = await jwtVerify(
          token,
          async ({ kid }) => {
            const found = typeof kid === 'string' ? await keys.verifying(kid) : null
            if (!found) throw new UnknownKey()
            owner = found.stored
            return found.publicKey
          },
          { algorithms: [ALGORITHM], currentDate: now(), requiredClaims: ['exp'] },
        )
        claims = payload
      } catch (error) {
        if (isRefusal(error)) return null
        throw error
      }
      if (owner?.dialect !== dialect) return null
      const app = await holders.appOf(owner, claims)
      return app && { app, claims }
    },

    publicKeys: async (app) =>
      (await store.auth.verifyingKeys(scopeOf(app), now())).map(({ id, publicKey }) => ({
        ...JSON.parse(publicKey),
        kid: id,
        alg: ALGORITHM,
        use: 'sig',
      })),

    ...createClients(deps),

    async grant(grant, seconds) {
      const code = `${ids.secret()}${ids.secret()}`.replaceAll('-', '')
      const expiresAt = new Date(now().getTime() + seconds * 1000)
      const kept = await store.auth.putGrant({ ...grant, id: sha256Hex(code), expiresAt }, now())
      if (!kept) throw appGone()
      return code
    },

    redeem: (code) => store.auth.takeGrant(sha256Hex(code), now()),
    forget() {
      keys.forget()
      holders.forget()
    },
  }
}

/** A token names a key that is not, or no longer, here. */
class UnknownKey extends Error {
  override readonly name = 'UnknownKey'
}

/** What jose throws about a token has a code of its own; anything else is a fault of ours. */
const isRefusal = (error: unknown): boolean =>
  error instanceof UnknownKey ||
  (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J')) ||
  error instanceof TypeError

/** The keys, imported once per process or isolate. */
function signingKeys({ store, vault, now, ids, cacheSeconds }: AuthDeps) {
  const times = { now, cacheSeconds }
  const signing = createRecent<{ id: string; until: number; privateKey: ImportedKey }>(times, MOST_CACHED)
  const verifying = createRecent<{ stored: StoredSigningKey; publicKey: ImportedKey }>(times, MOST_CACHED)
  const context = (of: { appId: string; dialect: string }) => sealContext(of.appId, of.dialect, 'signing-key')

  async function make(app: DialectApp): Promise<StoredSigningKey> {
    const pair = await generateKeyPair(ALGORITHM, { extractable: true })
    const at = now()
    const signsUntil = new Date(at.getTime() + SIGNS_FOR)
    const key = {
      ...scopeOf(app),
      id: ids.secret(),
      publicKey: JSON.stringify(await exportJWK(pair.publicKey)),
      sealed: await vault.seal(JSON.stringify(await exportJWK(pair.privateKey)), context(scopeOf(app))),
      signsUntil,
      expiresAt: new Date(signsUntil.getTime() + VERIFIES_ON),
    }
    const kept = await store.auth.putSigningKey(key, at)
    if (!kept) throw appGone()
    return kept
  }

  async function opened(stored: StoredSigningKey) {
    const found = { stored, publicKey: await importJWK(JSON.parse(stored.publicKey), ALGORITHM) }
    verifying.set(stored.id, found)
    return found
  }

  return {
    forget() {
      signing.clear()
      verifying.clear()
    },

    async signing(app: DialectApp) {
      const name = `${app.app.id} ${app.dialect}`
      const known = signing.get(name)
      if (known && known.until > now().getTime()) return known
      const stored = (await store.auth.signingKey(scopeOf(app), now())) ?? (await make(app))
      const jwk: JWK = JSON.parse(await vault.open(stored.sealed, context(stored)))
      const found = {
        id: stored.id,
        until: stored.signsUntil.getTime(),
        privateKey: await importJWK(jwk, ALGORITHM),
      }
      signing.set(name, found)
      // Whoever gets a token here mostly comes back with it.
      await opened(stored)
      return found
    },

    async verifying(id: string) {
      if (id.length > LONGEST_KEY_ID) return null
      const known = verifying.get(id)
      if (known) return known.stored.expiresAt > now() ? known : null
      const stored = await store.auth.verifyingKey(id, now())
      if (!stored) return null
      return opened(stored)
    },
  }
}
