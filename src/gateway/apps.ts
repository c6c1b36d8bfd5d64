import type { Credential, DialectApp } from '../domain/app.ts'
import type { Clock } from '../domain/ids.ts'
import type { Meter } from '../domain/meter.ts'
import type { News } from '../domain/news.ts'
import { isStorable } from '../domain/text.ts'
import { sameHash, sha256Hex } from '../secrets/hash.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Store, StoredDialectApp } from '../store/store.ts'
import { createAppCache } from './app-cache.ts'
import { createUsage } from './usage.ts'

/** Finds the app of a request and checks its credentials. */
export interface Apps {
  /** By an identifier or alias in its compared form; null if no app has it. */
  find(dialect: string, name: string): Promise<DialectApp | null>
  /** By the app's own id; null if the app lacks the dialect. */
  findById(dialect: string, appId: string): Promise<DialectApp | null>
  /** By a secret that identifies its app (`findsApp`), with the matching credential; null if unknown. */
  findBySecret(dialect: string, secret: string): Promise<{ app: DialectApp; credential: Credential } | null>
  /** The app's credential of one of these kinds that matches the secret, compared in constant time; else null. */
  verify(app: DialectApp, kinds: readonly string[], presented: string): Credential | null
  /** Like `verify`, across all apps that have a credential of that kind and public name. */
  findByCredential(
    dialect: string,
    kind: string,
    credential: { readonly name: string; readonly secret: string },
  ): Promise<readonly { readonly app: DialectApp; readonly credential: Credential }[]>
  /** All apps with this secret among their credentials of a kind: several apps may share an account's token. */
  findSharing(dialect: string, kind: string, secret: string): Promise<readonly DialectApp[]>
  /** Merges into the dialect's options (null removes a member). False if nothing changed. */
  changeOptions(app: DialectApp, patch: Readonly<Record<string, unknown>>): Promise<boolean>
  /** Like `changeOptions`, and deletes the app's data in the dialect; the app and its credentials stay. */
  clear(app: DialectApp, patch: Readonly<Record<string, unknown>>): Promise<boolean>
  /** When this process last saw the credential used; null if never. */
  lastUsed(credential: string): Date | null
  /** Whether noted uses of credentials wait to be stored. */
  used(): boolean
  /** Stores the uses noted since the last flush; returns their number. */
  flushUsed(): Promise<number>
  /** The app's readable secrets of a kind, decrypted. */
  secrets(app: DialectApp, kind: string): Promise<readonly string[]>
  /** Clears the cache; called after changes by the administration. */
  forget(): void
  /** The cache's size, in entries and bytes. */
  held(): { readonly entries: number; readonly bytes: number }
}

export interface AppsOptions {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  /** How long a look-up may be stale, and so how long a revoked key may still work. */
  readonly cacheSeconds: number
  /** Clears other caches of app data. */
  readonly alsoForget?: (() => void) | undefined
  /** Notifications between gateways of the same store. */
  readonly news?: News | undefined
  readonly meter?: Meter | undefined
}

/** No dialect has longer names; longer ones are rejected without a look-up. */
const LONGEST_NAME = 512
/** No dialect has longer secrets, and hashing 64 KiB takes as long as a registration. */
const LONGEST_SECRET = 4096
/** Apps of one account. */
const MOST_SHARING = 100

export function createApps({ store, vault, now, alsoForget, ...options }: AppsOptions): Apps {
  const { cached, forgetFound, held } = createLookUps({ now, alsoForget, ...options })
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

    async findSharing(dialect, kind, secret) {
      if (secret.length > LONGEST_SECRET) return []
      const hash = sha256Hex(secret)
      const apps = await store.apps.findByCredentialHash(dialect, kind, hash, MOST_SHARING)
      for (const one of apps.flatMap(({ credentials }) => credentials)) if (one.hash === hash) usage.note(one)
      return apps
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

/** Cached look-ups of apps. */
function createLookUps({ now, cacheSeconds, alsoForget, news, meter }: Omit<AppsOptions, 'store' | 'vault'>) {
  const cache = createAppCache({ now, cacheSeconds })
  /** Incremented by every change: a look-up that began before a change is not cached after it. */
  let generation = 0
  const forget = () => {
    generation++
    cache.clear()
  }
  news?.hear(() => {
    forget()
    alsoForget?.()
  })

  return {
    held: cache.held,
    forgetFound() {
      forget()
      news?.tell()
    },
    async cached(
      kind: string,
      name: string,
      load: () => Promise<StoredDialectApp | null>,
    ): Promise<StoredDialectApp | null> {
      if (name.length > LONGEST_NAME || !isStorable(name)) return null
      const key = `${kind} ${name}`
      const known = cache.get(key)
      meter?.lookedUp(known !== undefined)
      if (known !== undefined) return known
      const before = generation
      const app = await load()
      if (before === generation) cache.set(key, app)
      return app
    },
  }
}

/** The type that adapters see hides the sealed secrets. */
const sealedOf = (app: DialectApp) => (app as StoredDialectApp).credentials

/** Decrypts the readable secrets of an app; cached by kind for as long as the app is cached. */
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

/** Binds a sealed secret to its app, dialect and kind; it cannot be decrypted for another. */
export const sealContext = (appId: string, dialect: string, kind: string): string =>
  `${appId}/${dialect}/${kind}`
