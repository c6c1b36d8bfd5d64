import { expect, test } from 'vitest'
import { type Kept, shared } from '../../src/delivery/kept.ts'
import { memoryKept } from '../contract/provider-kit.ts'

function setUp() {
  const clock = { at: new Date('2026-11-28T12:00:00Z') }
  const kept = memoryKept()
  let made = 0
  const faults: Error[] = []
  const options = {
    name: 'token',
    kept,
    now: () => clock.at,
    due: ({ expiresAt }: Kept, now: Date) => expiresAt.getTime() - now.getTime() < 300_000,
    async make(): Promise<Kept> {
      made++
      const fault = faults.shift()
      if (fault) throw fault
      return { value: `t${made}`, madeAt: clock.at, expiresAt: new Date(clock.at.getTime() + 3_600_000) }
    },
  }
  const pass = (seconds: number) => {
    clock.at = new Date(clock.at.getTime() + seconds * 1000)
  }
  return { options, pass, faults, made: () => made }
}

test('a thousand callers at once make one secret', async () => {
  const { options, made } = setUp()
  const token = shared(options)
  const values = await Promise.all(Array.from({ length: 1000 }, () => token.current()))
  expect([new Set(values), made()]).toEqual([new Set(['t1']), 1])
})

test('another process uses the one that is kept', async () => {
  const { options, made } = setUp()
  await shared(options).current()
  expect([await shared(options).current(), made()]).toEqual(['t1', 1])
})

test('of two processes that make one at the same time, both use the first', async () => {
  const { options } = setUp()
  const values = await Promise.all([shared(options).current(), shared(options).current()])
  expect(new Set(values).size).toBe(1)
})

test('it is renewed when it is due, and by all processes as one', async () => {
  const { options, pass, made } = setUp()
  const [one, other] = [shared(options), shared(options)]
  await Promise.all([one.current(), other.current()])
  const before = made()
  pass(3301)
  const renewed = await one.current()
  expect([await other.current(), made() - before]).toEqual([renewed, 1])
})

test('one that the service refuses is replaced once, whatever the number of requests that it refused', async () => {
  const { options, made } = setUp()
  const token = shared(options)
  const refused = await token.current()
  const values = await Promise.all(Array.from({ length: 100 }, () => token.renewed(refused)))
  expect([new Set(values), await token.renewed(refused), made()]).toEqual([new Set(['t2']), 't2', 2])
})

test('while renewing fails, one that has not expired stays in use, and is not renewed at every request', async () => {
  const { options, pass, faults, made } = setUp()
  const token = shared(options)
  await token.current()
  pass(3400)
  faults.push(new Error('down'), new Error('down'))
  expect([await token.current(), await token.current(), await token.current(), made()]).toEqual([
    't1',
    't1',
    't1',
    2,
  ])
  pass(150)
  expect([await token.current(), made()]).toEqual(['t1', 3])
  pass(11)
  expect([await token.current(), made()]).toEqual(['t4', 4])
})

test('without one to fall back on, the fault is told', async () => {
  const { options, faults } = setUp()
  faults.push(new Error('down'))
  const token = shared(options)
  await expect(token.current()).rejects.toThrow('down')
  expect(await token.current()).toBe('t2')
})
