import type { VapidIdentity } from '../delivery/provider.ts'
import { appGone } from '../domain/error.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Store } from '../store/store.ts'

/** Binds a sealed VAPID key to its app. */
export const vapidContext = (appId: string): string => `${appId}/vapid`

/** The contact if an operator set none. It is never sent to push services, since some refuse it. */
export const NO_SUBJECT = 'mailto:push@localhost'

/** The decrypted key pair of an app. Throws `app_unknown`. */
export async function vapidIdentity(
  { store, vault }: { readonly store: Store; readonly vault: Vault },
  appId: string,
): Promise<VapidIdentity> {
  const found = await store.apps.vapid(appId)
  if (!found) throw appGone()
  return {
    publicKey: found.publicKey,
    privateKey: await vault.open(found.sealedPrivateKey, vapidContext(appId)),
    subject: found.subject === NO_SUBJECT ? null : found.subject,
  }
}
