import type { Adapter } from '../adapter.ts'
import type { PushProvider, Target } from '../delivery/provider.ts'
import type { Rendered } from '../delivery/rendering.ts'
import type { AppRecord } from '../domain/app.ts'
import type { Json, Message, NeutralMessage, Recipient } from '../domain/message.ts'
import type { Mutable } from '../domain/mutable.ts'
import type { LeasedPage, Phone } from '../store/contract/messages.ts'
import { localTime, wallOf } from './zones.ts'

/** A message in the form that one phone's SDK displays; `fault`: why every push service would refuse it. */
export interface Envelope {
  readonly rendered: Rendered
  readonly fault: string | undefined
}

export interface Envelopes {
  /** Null if the dialect has none for the phone. Phones with equal content share one object. */
  of(phone: Phone): Envelope | null
  /** Whether the dialect shows when a phone was last reached. */
  shows(phone: Phone): boolean
}

export type Dialects = ReadonlyMap<string, Adapter>

/** The start of a message's time to live for a phone; for a message by local time, the phone's local time. */
export function startOf({ message, run }: Pick<LeasedPage, 'message' | 'run'>, { timezone }: Phone): Date {
  const { schedule, startedAt, createdAt } = message
  const start = startedAt ?? createdAt
  if (!schedule?.local) return start
  const local = localTime(wallOf(schedule, run, start), timezone)
  return new Date(Math.max(local.getTime(), start.getTime()))
}

/** The message in each dialect's own form; an operator's message is converted from neutral terms. */
function bodiesOf(message: Message, dialects: Dialects) {
  const composed = new Map<string, Json>()
  return (dialect: string): Json => {
    if (message.dialect !== null) return message.body
    const known = composed.get(dialect)
    // Safe cast: operators' messages were validated in this form.
    const made = known ?? dialects.get(dialect)?.capabilities.sending?.compose(message.body as NeutralMessage)
    composed.set(dialect, made ?? {})
    return made ?? {}
  }
}

/** The names of the tags that the renderers of a message need. */
export function tagsRead(message: Message, speaking: readonly string[], dialects: Dialects): string[] {
  const bodies = bodiesOf(message, dialects)
  const named = speaking.flatMap(
    (dialect) => dialects.get(dialect)?.capabilities.sending?.tags?.(bodies(dialect)) ?? [],
  )
  return [...new Set(named)]
}

export function createEnvelopes(of: {
  readonly message: Message
  readonly app: AppRecord | null
  readonly service: PushProvider
  readonly dialects: Dialects
}): Envelopes {
  const { message, app, service, dialects } = of
  const bodies = bodiesOf(message, dialects)

  function renderer(dialect: string): (to: Recipient) => Envelope | null {
    const setup = app?.dialects.find((one) => one.dialect === dialect)
    const sending = dialects.get(dialect)?.capabilities.sending
    if (!setup || !sending) return () => null
    const { identifier, options } = setup
    const at = message.startedAt ?? message.createdAt
    const sent = { externalId: message.externalId, identifier, options, at }
    const body = bodies(dialect)
    const known = new Map<string, Envelope | null>()
    return (to) => {
      const variant = sending.variant(body, to)
      const found = known.get(variant)
      if (found !== undefined) return found
      const rendered = sending.render(body, to, sent)
      const made = rendered && { rendered, fault: service.fault(rendered.push) }
      known.set(variant, made)
      return made
    }
  }
  const renderers = new Map<string, ReturnType<typeof renderer>>()

  return {
    of(phone) {
      const known = renderers.get(phone.dialect)
      if (known) return known(phone)
      const made = renderer(phone.dialect)
      renderers.set(phone.dialect, made)
      return made(phone)
    },
    shows: ({ dialect }) => dialects.get(dialect)?.capabilities.sending?.showsReached ?? false,
  }
}

/** Kept simple, because it runs once per phone. */
export function targetOf({ token, platform, environment, keys }: Phone): Target {
  const target: Mutable<Target> = { token, keys }
  if (platform === 'ios' || platform === 'android' || platform === 'web') target.platform = platform
  if (environment !== 'unknown') target.environment = environment
  return target
}

/**
 * If several devices have the same token, the one seen last is used, because its SDK shows the notification.
 */
export function lastSeen(phones: readonly Phone[]): ReadonlyMap<string, Phone> {
  const last = new Map<string, Phone>()
  for (const phone of phones) {
    const other = last.get(phone.tokenId)
    if (!other || phone.lastSeenAt >= other.lastSeenAt) last.set(phone.tokenId, phone)
  }
  return last
}
