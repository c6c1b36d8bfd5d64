import type { DialectApp } from '../domain/app.ts'
import type { Client } from '../domain/client.ts'
import { appGone } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import { repairedDocument } from '../domain/text.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Scope } from '../store/contract/listing.ts'
import type { Store } from '../store/store.ts'
import { sealContext } from './apps.ts'
import { scopeOf } from './catalogue.ts'

/** Clients that registered themselves with an authorization server. */
export interface Clients {
  /** Registers a client under an unguessable id. A client that does not call `describe` for 180 days is deleted. */
  register(app: DialectApp, client: Pick<Client, 'key' | 'about' | 'externalId'>): Promise<string>
  client(id: string): Promise<Client | null>
  /** Replaces a client's self-description. False for an unknown client. */
  describe(client: Pick<Client, 'id' | 'about' | 'externalId'>): Promise<boolean>
}

/** A deleted client registers again on its own, so nothing is lost and abandoned clients do not pile up. */
const CLIENTS_LAST = 180 * 86_400_000

interface ClientsDeps {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  readonly ids: Ids
}

export function createClients({ store, vault, now, ids }: ClientsDeps): Clients {
  const clientContext = ({ appId, dialect }: Scope) => sealContext(appId, dialect, 'client-key')

  return {
    async register(app, { key, about, externalId }) {
      const id = ids.secret()
      const scope = scopeOf(app)
      const sealed = await vault.seal(JSON.stringify(key), clientContext(scope))
      const at = now()
      const before = new Date(at.getTime() - CLIENTS_LAST)
      const client = { ...scope, id, sealed, about: repairedDocument(about), externalId }
      if (!(await store.auth.putClient(client, { now: at, before }))) throw appGone()
      return id
    },

    async client(id) {
      const found = await store.auth.client(id)
      if (!found) return null
      const { sealed, ...client } = found
      return { ...client, key: JSON.parse(await vault.open(sealed, clientContext(client))) }
    },

    describe: ({ about, ...client }) =>
      store.auth.describeClient({ ...client, about: repairedDocument(about) }, now()),
  }
}
