import type { Clock, Ids } from '../domain/ids.ts'
import { MIRROR, type MirrorChoice, type MirrorSettings } from '../domain/mirror.ts'
import type { WebhookKind } from '../domain/webhook.ts'
import { sha256Hex, uuidOf } from '../secrets/hash.ts'
import type { Vault } from '../secrets/vault.ts'
import type { CredentialDraft, DialectDraft } from '../store/store.ts'
import { sealContext } from './apps.ts'
import { GIVEN, webhookContext } from './webhooks.ts'

/** A secret to store for an app. */
export interface SecretDraft {
  readonly kind: string
  /** The public half, such as an OAuth client id. */
  readonly name?: string
  readonly secret: string
  readonly scopes?: readonly string[]
  /** The plain secret is needed later: store it encrypted as well as hashed. */
  readonly readable?: boolean
  /** The secret alone identifies its app, so it must be unique across apps. */
  readonly findsApp?: boolean
}

/** An app's setup in one dialect: complete for a new one; in a change, absent members stay. */
export interface DialectSetupDraft<Secret extends SecretDraft = SecretDraft> {
  /** As shown to the operator. */
  readonly identifier?: string | undefined
  /** All spellings by which a request may name the app, in compared form. */
  readonly names?: readonly string[] | undefined
  /** The complete list of further names, such as hosts. */
  readonly aliases?: readonly string[] | undefined
  /** Merged into the app's options (RFC 7396: null removes a member). */
  readonly options: Readonly<Record<string, unknown>>
  readonly secrets: readonly Secret[]
  /** The mirror to set; null removes it. */
  readonly mirror?: MirrorDraft | null | undefined
  /** The complete list of the dialect's webhooks, if the operator manages them; webhooks not listed are removed. */
  readonly webhooks?: readonly GivenWebhook[] | undefined
}

/** A mirror as an operator sets it. Absent credentials are kept unless `upstream` changes. */
export interface MirrorDraft {
  readonly choice: MirrorChoice
  readonly credentials?: Readonly<Record<string, string>> | undefined
}

/** Binds a mirror's credentials to its app and dialect. */
export const mirrorContext = (appId: string, dialect: string): string => `${appId}/${dialect}/mirror`

/** A webhook set up by an operator; URLs are unique. `secret` signs its calls. */
export interface GivenWebhook {
  readonly url: string
  readonly events: readonly WebhookKind[]
  readonly secret: string
}

/** Prepares setups and secrets for the store: hashed and, if they must be readable, encrypted. */
export function drafts({ vault, ids, now }: { vault: Vault; ids: Ids; now: Clock }) {
  async function credentialDraft(
    appId: string,
    dialect: string,
    { kind, name, secret, scopes, readable, findsApp }: SecretDraft,
  ): Promise<CredentialDraft> {
    const hash = sha256Hex(secret)
    return {
      id: ids.row(),
      dialect,
      kind,
      name: name ?? null,
      hash,
      sealed: readable ? await vault.seal(secret, sealContext(appId, dialect, kind)) : null,
      scopes: scopes ?? [],
      lookup: findsApp ? hash : null,
      hint: hintOf(secret),
    }
  }

  /** A webhook is identified by its URL when it is set again. */
  async function webhookDraft(of: string, { url, events, secret }: GivenWebhook) {
    const id = uuidOf(`${of}\n${url}`)
    return { id, name: url, url, events, sealed: await vault.seal(GIVEN + secret, webhookContext(id)) }
  }

  /** Credentials are only ever sent to the upstream that they were set for. */
  async function mirrorSettings(
    of: { readonly appId: string; readonly dialect: string },
    { choice, credentials }: MirrorDraft,
    known: MirrorSettings | null,
  ): Promise<MirrorSettings> {
    const same = known?.upstream === choice.upstream
    const since = same && known.mode === choice.mode ? known.since : now().toISOString()
    if (credentials === undefined) return { ...choice, since, ...(!same && { sealed: null }) }
    const sealed = await vault.seal(JSON.stringify(credentials), mirrorContext(of.appId, of.dialect))
    return { ...choice, since, sealed }
  }

  return {
    credentialDraft,
    /** `known` is the dialect's current mirror. */
    dialectDraft: async (
      appId: string,
      dialect: string,
      setup: DialectSetupDraft,
      known: MirrorSettings | null = null,
    ): Promise<DialectDraft> => ({
      dialect,
      ...(setup.identifier !== undefined && { identifier: setup.identifier }),
      ...(setup.names && { names: setup.names }),
      ...(setup.aliases && { aliases: setup.aliases }),
      options: {
        ...setup.options,
        ...(setup.mirror !== undefined && {
          [MIRROR]: setup.mirror && (await mirrorSettings({ appId, dialect }, setup.mirror, known)),
        }),
      },
      ...(setup.webhooks && {
        webhooks: await Promise.all(setup.webhooks.map((one) => webhookDraft(`${appId}\n${dialect}`, one))),
      }),
      credentials: await Promise.all(setup.secrets.map((one) => credentialDraft(appId, dialect, one))),
    }),
  }
}

const HINT = 4
/** Secrets of this length stay unguessable with four characters revealed. */
const LONG_ENOUGH = 20
const hintOf = (secret: string): string | null => (secret.length < LONG_ENOUGH ? null : secret.slice(-HINT))
