import type { Message } from '../../../src/domain/message.ts'

export type Word = 'scheduled' | 'published' | 'failed' | 'cancelled' | 'unknown'

/** What a caller is told of a message. */
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

/** Outcomes of phones that are no failure: nobody tried. */
const NOT_TRIED = ['accepted', 'waiting', 'skipped', 'cancelled']

/** The vendor's word for a state (section 2.1): a message fails only if it reached nobody of those it was for. */
export function presentStatus({ externalId, state, counts }: Message): Status {
  if (state === 'cancelled') return statusOf(externalId, 'cancelled')
  if (state !== 'done' && state !== 'expired') return statusOf(externalId, 'scheduled')
  const failed = Object.entries(counts).filter(([outcome, n]) => !NOT_TRIED.includes(outcome) && n > 0)
  if (failed.length === 0 || (counts.accepted ?? 0) > 0) return statusOf(externalId, 'published')
  const why = failed.map(([outcome, n]) => `${outcome} ${n}`).join(', ')
  return statusOf(externalId, 'failed', `No device was reached: ${why}.`)
}
