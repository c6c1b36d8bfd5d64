import type { Json } from '../domain/message.ts'
import type { Store } from '../store/store.ts'
import type { Apps } from './apps.ts'
import type { Documents } from './documents.ts'
import type { Providers } from './providers.ts'

/** What an app may send with to a push service, by the kind of the document that holds it. */
export type Offers = Readonly<Record<string, (document: Json) => Json & { readonly kind: string }>>

interface Deps {
  readonly store: Store
  readonly apps: Pick<Apps, 'findById'>
  readonly documents: Documents
  readonly providers: Providers
  readonly offers: ReadonlyMap<string, Offers>
}

/** Documents of one step: each is opened, and a certificate takes its time. */
const BATCH = 10

/** Brings over what earlier versions only stored: as if it were stored now, once. False if nothing is left. */
export function createAdoption({ store, apps, documents, providers, offers }: Deps): () => Promise<boolean> {
  const kinds = [...offers.values()].flatMap(Object.keys)

  return async () => {
    const found = await store.documents.unoffered(kinds, BATCH)
    for (const { kind, ...scope } of found) {
      const from = offers.get(scope.dialect)?.[kind]
      const app = from && (await apps.findById(scope.dialect, scope.appId))
      // One that does not open must not hold up the others.
      const document = app && (await documents.read(app, kind).catch(() => null))
      if (app && document) await providers.offer(app, from(document), 'maintenance')
      await store.documents.noteOffered(scope, kind)
    }
    return found.length === BATCH
  }
}
