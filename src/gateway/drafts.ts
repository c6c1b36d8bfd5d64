import type { Ids } from '../domain/ids.ts'
import { sha256Hex } from '../secrets/hash.ts'
import type { Vault } from '../secrets/vault.ts'
import type { CredentialDraft, DialectDraft } from '../store/store.ts'
import type { DialectSetupDraft, SecretDraft } from './administration.ts'
import { sealContext } from './apps.ts'

/** Setups and secrets as the store takes them: hashed and, where they must be readable, sealed. */
export function drafts({ vault, ids }: { vault: Vault; ids: Ids }) {
  async function credentialDraft(appId: string, dialect: string, of: SecretDraft): Promise<CredentialDraft> {
    const hash = sha256Hex(of.secret)
    return {
      id: ids.row(),
      dialect,
      kind: of.kind,
      name: of.name ?? null,
      hash,
      sealed: of.readable ? await vault.seal(of.secret, sealContext(appId, dialect, of.kind)) : null,
      scopes: of.scopes ?? [],
      lookup: of.findsApp ? hash : null,
      hint: hintOf(of.secret),
    }
  }

  return {
    credentialDraft,
    dialectDraft: async (
      appId: string,
      dialect: string,
      setup: DialectSetupDraft,
    ): Promise<DialectDraft> => ({
      dialect,
      ...(setup.identifier !== undefined && { identifier: setup.identifier }),
      ...(setup.names && { names: setup.names }),
      ...(setup.aliases && { aliases: setup.aliases }),
      options: setup.options,
      credentials: await Promise.all(setup.secrets.map((one) => credentialDraft(appId, dialect, one))),
    }),
  }
}

const HINT = 4
/** Four characters of so many leave more than anybody can try. */
const LONG_ENOUGH = 20
const hintOf = (secret: string): string | null => (secret.length < LONG_ENOUGH ? null : secret.slice(-HINT))
