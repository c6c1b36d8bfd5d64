import type { Message } from '../../../src/domain/message.ts'

export type Word = 'scheduled' | 'published' | 'failed' | 'cancelled' | 'unknown'

/** A message's status in answers. */
export interface Status {
  readonly errorMessage: string | null
  readonly messageId: string
  readonly status: Word
}

export const statusOf = (messageId: string, status: Word, errorMessage: string | null = null): Status => ({
  errorMessage,
  messageId,
  status,
})

/** Outcomes that are not failures, because nothing was sent to the phone. */
const NOT_TRIED = ['accepted', 'waiting', 'skipped', 'cancelled']

/**
 * The vendor's name for a state (section 2.1). A message has failed only if it reached none of its
 * recipients.
 */
export function presentStatus({ externalId, state, counts }: Message): Status {
  if (state === 'cancelled') return statusOf(externalId, 'cancelled')
  if (state !== 'done' && state !== 'expired') return statusOf(externalId, 'scheduled')
  const failed = Object.entries(counts).filter(([outcome, n]) => !NOT_TRIED.includes(outcome) && n > 0)
  if (failed.length === 0 || (counts.accepted ?? 0) > 0) return statusOf(externalId, 'published')
  const why = failed.map(([outcome, n]) => `${outcome} ${n}`).join(', ')
  return statusOf(externalId, 'failed', `No device was reached: ${why}.`)
}
