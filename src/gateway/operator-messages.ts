import type { Push } from '../delivery/provider.ts'
import { randomHex } from '../domain/encoding.ts'
import { appGone, GatewayError } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import {
  type Audience,
  type Message,
  type MessageState,
  type NeutralMessage,
  type Schedule,
  withoutIds,
} from '../domain/message.ts'
import type { Page, PageRequest, TextPlace } from '../domain/page.ts'
import { ignoredData } from '../domain/payload.ts'
import { sha256Hex } from '../secrets/hash.ts'
import type { MessageFailure, StoredDraft } from '../store/contract/messages.ts'
import type { Store } from '../store/store.ts'
import { partsOf } from './audience.ts'
import { auditing, type By, GATEWAY } from './auditing.ts'
import { type Estimate, estimated } from './estimate.ts'
import type { PushServices } from './lanes.ts'

/** An operator's message. */
export interface SendRequest {
  readonly message: NeutralMessage
  readonly audience: Audience
  readonly schedule?: Schedule
  /** The only dialect whose devices receive the message; absent for all dialects. */
  readonly envelope?: string
  /** Kept for seven days, in which a repeated request returns the same message. */
  readonly idempotencyKey?: string
}

/** Operators' access to the messages of an app: their own and those of its dialects. */
export interface OperatorMessages {
  /**
   * Stores a message to devices of all dialects, each in the form of its own SDK; once this resolves, a crash does not lose
   * it. Throws `app_unknown`, `invalid`, or `conflict` if the key belongs to a different message.
   */
  send(appId: string, request: SendRequest, by?: By): Promise<Message>
  /** Counts the devices that it would reach; stores nothing. Throws as `send` does. */
  rehearse(
    appId: string,
    request: SendRequest,
  ): Promise<{ readonly audience: Estimate; readonly ignored: readonly string[] }>
  /** Why the push service would refuse this message for any device; null if no reason is known. */
  fault(provider: string, push: Push): string | null
  /** Newest first; `states` is null for all. */
  list(appId: string, states: readonly MessageState[] | null, page: PageRequest): Promise<Page<Message>>
  /** The phones that a message did not reach. Null for an unknown message. */
  failures(
    appId: string,
    id: string,
    page: PageRequest<TextPlace>,
  ): Promise<Page<MessageFailure, TextPlace> | null>
  /**
   * Cancels a message before anything was sent; no change if it is already cancelled. Throws `not_found`, or `conflict` if
   * nothing is left to cancel. A rehearsal changes nothing.
   */
  stop(appId: string, id: string, by?: By, rehearsal?: boolean): Promise<void>
}

interface Deps {
  readonly store: Store
  readonly now: Clock
  readonly ids: Ids
  readonly push: PushServices
  /** Called whenever messages were accepted. */
  readonly listeners: readonly (() => void)[]
}

const KEY_DAYS = 7
/** Bytes of a message with its audience: a row of D1 may have 2 MB. */
const LARGEST = 1_800_000

/** The id that phones report, in the narrowest form any dialect's SDK supports: 4, 8 and 8 hexadecimal digits. */
function reportedId(): string {
  const digits = randomHex(10).toUpperCase()
  return [digits.slice(0, 4), digits.slice(4, 12), digits.slice(12)].join('-')
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Independent of the order of members. */
const hashOf = (document: unknown): string =>
  sha256Hex(
    JSON.stringify(document, (_, value: unknown) =>
      isObject(value)
        ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
        : value,
    ),
  )

const invalid = (path: string, message: string) =>
  new GatewayError('invalid', `${path}: ${message}`, { at: path, issues: [{ path, message }] })

function draftOf(id: string, speaks: readonly string[], request: SendRequest): StoredDraft {
  const { message, audience, schedule, envelope, idempotencyKey: key } = request
  if (envelope !== undefined && !speaks.includes(envelope))
    throw invalid('envelope', 'is not a dialect of the app')
  const dialects = envelope === undefined ? speaks : [envelope]
  const draft = {
    ...{ id, externalId: reportedId(), body: { ...message }, audience, dialects },
    parts: partsOf(audience.to, dialects),
  }
  if (new TextEncoder().encode(JSON.stringify(draft)).length > LARGEST)
    throw invalid('audience', 'is too large: send to fewer recipients at once, or to a topic')
  const hash = hashOf({ message, audience, schedule, envelope })
  return {
    ...draft,
    ...(schedule && { schedule }),
    ...(message.ttl !== undefined && { ttl: message.ttl }),
    priority: message.priority ?? (message.silent ? 'normal' : 'high'),
    ...(key !== undefined && { idempotency: { key, days: KEY_DAYS, hash } }),
    ignored: ignoredData(message.data ?? {}, 'data'),
  }
}

export function createOperatorMessages(deps: Deps): OperatorMessages {
  const { store, now, ids, push } = deps
  const entryOf = auditing(deps)

  async function drafted(appId: string, request: SendRequest): Promise<StoredDraft> {
    const app = await store.apps.get(appId)
    if (!app) throw new GatewayError('app_unknown', 'There is no app with this id.')
    const speaks = app.dialects.map(({ dialect }) => dialect)
    return draftOf(ids.row(), speaks, request)
  }

  return {
    async send(appId, request, by = GATEWAY) {
      const draft = await drafted(appId, request)
      const detail = { ...withoutIds(draft.audience) }
      const entry = entryOf(by, 'message.sent', { appId, target: draft.id, detail })
      const [kept] = (await store.messages.accept({ appId, dialect: null }, [draft], now(), entry)) ?? []
      if (kept && !kept.same) {
        const message = `idempotencyKey: belongs to another message, ${kept.id}`
        throw new GatewayError('conflict', message, { at: 'idempotencyKey' })
      }
      const message = kept && (await store.messages.get(appId, kept.id))
      if (!message) throw appGone()
      for (const listener of deps.listeners) listener()
      return message
    },

    async rehearse(appId, request) {
      const { dialects, parts, audience, ignored = [] } = await drafted(appId, request)
      return { audience: await estimated(store, now, { appId, dialects, parts, audience }), ignored }
    },

    fault: (provider, of) => push.all.find(({ kind }) => kind === provider)?.fault(of) ?? null,

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
        throw new GatewayError('conflict', `The message is ${state} and cannot be cancelled.`)
    },
  }
}
