import type { DialectApp } from '../domain/app.ts'
import type { Scope } from '../store/contract/listing.ts'
import type { Store } from '../store/store.ts'
import type { Apps } from './apps.ts'
import { createRecent, type Staleness } from './recent.ts'

/** Who a token is issued to: it opens nothing once its holder is gone. */
export type Holder =
  /** One of the app's live credentials, by its id. */
  | { readonly credential: string }
  /** A client that registered itself, by its id. */
  | { readonly client: string }

/** An id each, no longer than one that was made here. */
const MOST_CLIENTS_CACHED = 10_000

/** The claim that names a token's holder. */
export const HOLDER = 'holder'

/** What a verified token says, as far as it matters here. */
type Claims = Readonly<Record<string, unknown>> & { readonly iat?: number }

interface HoldersDeps extends Staleness {
  readonly store: Store
  readonly apps: Pick<Apps, 'findById'>
}

/** Whether whoever a token was issued to is still there; what is looked up is cached like apps are. */
export function createHolders({ store, apps, now, cacheSeconds }: HoldersDeps) {
  const live = createRecent<{ known: boolean }>({ now, cacheSeconds }, MOST_CLIENTS_CACHED)

  /** A token that was issued a moment ago is as good as a look-up a moment ago, on whichever machine that was. */
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

    /** The app of a token, or null where it, or the token's holder, is gone. */
    async appOf({ appId, dialect }: Scope, claims: Claims): Promise<DialectApp | null> {
      const app = await apps.findById(dialect, appId)
      if (!app) return null
      // None in a token of an earlier build: whoever holds it asks for another.
      const { credential, client } = (claims[HOLDER] ?? {}) as { credential?: unknown; client?: unknown }
      const holds =
        typeof client === 'string'
          ? isFresh(claims) || (await knowsClient({ appId, dialect }, client))
          : app.credentials.some(({ id }) => id === credential)
      return holds ? app : null
    },
  }
}
