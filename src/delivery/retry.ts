import type { Outcome } from './outcome.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

/** Attempts for one target; requests that a service did not process and waits for a credential do not count. */
export const MOST_ATTEMPTS = 5
const LONGEST_RETRY_AFTER = 60 * MINUTE
const LONGEST_BACKOFF = 10 * MINUTE

/**
 * The header Retry-After in milliseconds: seconds or an HTTP date (RFC 9110, section 10.2.3). Undefined if it is absent,
 * unreadable or not in the future; an hour at most.
 */
export function retryAfterOf(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? ''
  const wait = /^\d+$/.test(text)
    ? Number(text) * SECOND
    : /^[A-Z][a-z]{2}/.test(text)
      ? Date.parse(text) - now.getTime()
      : Number.NaN
  return wait > 0 ? Math.min(wait, LONGEST_RETRY_AFTER) : undefined
}

export interface Wait {
  /** The attempt that failed: 1 for the first. */
  readonly attempt: number
  readonly floor: number
  readonly retryAfter?: number | undefined
  /** From 0 to 1. */
  readonly random: number
}

/**
 * Milliseconds to the next attempt: what the service asks for, else its floor doubled with every attempt; and up to half of
 * it more, so that the targets of one outage do not come back at once.
 */
export function waitFor({ attempt, floor, retryAfter, random }: Wait): number {
  const spread = (wait: number) => wait * (1 + random / 2)
  if (retryAfter !== undefined) return Math.min(spread(retryAfter), LONGEST_RETRY_AFTER)
  return Math.min(spread(floor * 2 ** (attempt - 1)), LONGEST_BACKOFF)
}

/**
 * Seconds of the TTL for an attempt: the number as given on the first one, what is left of it on a retry. Null if nothing
 * is left: the target's outcome is `expired`, unsent.
 */
export function ttlLeft(of: {
  readonly ttl: number
  /** When the message was accepted, or became due. */
  readonly since: Date
  readonly attempt: number
  readonly now: Date
}): number | null {
  if (of.attempt <= 1) return of.ttl
  const left = Math.floor(of.ttl - (of.now.getTime() - of.since.getTime()) / SECOND)
  return left > 0 ? left : null
}

/** What follows from an attempt for its target. `counts`: the attempt is one of the five. */
export type Next =
  | {
      readonly step: 'done'
      readonly result: 'accepted' | 'dead' | 'mismatch' | 'payload' | 'failed' | 'expired'
    }
  | { readonly step: 'wait'; readonly milliseconds: number; readonly counts: boolean }

/** Decides by the outcome of an attempt. A retry that would come after the send's expiry is none. */
export function next(
  outcome: Outcome,
  at: { readonly attempt: number; readonly now: Date; readonly expiresAt: Date; readonly random: number },
): Next {
  switch (outcome.class) {
    case 'accepted':
    case 'dead':
    case 'mismatch':
    case 'payload':
      return { step: 'done', result: outcome.class }
    case 'credential':
      return { step: 'wait', milliseconds: 0, counts: false }
    default: {
      if (at.attempt >= MOST_ATTEMPTS) return { step: 'done', result: 'failed' }
      const { floor, retryAfter } = outcome
      const milliseconds = waitFor({ attempt: at.attempt, floor, retryAfter, random: at.random })
      if (at.now.getTime() + milliseconds >= at.expiresAt.getTime())
        return { step: 'done', result: 'expired' }
      return { step: 'wait', milliseconds, counts: true }
    }
  }
}

/** Answers without any other that say that a service is down. */
export const DOWN_AFTER = 10

/** Milliseconds until a lane's open circuit is probed, by the number of probes that failed so far. */
export function circuitWait(cause: 'credential' | 'down', failed: number): number {
  if (cause === 'down') return Math.min(10 * SECOND * 2 ** failed, 10 * MINUTE)
  return ([1, 5, 15, 30][failed] ?? 60) * MINUTE
}
