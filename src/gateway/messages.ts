import type { DialectApp } from '../domain/app.ts'
import { appGone } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { Addressees, Message, MessageDraft } from '../domain/message.ts'
import { PROVIDERS } from '../domain/push-token.ts'
import type { Accepted, MessageReport, Part } from '../store/contract/messages.ts'
import type { Store } from '../store/store.ts'
import { scopeOf } from './catalogue.ts'
import { tokenHashes } from './token-hashes.ts'

export { withoutIds } from '../domain/message.ts'
export type { Accepted, MessageReport } from '../store/contract/messages.ts'

/** A message of one dialect of one app, by the id that the dialect gave it. */
export interface MessageRef {
  readonly app: DialectApp
  readonly externalId: string
}

/** Messages that dialects accept for their devices. Nothing here waits for a push service. */
export interface Messages {
  /**
   * Keeps messages, all or none, and answers them in their order; once this resolves, a crash loses none of them. Their
   * audience is looked up afterwards. Throws if the app no longer speaks the dialect.
   */
  accept(app: DialectApp, drafts: readonly MessageDraft[]): Promise<readonly Accepted[]>
  /** Null for an unknown message. */
  find(ref: MessageRef): Promise<Message | null>
  /** With counts by push service, platform, outcome and hour, and what phones reported. Null for an unknown message. */
  report(appId: string, id: string): Promise<MessageReport | null>
  /** `over`: everything has been sent, or it was cancelled before. */
  cancel(ref: MessageRef): Promise<'cancelled' | 'over' | 'unknown'>
  /** Forgets a message: what waits is not sent. False for an unknown one. */
  forget(ref: MessageRef): Promise<boolean>
  /** Calls back whenever messages were accepted, so that they do not wait for the next timer. */
  whenAccepted(listener: () => void): void
}

/** Entries of a list that one step looks up. */
const STEP = 500

const slices = <T>(list: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / STEP) }, (_, at) => list.slice(at * STEP, (at + 1) * STEP))

/** Every form in which a provider could know these tokens (identity R18). */
const hashesOf = (tokens: readonly string[]) =>
  tokens.flatMap((token) =>
    tokenHashes(token).flatMap(({ hash, providers }) =>
      providers
        .filter((provider) => PROVIDERS.indexOf(provider) < PROVIDERS.indexOf('email'))
        .map((provider) => ({ provider, hash })),
    ),
  )

const byIds = (dialects: readonly string[], ids: readonly string[]): readonly Part[] =>
  dialects.flatMap((dialect) => slices(ids).map((some): Part => ({ by: 'ids', dialect, ids: some })))
const byTokens = (tokens: readonly string[], except: readonly string[]): readonly Part[] =>
  slices(hashesOf(tokens)).map((hashes): Part => ({ by: 'hashes', hashes, except }))

const distinct = (list: readonly string[]): readonly string[] => [...new Set(list)]

/**
 * An audience in parts, each looked up by steps through one index. A later part leaves out what an earlier one has found,
 * so that no device is found twice.
 */
export function partsOf(to: Addressees, dialects: readonly string[]): readonly Part[] {
  if ('all' in to) return dialects.map((dialect) => ({ by: 'dialect', dialect }))
  if ('topics' in to) return distinct(to.topics).map((topic) => ({ by: 'topic', topic, earlier: [] }))
  if ('users' in to) {
    const proved = to.proved ?? false
    return distinct(to.users).flatMap((user) =>
      dialects.map((dialect): Part => ({ by: 'user', dialect, user, proved })),
    )
  }
  if ('devices' in to) return byIds(dialects, distinct(to.devices))
  if ('tokens' in to) return byTokens(distinct(to.tokens), [])
  const either = distinct(to.devicesOrTokens)
  return [...byIds(dialects, either), ...byTokens(either, either)]
}

interface Deps {
  readonly store: Store
  readonly now: Clock
  readonly ids: Ids
}

export function createMessages({ store, now, ids }: Deps): Messages {
  const listeners: (() => void)[] = []
  return {
    whenAccepted: (listener) => void listeners.push(listener),

    async accept(app, drafts) {
      const dialects = [app.dialect]
      const stored = drafts.map((draft) => ({
        ...draft,
        id: ids.row(),
        dialects,
        parts: partsOf(draft.audience.to, dialects),
      }))
      const accepted = stored.length === 0 ? [] : await store.messages.accept(scopeOf(app), stored, now())
      if (!accepted) throw appGone()
      for (const listener of listeners) listener()
      return accepted
    },

    find: ({ app, externalId }) => store.messages.find(scopeOf(app), externalId),
    report: (appId, id) => store.messages.report(appId, id),

    async cancel({ app, externalId }) {
      const message = await store.messages.find(scopeOf(app), externalId)
      if (!message) return 'unknown'
      return (await store.messages.cancel(message.appId, message.id, now())) ? 'cancelled' : 'over'
    },

    forget: ({ app, externalId }) => store.messages.forget(scopeOf(app), externalId),
  }
}
