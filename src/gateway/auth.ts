import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { DialectApp } from '../domain/app.ts'
import type { Grant } from '../domain/client.ts'
import { appGone } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import { sha256Hex } from '../secrets/hash.ts'
import type { Vault } from '../secrets/vault.ts'
import type { StoredSigningKey } from '../store/contract/auth.ts'
import type { Scope } from '../store/contract/listing.ts'
import type { Store } from '../store/store.ts'
import { type Apps, sealContext } from './apps.ts'
import { scopeOf } from './catalogue.ts'
import { type Clients, createClients } from './clients.ts'
import { createHolders, HOLDER, type Holder } from './holders.ts'
import { createRecent } from './recent.ts'

export type { Holder } from './holders.ts'

/** The content of a verified access token. */
export interface AccessToken {
  /** At most as stale as the app cache. */
  readonly app: DialectApp
  readonly claims: Readonly<Record<string, unknown>>
}

/** What an authorization server needs: keys per app and dialect, registered clients, authorization codes. */
export interface Auth extends Clients {
  /** A JWT with these claims plus `iat`, `exp` and `jti`, signed with the app's newest key. */
  issue(
    app: DialectApp,
    holder: Holder,
    claims: Readonly<Record<string, unknown>>,
    seconds: number,
  ): Promise<{ readonly token: string; readonly seconds: number }>
  /** Null if the token was not issued here in this dialect, was altered, has expired, or its holder was removed. */
  verify(dialect: string, token: string): Promise<AccessToken | null>
  /** The public keys that verify the app's tokens, newest first. */
  publicKeys(app: DialectApp): Promise<readonly JWK[]>
  /** Issues a single-use authorization code, valid for that many seconds. */
  grant(grant: Grant, seconds: number): Promise<string>
  /** Redeems a code and invalidates it. Null for an unknown, used or expired code. */
  redeem(code: string): Promise<Grant | null>
  /** Clears the caches; called after changes by the administration. */
  forget(): void
}

const DAY = 86_400_000
/** How long a key signs before a new one replaces it. */
const SIGNS_FOR = 30 * DAY
/** How long a replaced key still verifies: the longest lifetime of a token. */
const VERIFIES_ON = DAY
const LONGEST_TOKEN_SECONDS = VERIFIES_ON / 1000
const ALGORITHM = 'ES256'
const MOST_CACHED = 1000
/** Our key ids are shorter; a longer one is rejected without a look-up. */
const LONGEST_KEY_ID = 100

interface AuthDeps {
  readonly store: Store
  readonly apps: Pick<Apps, 'findById'>
  readonly vault: Vault
  readonly now: Clock
  readonly ids: Ids
  /** Seconds for which a removed key may still be used. */
  readonly cacheSeconds: number
}

type ImportedKey = Awaited<ReturnType<typeof importJWK>>

export function createAuth(deps: AuthDeps): Auth {
  const { store, now, ids } = deps
  const keys = signingKeys(deps)
  const holders = createHolders(deps)

  return {
    async issue(app, holder, claims, lifetime) {
      const seconds = Math.min(lifetime, LONGEST_TOKEN_SECONDS)
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
      const stored = await store.auth.putGrant({ ...grant, id: sha256Hex(code), expiresAt }, now())
      if (!stored) throw appGone()
      return code
    },

    redeem: (code) => store.auth.takeGrant(sha256Hex(code), now()),
    forget() {
      keys.forget()
      holders.forget()
    },
  }
}

/** The token's `kid` is unknown or expired. */
class UnknownKey extends Error {
  override readonly name = 'UnknownKey'
}

/** jose marks its rejections of a token with a code; any other error is a bug of ours. */
const isRefusal = (error: unknown): boolean =>
  error instanceof UnknownKey ||
  (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J')) ||
  error instanceof TypeError

/** Signing and verifying keys, imported once per process or isolate. */
function signingKeys({ store, vault, now, ids, cacheSeconds }: AuthDeps) {
  const times = { now, cacheSeconds }
  const signing = createRecent<{ id: string; until: number; privateKey: ImportedKey }>(times, MOST_CACHED)
  const verifying = createRecent<{ stored: StoredSigningKey; publicKey: ImportedKey }>(times, MOST_CACHED)
  const context = ({ appId, dialect }: Scope) => sealContext(appId, dialect, 'signing-key')

  async function createKey(app: DialectApp): Promise<StoredSigningKey> {
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
    const current = await store.auth.putSigningKey(key, at)
    if (!current) throw appGone()
    return current
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
      const stored = (await store.auth.signingKey(scopeOf(app), now())) ?? (await createKey(app))
      const jwk: JWK = JSON.parse(await vault.open(stored.sealed, context(stored)))
      const found = {
        id: stored.id,
        until: stored.signsUntil.getTime(),
        privateKey: await importJWK(jwk, ALGORITHM),
      }
      signing.set(name, found)
      // The new token will probably be presented to this process, so cache its verifying key.
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
