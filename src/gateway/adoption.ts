import type { Json } from '../domain/message.ts'
import type { Store } from '../store/store.ts'
import type { Apps } from './apps.ts'
import type { Documents } from './documents.ts'
import type { Providers } from './providers.ts'

/** Per kind of settings document: the credential for a push service that the document contains. */
export type Offers = Readonly<Record<string, (document: Json) => Json & { readonly kind: string }>>

interface Deps {
  readonly store: Store
  readonly apps: Pick<Apps, 'findById'>
  readonly documents: Documents
  readonly providers: Providers
  readonly offers: ReadonlyMap<string, Offers>
}

/** Documents per step: each is decrypted, and parsing a certificate takes long. */
const BATCH = 10

/** Creates push credentials from settings that earlier versions only stored, once per document. False if none is left. */
export function createAdoption({ store, apps, documents, providers, offers }: Deps): () => Promise<boolean> {
  const kinds = [...offers.values()].flatMap(Object.keys)

  return async () => {
    const found = await store.documents.unoffered(kinds, BATCH)
    for (const { kind, ...scope } of found) {
      const from = offers.get(scope.dialect)?.[kind]
      const app = from && (await apps.findById(scope.dialect, scope.appId))
      // A document that cannot be decrypted must not block the others.
      const document = app && (await documents.read(app, kind).catch(() => null))
      if (app && document) await providers.offer(app, from(document), 'maintenance')
      await store.documents.noteOffered(scope, kind)
    }
    return found.length === BATCH
  }
}
