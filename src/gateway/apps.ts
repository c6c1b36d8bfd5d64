import { LRUCache } from 'lru-cache'
import type { Credential, DialectApp } from '../domain/app.ts'
import type { Clock } from '../domain/ids.ts'
import { sameHash, sha256Hex } from '../secrets/hash.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Store, StoredDialectApp } from '../store/store.ts'

/** How requests find their app and prove that they may act for it. */
export interface Apps {
  /** By an identifier or alias in its compared form; null where no app has it. */
  find(dialect: string, name: string): Promise<DialectApp | null>
  /** By a secret that alone says which app is meant, with the credential it is; null where nobody has it. */
  findBySecret(dialect: string, secret: string): Promise<{ app: DialectApp; credential: Credential } | null>
  /** The live credential of one of the kinds that a presented secret is, in constant time; null for none. */
  verify(app: DialectApp, kinds: readonly string[], presented: string): Credential | null
  /** The readable secrets of a kind, each live value. */
  secrets(app: DialectApp, kind: string): Promise<readonly string[]>
  /** Forgets what is cached: after the administration changed something. */
  forget(): void
}

export interface AppsOptions {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  /** How long a look-up may be stale. A revoked key works no longer than this. */
  readonly cacheSeconds: number
}

const MOST_CACHED = 10_000
/** Unknown names are remembered for less: an app that was just created elsewhere should not wait. */
const UNKNOWN_SECONDS = 2

export function createApps({ store, vault, now, cacheSeconds }: AppsOptions): Apps {
  const found = new LRUCache<string, { app: StoredDialectApp | null }>({
    max: MOST_CACHED,
    perf: { now: () => now().getTime() },
    ttlResolution: 0,
  })
  const opened = new WeakMap<DialectApp, Map<string, Promise<readonly string[]>>>()

  /** Counts the changes: what was read before one is not kept after it. */
  let generation = 0

  async function cached(name: string, load: () => Promise<StoredDialectApp | null>) {
    const known = found.get(name)
    if (known) return known.app
    const asked = generation
    const app = await load()
    if (asked !== generation) return app
    found.set(
      name,
      { app },
      { ttl: Math.min(app ? cacheSeconds : UNKNOWN_SECONDS, cacheSeconds) * 1000 || 1 },
    )
    return app
  }

  /** Hides the sealed texts: adapters see credentials without them. */
  const sealedOf = (app: DialectApp) => (app as StoredDialectApp).credentials

  return {
    find: (dialect, name) => cached(`${dialect} name ${name}`, () => store.apps.findByName(dialect, name)),

    async findBySecret(dialect, secret) {
      const lookup = sha256Hex(secret)
      const app = await cached(`${dialect} secret ${lookup}`, () => store.apps.findByLookup(dialect, lookup))
      const credential = app?.credentials.find((one) => sameHash(one.hash, lookup))
      return app && credential ? { app, credential } : null
    },

    verify(app, kinds, presented) {
      const hash = sha256Hex(presented)
      let match: Credential | null = null
      for (const one of app.credentials) {
        if (kinds.includes(one.kind) && sameHash(one.hash, hash)) match = one
      }
      return match
    },

    secrets(app, kind) {
      const kinds = opened.get(app) ?? new Map<string, Promise<readonly string[]>>()
      opened.set(app, kinds)
      const known = kinds.get(kind)
      if (known) return known
      const opening = Promise.all(
        sealedOf(app)
          .filter((one) => one.kind === kind && one.sealed !== null)
          .map((one) => vault.open(one.sealed ?? '', sealContext(app.app.id, app.dialect, kind))),
      )
      kinds.set(kind, opening)
      return opening
    },

    forget() {
      generation++
      found.clear()
    },
  }
}

/** What a sealed secret is bound to: it opens nowhere else. */
export const sealContext = (appId: string, dialect: string, kind: string): string =>
  `${appId}/${dialect}/${kind}`
