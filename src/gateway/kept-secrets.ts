import type { Kept, KeptSecrets } from '../delivery/kept.ts'
import type { Clock } from '../domain/ids.ts'
import type { Vault } from '../secrets/vault.ts'
import type { ProviderVersion, Store, StoredSecret } from '../store/store.ts'

interface Deps {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
}

/** Binds a sealed secret to the version of a credential that it was made with. */
export const keptContext = ({ appId, kind, version }: ProviderVersion, name: string): string =>
  `${appId}/provider/${kind}/${version}/${name}`

/** Secrets of a credential's lanes, sealed in the store. */
export function keptSecrets({ store, vault, now }: Deps, of: ProviderVersion): KeptSecrets {
  const context = (name: string) => keptContext(of, name)
  const opened = async ({ name, sealed, madeAt, expiresAt }: StoredSecret): Promise<Kept> => ({
    value: await vault.open(sealed, context(name)),
    madeAt,
    expiresAt,
  })
  const markOf = (name: string, { value }: Kept) => vault.fingerprint(value, context(name))

  return {
    async get(name) {
      const found = await store.providers.secret(of, name)
      return found ? opened(found) : null
    },
    async put(name, made, known) {
      const { madeAt, expiresAt } = made
      const [mark, sealed] = [await markOf(name, made), await vault.seal(made.value, context(name))]
      const before = known ? await markOf(name, known) : null
      const secret = { name, mark, sealed, madeAt, expiresAt }
      const stands = await store.providers.keepSecret(of, secret, before, now())
      // If the credential was replaced meanwhile, requests in flight finish with their own secret.
      return stands ? opened(stands) : made
    },
  }
}
