import type { DialectApp } from '../domain/app.ts'
import { appGone } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { Webhook, WebhookKind, WebhookState } from '../domain/webhook.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Store } from '../store/store.ts'
import { scopeOf } from './catalogue.ts'

/** The webhooks of an app in one dialect. Changes take effect immediately. */
export interface Webhooks {
  /** Null if the name is taken. */
  create(draft: {
    readonly app: DialectApp
    readonly name: string
    readonly url: string
    readonly events: readonly WebhookKind[]
  }): Promise<Webhook | null>
  /** Absent members stay. Null for an unknown webhook. */
  update(change: {
    readonly app: DialectApp
    readonly name: string
    readonly url?: string | undefined
    readonly events?: readonly WebhookKind[] | undefined
  }): Promise<Webhook | null>
  /** False for an unknown webhook. */
  remove(app: DialectApp, name: string): Promise<boolean>
  find(app: DialectApp, name: string): Promise<Webhook | null>
  list(app: DialectApp): Promise<readonly Webhook[]>
  /** The app's webhooks in all dialects, oldest first, with the state of their receivers. */
  states(appId: string): Promise<readonly WebhookState[]>
  /** A webhook, with its signing secret if it was generated here. Null for an unknown webhook. */
  reveal(appId: string, id: string): Promise<(WebhookState & { readonly secret: string | null }) | null>
}

interface Deps {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  readonly ids: Ids
}

/** Decrypts a webhook's secret, creating one if it has none. */
export type OpenSecret = (webhook: {
  readonly webhookId: string
  readonly sealed: string | null
}) => Promise<string | null>

/** Standard Webhooks format: `whsec_` and the base64 of 24 to 64 bytes. */
export const newSecret = (): string =>
  `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`

/** Prefix of secrets set by an operator, which are never shown. */
export const GIVEN = 'given '
export const webhookContext = (id: string): string => `webhook ${id}`

/** The secret is created on first use; if several are created concurrently, the store keeps one. */
export function secretOpener({ store, vault }: Pick<Deps, 'store' | 'vault'>): OpenSecret {
  return async ({ webhookId, sealed }) => {
    const context = webhookContext(webhookId)
    const stored =
      sealed ?? (await store.webhooks.keepSecret(webhookId, await vault.seal(newSecret(), context)))
    return stored === null ? null : vault.open(stored, context)
  }
}

export function createWebhooks({ store, vault, now, ids }: Deps): Webhooks {
  const open = secretOpener({ store, vault })
  return {
    async create({ app, ...draft }) {
      const made = await store.webhooks.create(scopeOf(app), { id: ids.row(), ...draft }, now())
      if (made === 'gone') throw appGone()
      return made
    },
    update: ({ app, name, ...change }) => store.webhooks.update(scopeOf(app), name, change, now()),
    remove: (app, name) => store.webhooks.remove(scopeOf(app), name),
    find: (app, name) => store.webhooks.find(scopeOf(app), name),
    list: (app) => store.webhooks.list(scopeOf(app)),
    states: (appId) => store.webhooks.states(appId),
    async reveal(appId, id) {
      const found = (await store.webhooks.states(appId)).find((one) => one.id === id)
      const secret = found ? await open({ webhookId: id, sealed: null }) : null
      if (!found || secret === null) return null
      return { ...found, secret: secret.startsWith(GIVEN) ? null : secret }
    },
  }
}
