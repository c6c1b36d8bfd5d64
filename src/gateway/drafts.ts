import type { Ids } from '../domain/ids.ts'
import { sha256Hex } from '../secrets/hash.ts'
import type { Vault } from '../secrets/vault.ts'
import type { CredentialDraft, DialectDraft } from '../store/store.ts'
import { sealContext } from './apps.ts'

/** A secret to be kept for an app. */
export interface SecretDraft {
  readonly kind: string
  /** The public half, such as an OAuth client id. */
  readonly name?: string
  readonly secret: string
  readonly scopes?: readonly string[]
  /** Must be readable later, not only comparable: then it is sealed besides being hashed. */
  readonly readable?: boolean
  /** The secret alone says which app a request means, so no two apps may share it. */
  readonly findsApp?: boolean
}

/** An app's setup in one dialect: complete for a new one; on a change, what is left out stays. */
export interface DialectSetupDraft<Secret extends SecretDraft = SecretDraft> {
  /** As the operator sees it. */
  readonly identifier?: string | undefined
  /** Every form of it, compared, by which a request may name the app. */
  readonly names?: readonly string[] | undefined
  /** Further names, such as hosts: all of them. */
  readonly aliases?: readonly string[] | undefined
  /** Merged into those that the app has (RFC 7396: null takes a member away). */
  readonly options: Readonly<Record<string, unknown>>
  readonly secrets: readonly Secret[]
}

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
