import type { CredentialRules, Lane, LaneDeps, PushProvider } from '../delivery/provider.ts'
import type { Clock } from '../domain/ids.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Store, StoredProvider } from '../store/store.ts'
import { keptSecrets } from './kept-secrets.ts'
import { vapidIdentity } from './vapid.ts'

/** Push services, and this runtime's means to reach them. */
export interface PushServices {
  readonly all: readonly PushProvider[]
  readonly rules: CredentialRules
  readonly reach: Pick<LaneDeps, 'transport' | 'post' | 'encrypt' | 'allowPrivate' | 'log' | 'publicUrl'>
}

export interface LanesDeps {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  readonly push: PushServices
}

/** Binds a sealed credential to its app and service. */
export const credentialContext = (appId: string, kind: string): string => `${appId}/provider/${kind}`

/** Opens a lane with a stored credential. Throws if its service does not exist, or no longer does. */
export async function openLane({ push, ...deps }: LanesDeps, stored: StoredProvider): Promise<Lane> {
  const { appId, kind, version, sealed } = stored
  const service = push.all.find((one) => one.kind === kind)
  if (!service) throw new Error(`there is no push service ${kind}`)
  const credential: unknown = JSON.parse(await deps.vault.open(sealed, credentialContext(appId, kind)))
  return service.open(credential, {
    ...push.reach,
    now: deps.now,
    kept: keptSecrets(deps, { appId, kind, version }),
    vapid: () => vapidIdentity(deps, appId),
  })
}
