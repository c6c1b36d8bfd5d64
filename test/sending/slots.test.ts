import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createQuickest, createSlots } from '../../src/sending/slots.ts'

/** How many requests a lane may have at once: all are given back. */
function limitOf(slots: ReturnType<typeof createSlots>): number {
  let begun = 0
  while (slots.take() === undefined) begun++
  // The one that had to wait has its place now, and gives it back, too.
  for (let n = 0; n < begun + 1; n++) slots.give()
  return begun
}

describe('requests of a lane at once', () => {
  test.each([
    ['all, for a service that is far away and serves them all', { alone: 80, serves: 10_000 }, 400],
    ['few, for one near that serves them one after the other', { alone: 1, serves: 1 }, 128],
    ['as many as it serves and some that wait, for one between', { alone: 40, serves: 150 }, 250],
  ])('are %s', (_, { alone, serves }, expected) => {
    const slots = createSlots(400)
    let limit = 400
    // What the lane has under way is what it may have.
    for (let n = 0; n < 20_000; n++) {
      slots.grow(alone * Math.max(1, limit / serves), alone)
      if (n % 50 === 0) limit = limitOf(slots)
    }
    expect(Math.abs(limitOf(slots) - expected)).toBeLessThanOrEqual(3)
  })

  test('are never fewer than an app with few may have', () => {
    const slots = createSlots(20)
    for (let n = 0; n < 1000; n++) slots.grow(500, 1)
    expect(limitOf(slots)).toBe(20)
  })
})

describe('the quickest answer of late', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
  afterEach(() => void vi.useRealTimers())

  test('stands for a minute or two, and then for nothing', () => {
    const quickest = createQuickest()
    expect([quickest(50), quickest(5), quickest(80)]).toEqual([50, 5, 5])
    vi.advanceTimersByTime(61_000)
    expect(quickest(80)).toBe(5)
    vi.advanceTimersByTime(61_000)
    expect(quickest(90)).toBe(80)
    vi.advanceTimersByTime(130_000)
    expect([quickest(95), quickest(0)]).toEqual([95, 1])
  })
})
