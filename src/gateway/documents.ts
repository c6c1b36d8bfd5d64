import type { DialectApp } from '../domain/app.ts'
import { appGone } from '../domain/error.ts'
import type { Clock } from '../domain/ids.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Store } from '../store/store.ts'
import { sealContext } from './apps.ts'
import { scopeOf } from './catalogue.ts'

/** A dialect's settings for an app: one encrypted document per kind. */
export interface Documents {
  read(app: DialectApp, kind: string): Promise<Readonly<Record<string, unknown>> | null>
  write(app: DialectApp, kind: string, document: Readonly<Record<string, unknown>>): Promise<void>
  /** False if there is none. */
  remove(app: DialectApp, kind: string): Promise<boolean>
}

export function createDocuments({
  store,
  vault,
  now,
}: {
  store: Store
  vault: Vault
  now: Clock
}): Documents {
  const context = (app: DialectApp, kind: string) => sealContext(app.app.id, app.dialect, `document/${kind}`)
  return {
    async read(app, kind) {
      const found = await store.documents.find(scopeOf(app), kind)
      return found ? JSON.parse(await vault.open(found.sealed, context(app, kind))) : null
    },
    async write(app, kind, document) {
      const sealed = await vault.seal(JSON.stringify(document), context(app, kind))
      if (!(await store.documents.put(scopeOf(app), kind, sealed, now()))) throw appGone()
    },
    remove: (app, kind) => store.documents.remove(scopeOf(app), kind),
  }
}
