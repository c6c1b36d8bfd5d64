import type { AppRecord } from '../domain/app.ts'
import { appGone, GatewayError } from '../domain/error.ts'
import type { EventKind } from '../domain/event.ts'
import type { FeedPlace } from '../domain/feed.ts'
import { type FeedHook, type Letter, type LetterRef, MOST_FEED_HOOKS } from '../domain/feed-hook.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { Page } from '../domain/page.ts'
import type { Vault } from '../secrets/vault.ts'
import type { FeedHookPatch, Store } from '../store/store.ts'
import { auditing, type By } from './auditing.ts'
import type { Feed, FeedFrom } from './feed.ts'
import { newSecret } from './webhooks.ts'

export interface NewFeedHook {
  readonly name: string
  readonly url: string
  /** Null for all kinds. */
  readonly kinds: readonly EventKind[] | null
  /** Generated if absent. */
  readonly secret?: string | undefined
  readonly from: FeedFrom
}

type LetterPlace = readonly [event: number, part: string]

/** Receivers of an app's events, of all kinds or some. */
export interface FeedHooks {
  create(app: AppRecord, hook: NewFeedHook, by: By): Promise<FeedHook & { readonly secret: string }>
  list(appId: string): Promise<readonly FeedHook[]>
  /** Null for an unknown receiver. */
  find(appId: string, id: string): Promise<FeedHook | null>
  /** The secret that signs the receiver's calls; null for an unknown receiver. */
  secret(appId: string, id: string): Promise<string | null>
  change(appId: string, id: string, patch: FeedHookPatch, by: By): Promise<FeedHook | null>
  remove(appId: string, id: string, by: By): Promise<boolean>
  /** Sends all events after a position or time again. Null for an unknown receiver. */
  replay(app: AppRecord, id: string, from: FeedFrom | Date, by: By): Promise<FeedHook | null>
  deliveries(
    id: string,
    dead: boolean,
    page: { readonly after: LetterPlace | null; readonly limit: number },
  ): Promise<Page<Letter, LetterPlace>>
  /** Retries one dead event. Throws `conflict` for an event that names no single device. */
  retry(appId: string, id: string, of: LetterRef, by: By): Promise<boolean>
}

export interface FeedDeps {
  readonly store: Store
  readonly vault: Vault
  readonly feed: Feed
  readonly now: Clock
  readonly ids: Ids
}

export const feedHookContext = (id: string): string => `feed ${id}`

export function createFeedHooks({ store, vault, feed, now, ids }: FeedDeps): FeedHooks {
  const hooks = store.feedHooks
  const audit = auditing({ now, ids })
  const note = (
    by: By,
    action: string,
    appId: string,
    target: string,
    detail: Record<string, unknown> = {},
  ) => audit(by, action, { appId, target, detail })
  const find = async (appId: string, id: string) =>
    (await hooks.list(appId)).find((one) => one.id === id) ?? null

  return {
    async create(app, { from, secret: given, ...draft }, by) {
      const [id, secret] = [ids.row(), given ?? newSecret()]
      const place = await feed.place(app, from)
      const sealed = await vault.seal(secret, feedHookContext(id))
      const entry = note(by, 'feedWebhook.create', app.id, id, { name: draft.name })
      const made = await hooks.create({ ...draft, id, appId: app.id, sealed, place }, now(), entry)
      if (made === 'gone') throw appGone()
      if (made === 'taken')
        throw new GatewayError('conflict', 'The app already has a webhook with this name.', { at: 'name' })
      if (made === 'full')
        throw new GatewayError(
          'limit',
          `An app can have at most ${MOST_FEED_HOOKS} webhooks; delete one first.`,
        )
      return { ...made, secret }
    },
    list: (appId) => hooks.list(appId),
    find,
    async secret(appId, id) {
      const sealed = await hooks.secret(appId, id)
      return sealed === null ? null : vault.open(sealed, feedHookContext(id))
    },
    change: (appId, id, patch, by) =>
      hooks.change(appId, id, patch, now(), note(by, 'feedWebhook.change', appId, id)),
    remove: (appId, id, by) => hooks.remove(appId, id, note(by, 'feedWebhook.remove', appId, id)),
    async replay(app, id, from, by) {
      const wanted: FeedPlace = from instanceof Date ? await hooks.since(from) : await feed.place(app, from)
      const first = await feed.place(app, 'start')
      const place = from instanceof Date && wanted[1] < first[1] ? first : wanted
      return hooks.replay(app.id, id, place, now(), note(by, 'feedWebhook.replay', app.id, id))
    },
    deliveries: (id, dead, page) => hooks.deliveries(id, dead, page),
    retry: (appId, id, of, by) =>
      hooks.retry(id, of, now(), note(by, 'feedWebhook.retry', appId, id, { event: of.event })),
  }
}
