import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/delivery/outcome.ts'
import { circuitWait, MOST_ATTEMPTS, next, retryAfterOf, ttlLeft, waitFor } from '../../src/delivery/retry.ts'

const now = new Date('2026-11-28T12:00:00Z')
const MINUTE = 60_000

describe('Retry-After', () => {
  test.each<[string | undefined, number | undefined]>([
    ['30', 30_000],
    [' 30 ', 30_000],
    ['0', undefined],
    ['-5', undefined],
    ['', undefined],
    [undefined, undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['3600', 60 * MINUTE],
    ['3601', 60 * MINUTE],
    ['99999999999999999999', 60 * MINUTE],
    ['Sat, 28 Nov 2026 12:02:00 GMT', 2 * MINUTE],
    [' Sat, 28 Nov 2026 12:02:00 GMT ', 2 * MINUTE],
    ['Sat, 28 Nov 2026 11:59:00 GMT', undefined],
    ['Sat, 28 Nov 2026 12:00:00 GMT', undefined],
    ['Sun, 29 Nov 2026 12:00:00 GMT', 60 * MINUTE],
    ['Sat, 99 Nov 2026', undefined],
  ])('%j asks for %s ms', (header, expected) => {
    expect(retryAfterOf(header, now)).toBe(expected)
  })
})

describe('the wait before a retry', () => {
  test.each<[string, Parameters<typeof waitFor>[0], number]>([
    ['is the floor at first', { attempt: 1, floor: 5000, random: 0 }, 5000],
    ['is up to half of it more', { attempt: 1, floor: 5000, random: 1 }, 7500],
    ['doubles', { attempt: 3, floor: 10_000, random: 0 }, 40_000],
    ['ends at ten minutes', { attempt: 9, floor: 60_000, random: 1 }, 10 * MINUTE],
    ['is a shorter Retry-After', { attempt: 1, floor: 60_000, retryAfter: 2000, random: 0 }, 2000],
    ['is a longer Retry-After', { attempt: 1, floor: 5000, retryAfter: 30_000, random: 1 }, 45_000],
    ['does not double a Retry-After', { attempt: 4, floor: 5000, retryAfter: 30_000, random: 0 }, 30_000],
    ['is an hour at most', { attempt: 1, floor: 5000, retryAfter: 60 * MINUTE, random: 1 }, 60 * MINUTE],
  ])('%s', (_, wait, expected) => {
    expect(waitFor(wait)).toBe(expected)
  })
})

describe('the TTL of an attempt', () => {
  const since = new Date(now.getTime() - 10_400)
  test.each<[string, number, number, number | null]>([
    ['is the number as given on the first', 60, 1, 60],
    ['may be 0 on the first', 0, 1, 0],
    ['is what is left on a retry, in whole seconds', 60, 2, 49],
    ['is none when nothing is left', 10, 2, null],
    ['is none for a retry of a message that must not be stored', 0, 2, null],
  ])('%s', (_, ttl, attempt, expected) => {
    expect(ttlLeft({ ttl, since, attempt, now })).toBe(expected)
  })
})

describe('what follows from an outcome', () => {
  const expiresAt = new Date(now.getTime() + 60 * MINUTE)
  const temporary: Outcome = { class: 'temporary', reason: 'timeout', floor: 5000 }
  const throttled: Outcome = { class: 'throttled', reason: 'QUOTA_EXCEEDED', scope: 'lane', floor: 60_000 }
  test.each<[string, Outcome, number, unknown]>([
    ['accepted is final', { class: 'accepted' }, 1, { step: 'done', result: 'accepted' }],
    ['dead is final', { class: 'dead', reason: 'x', certain: true }, 1, { step: 'done', result: 'dead' }],
    ['mismatch is final', { class: 'mismatch', reason: 'x' }, 1, { step: 'done', result: 'mismatch' }],
    ['payload is final', { class: 'payload', reason: 'x' }, 1, { step: 'done', result: 'payload' }],
    [
      'a credential fault waits for the circuit and counts no attempt',
      { class: 'credential', reason: 'x', scope: 'lane' },
      MOST_ATTEMPTS,
      { step: 'wait', milliseconds: 0, counts: false },
    ],
    ['temporary waits', temporary, 1, { step: 'wait', milliseconds: 5000, counts: true }],
    ['throttled waits', throttled, 2, { step: 'wait', milliseconds: 2 * MINUTE, counts: true }],
    [
      'a named wait wins',
      { ...throttled, retryAfter: 3000 },
      2,
      { step: 'wait', milliseconds: 3000, counts: true },
    ],
    ['the fifth attempt is the last', temporary, MOST_ATTEMPTS, { step: 'done', result: 'failed' }],
    [
      'a retry after the expiry is none',
      { ...temporary, retryAfter: 60 * MINUTE },
      1,
      { step: 'done', result: 'expired' },
    ],
  ])('%s', (_, outcome, attempt, expected) => {
    expect(next(outcome, { attempt, now, expiresAt, random: 0 })).toEqual(expected)
  })
})

test('an open circuit is probed after 1, 5, 15, 30 and then every 60 minutes; a service that is down from 10 s to 10 min', () => {
  const waits = (cause: 'credential' | 'down', count: number) =>
    Array.from({ length: count }, (_, failed) => circuitWait(cause, failed) / 1000)
  expect(waits('credential', 6)).toEqual([60, 300, 900, 1800, 3600, 3600])
  expect(waits('down', 8)).toEqual([10, 20, 40, 80, 160, 320, 600, 600])
})
