import type { Credential, DialectApp } from '../domain/app.ts'
import type { Clock } from '../domain/ids.ts'
import { isStorable } from '../domain/text.ts'
import { sameHash, sha256Hex } from '../secrets/hash.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Store, StoredDialectApp } from '../store/store.ts'
import { createAppCache } from './app-cache.ts'
import { createUsage } from './usage.ts'

/** How requests find their app and prove that they may act for it. */
export interface Apps {
  /** By an identifier or alias in its compared form; null where no app has it. */
  find(dialect: string, name: string): Promise<DialectApp | null>
  /** By the app's own id; null where it does not speak the dialect. */
  findById(dialect: string, appId: string): Promise<DialectApp | null>
  /** By a secret that alone says which app is meant, with the credential it is; null where nobody has it. */
  findBySecret(dialect: string, secret: string): Promise<{ app: DialectApp; credential: Credential } | null>
  /** The live credential of one of the kinds that a presented secret is, in constant time; null for none. */
  verify(app: DialectApp, kinds: readonly string[], presented: string): Credential | null
  /** As `verify`, over every app that has a credential of that kind and public name. */
  findByCredential(
    dialect: string,
    kind: string,
    of: { readonly name: string; readonly secret: string },
  ): Promise<readonly { readonly app: DialectApp; readonly credential: Credential }[]>
  /** Merges into the dialect's options (null takes a member away). False where that changed nothing. */
  changeOptions(app: DialectApp, patch: Readonly<Record<string, unknown>>): Promise<boolean>
  /** As `changeOptions`, and takes all that the dialect holds of the app; the app and its credentials stay. */
  clear(app: DialectApp, patch: Readonly<Record<string, unknown>>): Promise<boolean>
  /** When a credential was last used, as far as this process knows. */
  lastUsed(credential: string): Date | null
  /** Whether any use of a credential is noted and not kept. */
  used(): boolean
  /** Keeps what was noted since the last time; how much that was. */
  flushUsed(): Promise<number>
  /** The readable secrets of a kind, each live value. */
  secrets(app: DialectApp, kind: string): Promise<readonly string[]>
  /** Forgets what is cached: after the administration changed something. */
  forget(): void
  /** What is cached, in entries and bytes. */
  held(): { readonly entries: number; readonly bytes: number }
}

export interface AppsOptions {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  /** How long a look-up may be stale. A revoked key works no longer than this. */
  readonly cacheSeconds: number
  /** Forgets what others have cached of apps. */
  readonly alsoForget?: () => void
}

/** No dialect has longer names; a longer one is looked up nowhere. */
const LONGEST_NAME = 512
/** Nor longer secrets; and to hash one of 64 KiB takes as long as a registration. */
const LONGEST_SECRET = 4096

export function createApps({ store, vault, now, cacheSeconds, alsoForget }: AppsOptions): Apps {
  const { cached, forgetFound, held } = createLookUps(now, cacheSeconds)
  const usage = createUsage(now)
  return {
    find: (dialect, name) => cached(`${dialect} name`, name, () => store.apps.findByName(dialect, name)),

    findById: (dialect, appId) => cached(`${dialect} id`, appId, () => store.apps.findById(dialect, appId)),

    async findBySecret(dialect, secret) {
      if (secret.length > LONGEST_SECRET) return null
      const lookup = sha256Hex(secret)
      const app = await cached(`${dialect} secret`, lookup, () => store.apps.findByLookup(dialect, lookup))
      const credential = app?.credentials.find((one) => sameHash(one.hash, lookup))
      if (!app || !credential) return null
      usage.note(credential)
      return { app, credential }
    },

    verify(app, kinds, presented) {
      if (presented.length > LONGEST_SECRET) return null
      const hash = sha256Hex(presented)
      let match: Credential | null = null
      for (const one of app.credentials) {
        if (kinds.includes(one.kind) && sameHash(one.hash, hash)) match = one
      }
      if (match) usage.note(match)
      return match
    },

    secrets: createOpener(vault),

    async findByCredential(dialect, kind, { name, secret }) {
      if (name.length > LONGEST_NAME || secret.length > LONGEST_SECRET) return []
      const hash = sha256Hex(secret)
      const apps = await store.apps.findByCredentialName(dialect, kind, name)
      const matches = apps.flatMap((app) =>
        app.credentials
          .filter((one) => one.kind === kind && one.name === name && sameHash(one.hash, hash))
          .map((credential) => ({ app, credential })),
      )
      for (const { credential } of matches) usage.note(credential)
      return matches
    },

    async changeOptions(app, patch) {
      const changed = await store.apps.changeOptions({ appId: app.app.id, dialect: app.dialect }, patch)
      forgetFound()
      return changed
    },

    async clear(app, patch) {
      const scope = { appId: app.app.id, dialect: app.dialect }
      const changed = await store.apps.clearDialect(scope, patch, { at: now(), cause: 'cleared' })
      forgetFound()
      return changed
    },

    lastUsed: usage.last,
    used: usage.any,

    async flushUsed() {
      const used = usage.take()
      if (used.length > 0) await store.apps.noteUsed(used)
      return used.length
    },

    forget() {
      forgetFound()
      alsoForget?.()
    },

    held,
  }
}

/** Look-ups of apps, each remembered for a while. */
function createLookUps(now: Clock, cacheSeconds: number) {
  const cache = createAppCache({ now, cacheSeconds })
  /** Counts the changes: what was read before one is not kept after it. */
  let generation = 0

  return {
    held: cache.held,
    forgetFound() {
      generation++
      cache.clear()
    },
    async cached(
      kind: string,
      name: string,
      load: () => Promise<StoredDialectApp | null>,
    ): Promise<StoredDialectApp | null> {
      if (name.length > LONGEST_NAME || !isStorable(name)) return null
      const key = `${kind} ${name}`
      const known = cache.get(key)
      if (known !== undefined) return known
      const asked = generation
      const app = await load()
      if (asked === generation) cache.set(key, app)
      return app
    },
  }
}

/** Hides the sealed texts: adapters see credentials without them. */
const sealedOf = (app: DialectApp) => (app as StoredDialectApp).credentials

/** Opens the readable secrets of an app, each kind once for as long as the app is remembered. */
function createOpener(vault: Vault): Apps['secrets'] {
  const opened = new WeakMap<DialectApp, Map<string, Promise<readonly string[]>>>()
  return (app, kind) => {
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
  }
}

/** What a sealed secret is bound to: it opens nowhere else. */
export const sealContext = (appId: string, dialect: string, kind: string): string =>
  `${appId}/${dialect}/${kind}`
