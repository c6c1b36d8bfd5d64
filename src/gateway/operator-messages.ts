import { GatewayError } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { Message, MessageState } from '../domain/message.ts'
import type { Page, PageRequest, TextPlace } from '../domain/page.ts'
import type { MessageFailure } from '../store/contract/messages.ts'
import type { Store } from '../store/store.ts'
import { auditing, type By, GATEWAY } from './auditing.ts'

/** What operators do with the messages of an app: their own and those of its dialects. */
export interface OperatorMessages {
  /** Newest first; `states` null: all. */
  list(appId: string, states: readonly MessageState[] | null, page: PageRequest): Promise<Page<Message>>
  /** The phones that a message did not reach. Null for an unknown message. */
  failures(
    appId: string,
    id: string,
    page: PageRequest<TextPlace>,
  ): Promise<Page<MessageFailure, TextPlace> | null>
  /**
   * Sends nothing of a message that has not been sent yet; for one that is cancelled already, the same. Throws `not_found`,
   * or `conflict` if nothing of it is left. A rehearsal changes nothing.
   */
  stop(appId: string, id: string, by?: By, rehearsal?: boolean): Promise<void>
}

interface Deps {
  readonly store: Store
  readonly now: Clock
  readonly ids: Ids
}

export function createOperatorMessages(deps: Deps): OperatorMessages {
  const { store, now } = deps
  const entryOf = auditing(deps)

  return {
    list: (appId, states, page) => store.messages.list(appId, states, page),

    async failures(appId, id, page) {
      return (await store.messages.get(appId, id)) && store.messages.failures(appId, id, page)
    },

    async stop(appId, id, by = GATEWAY, rehearsal = false) {
      const entry = entryOf(by, 'message.cancelled', { appId, target: id })
      if (!rehearsal && (await store.messages.cancel(appId, id, now(), entry))) return
      const state = (await store.messages.get(appId, id))?.state
      if (state === undefined) throw new GatewayError('not_found', 'The app has no message with this id.')
      if (state === 'done' || state === 'expired')
        throw new GatewayError('conflict', `The message is ${state}: there is nothing left to cancel.`)
    },
  }
}
