import type { DialectApp } from '../domain/app.ts'
import type { Scope } from '../store/contract/listing.ts'
import type { Store } from '../store/store.ts'
import type { Apps } from './apps.ts'
import { createRecent, type Staleness } from './recent.ts'

/** Whom a token was issued to. The token becomes invalid when its holder is removed. */
export type Holder =
  /** One of the app's credentials, by id. */
  | { readonly credential: string }
  /** A self-registered client, by id. */
  | { readonly client: string }

/** Entries are small: one generated id each. */
const MOST_CLIENTS_CACHED = 10_000

/** The claim that names a token's holder. */
export const HOLDER = 'holder'

/** The claims of a verified token. */
type Claims = Readonly<Record<string, unknown>> & { readonly iat?: number }

interface HoldersDeps extends Staleness {
  readonly store: Store
  readonly apps: Pick<Apps, 'findById'>
}

/** Checks that the holder of a token still exists; look-ups are cached as long as those of apps. */
export function createHolders({ store, apps, now, cacheSeconds }: HoldersDeps) {
  const live = createRecent<{ known: boolean }>({ now, cacheSeconds }, MOST_CLIENTS_CACHED)

  /** A token younger than the cache time needs no look-up, whichever process issued it. */
  const isFresh = ({ iat = 0 }: Claims): boolean => {
    const age = now().getTime() - iat * 1000
    return age >= 0 && age < cacheSeconds * 1000
  }

  async function knowsClient(scope: Scope, id: string): Promise<boolean> {
    const cached = live.get(id)
    if (cached) return cached.known
    const known = await store.auth.knowsClient(scope, id)
    live.set(id, { known })
    return known
  }

  return {
    forget: () => live.clear(),

    /** The token's app; null if the app or the token's holder is gone. */
    async appOf({ appId, dialect }: Scope, claims: Claims): Promise<DialectApp | null> {
      const app = await apps.findById(dialect, appId)
      if (!app) return null
      // Tokens issued by earlier versions have no holder claim and are refused; the client requests a new one.
      const { credential, client } = (claims[HOLDER] ?? {}) as { credential?: unknown; client?: unknown }
      const holds =
        typeof client === 'string'
          ? isFresh(claims) || (await knowsClient({ appId, dialect }, client))
          : app.credentials.some(({ id }) => id === credential)
      return holds ? app : null
    },
  }
}
