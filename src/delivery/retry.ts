import type { Outcome } from './outcome.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

/**
 * Most attempts per target; requests that a service did not process and waits for a credential do not count.
 */
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
  /** The number of the failed attempt, from 1. */
  readonly attempt: number
  readonly floor: number
  readonly retryAfter?: number | undefined
  /** A random number from 0 to 1. */
  readonly random: number
}

/**
 * Milliseconds to the next attempt: the wait that the service requests, otherwise its minimum, doubled with
 * every attempt. Up to half of it is added at random, so that the targets of one outage do not all return at
 * once.
 */
export function waitFor({ attempt, floor, retryAfter, random }: Wait): number {
  const spread = (wait: number) => wait * (1 + random / 2)
  if (retryAfter !== undefined) return Math.min(spread(retryAfter), LONGEST_RETRY_AFTER)
  return Math.min(spread(floor * 2 ** (attempt - 1)), LONGEST_BACKOFF)
}

/**
 * Seconds of the TTL for an attempt: the full value on the first, the remaining time on a retry. Null if no
 * time is left: the target's outcome is then `expired`, and nothing is sent.
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

/** The next step for a target after an attempt. `counts`: the attempt counts towards the limit. */
export type Next =
  | {
      readonly step: 'done'
      readonly result: 'accepted' | 'dead' | 'mismatch' | 'payload' | 'failed' | 'expired'
    }
  | { readonly step: 'wait'; readonly milliseconds: number; readonly counts: boolean }

/** Decides by the outcome of an attempt. There is no retry after the send's expiry. */
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

/** Consecutive answers, without any other between, that mark a service as down. */
export const DOWN_AFTER = 10

/** Milliseconds until an open circuit of a lane is probed, by the number of failed probes so far. */
export function circuitWait(cause: 'credential' | 'down', failed: number): number {
  if (cause === 'down') return Math.min(10 * SECOND * 2 ** failed, 10 * MINUTE)
  return ([1, 5, 15, 30][failed] ?? 60) * MINUTE
}
