import type { DialectApp } from '../domain/app.ts'
import { appGone } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { Message, MessageDraft } from '../domain/message.ts'
import type { Accepted, MessageReport } from '../store/contract/messages.ts'
import type { Store } from '../store/store.ts'
import { partsOf } from './audience.ts'
import { scopeOf } from './catalogue.ts'

export type { Accepted, MessageReport } from '../store/contract/messages.ts'

/** A message of one dialect of one app, by the id that the dialect gave it. */
export interface MessageRef {
  readonly app: DialectApp
  readonly externalId: string
}

/** Messages that dialects accept for their devices. No method waits for a push service. */
export interface Messages {
  /**
   * Stores all messages or none and returns them in order; once this resolves, a crash loses none of them. Their audience is
   * looked up later. `at`: when they were sent, by default now. Throws if the app no longer speaks the dialect.
   */
  accept(app: DialectApp, drafts: readonly MessageDraft[], at?: Date): Promise<readonly Accepted[]>
  /** Null for an unknown message. */
  find(ref: MessageRef): Promise<Message | null>
  /** Whether any app has a message with this id: some vendors answer differently for another account's message. */
  known(dialect: string, externalId: string): Promise<boolean>
  /** With counts by push service, platform, outcome and hour, and what phones reported. Null for an unknown message. */
  report(appId: string, id: string): Promise<MessageReport | null>
  /** `over`: everything has been sent, or the message was already cancelled. */
  cancel(ref: MessageRef): Promise<'cancelled' | 'over' | 'unknown'>
  /** Deletes a message; phones not reached yet get nothing. False for an unknown message. */
  forget(ref: MessageRef): Promise<boolean>
  /** Calls back whenever messages were accepted, so that they do not wait for the next timer. */
  whenAccepted(listener: () => void): void
}

interface Deps {
  readonly store: Store
  readonly now: Clock
  readonly ids: Ids
  /** Called whenever messages were accepted. */
  readonly listeners: (() => void)[]
}

export function createMessages({ store, now, ids, listeners }: Deps): Messages {
  return {
    whenAccepted: (listener) => void listeners.push(listener),

    async accept(app, drafts, at = now()) {
      const dialects = [app.dialect]
      const stored = drafts.map((draft) => ({
        ...draft,
        id: ids.row(),
        dialects,
        parts: partsOf(draft.audience.to, dialects),
      }))
      const accepted = stored.length === 0 ? [] : await store.messages.accept(scopeOf(app), stored, at)
      if (!accepted) throw appGone()
      for (const listener of listeners) listener()
      return accepted
    },

    find: ({ app, externalId }) => store.messages.find(scopeOf(app), externalId),
    known: (dialect, externalId) => store.messages.known(dialect, externalId),
    report: (appId, id) => store.messages.report(appId, id),

    async cancel({ app, externalId }) {
      const message = await store.messages.find(scopeOf(app), externalId)
      if (!message) return 'unknown'
      return (await store.messages.cancel(message.appId, message.id, now())) ? 'cancelled' : 'over'
    },

    forget: ({ app, externalId }) => store.messages.forget(scopeOf(app), externalId),
  }
}
