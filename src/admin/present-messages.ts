import { type Message, withoutIds } from '../domain/message.ts'
import type { MessageFailure, MessageReport } from '../store/store.ts'
import type { Answer } from './answers/answer.ts'
import type * as A from './answers/index.ts'

const HOUR = 3_600_000

/** A message without ids: how its recipients were chosen, but not who they are. */
export function presentMessage(message: Message): Answer<typeof A.Message> {
  const { id, dialect, externalId, state, priority, ttl = null, ignored = [], counts } = message
  const { to, ...rest } = withoutIds(message.audience)
  const { at, local = false, every = null, until } = message.schedule ?? {}
  return {
    ...{ id, dialect, externalId, state, priority, ttl },
    audience: { ...to, ...rest },
    schedule: {
      at: at?.toISOString() ?? null,
      localTime: local,
      every,
      until: until?.toISOString() ?? null,
    },
    ...{ ignored, counts },
    createdAt: message.createdAt.toISOString(),
    startedAt: message.startedAt?.toISOString() ?? null,
    finishedAt: message.finishedAt?.toISOString() ?? null,
  }
}

export function presentReport(report: MessageReport): Answer<typeof A.MessageReport> {
  const { message, counts, delivered, opened } = report
  return {
    ...presentMessage(message),
    // A dialect's own form is the vendor's request and may contain private data.
    content: message.dialect === null ? message.body : null,
    breakdown: counts.map(({ hour, ...count }) => ({
      ...count,
      hour: new Date(hour * HOUR).toISOString(),
    })),
    delivered,
    opened,
  }
}

export function presentFailure(failure: MessageFailure): Answer<typeof A.MessageFailure> {
  const { tokenId, at, ...rest } = failure
  return { installationId: tokenId, ...rest, at: at.toISOString() }
}
