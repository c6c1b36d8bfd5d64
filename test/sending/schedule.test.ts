import { expect, test } from 'vitest'
import { localTime } from '../../src/sending/zones.ts'
import { open } from './kit.ts'

const HOUR = 3_600_000

test.each([
  ['Europe/Berlin', '2026-11-25T09:00:00Z', '2026-11-25T08:00:00Z'],
  ['America/New_York', '2026-11-25T09:00:00Z', '2026-11-25T14:00:00Z'],
  ['Pacific/Kiritimati', '2026-11-25T09:00:00Z', '2026-11-24T19:00:00Z'],
  ['Asia/Kathmandu', '2026-11-25T09:00:00Z', '2026-11-25T03:15:00Z'],
  ['+05:30', '2026-11-25T09:00:00Z', '2026-11-25T03:30:00Z'],
  ['-3600', '2026-11-25T09:00:00Z', '2026-11-25T10:00:00Z'],
  // The clocks went back at 01:00 UTC.
  ['Europe/Berlin', '2026-10-25T03:30:00Z', '2026-10-25T02:30:00Z'],
  ['Mars/Olympus', '2026-11-25T09:00:00Z', '2026-11-25T09:00:00Z'],
  [null, '2026-11-25T09:00:00Z', '2026-11-25T09:00:00Z'],
])('the clocks of %s show %s at %s', (zone, wall, at) => {
  expect(localTime(new Date(wall), zone)).toEqual(new Date(at))
})

test('a scheduled message waits for its time, and goes to who is registered by then', async () => {
  const o = await open()
  const id = await o.accept({ schedule: { at: new Date(o.h.clock.now.getTime() + HOUR) } })
  const engine = o.h.engine()
  await o.run(engine)
  expect(await o.report(id)).toMatchObject({ state: 'scheduled' })
  const { token } = await o.phone()
  o.h.clock.advance(HOUR)
  await o.run(engine)
  expect(o.reached()).toEqual([token])
})

test('a message by local time reaches each phone when its own clock shows it', async () => {
  const o = await open()
  const at = new Date(o.h.clock.now.getTime() + 24 * HOUR)
  const east = await o.phone({ patch: { timezone: 'Asia/Tokyo' } })
  const west = await o.phone({ patch: { timezone: 'America/New_York' } })
  const unknown = await o.phone()
  const id = await o.accept({ schedule: { at, local: true } })
  const engine = o.h.engine()
  const reachedAt = new Map<string, number>()
  for (let hour = 0; hour <= 32; hour++) {
    await o.run(engine)
    for (const token of o.reached()) if (!reachedAt.has(token)) reachedAt.set(token, hour)
    o.h.clock.advance(HOUR)
  }
  expect([east, unknown, west].map(({ token }) => reachedAt.get(token))).toEqual([15, 24, 29])
  expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: 3 } })
})

test('the life of a message by local time begins when the phone’s own clock shows it', async () => {
  const o = await open()
  const at = new Date(o.h.clock.now.getTime() + 24 * HOUR)
  const [east, west] = ['Asia/Tokyo', 'America/New_York'].map((timezone) => ({ patch: { timezone } }))
  const phones = [await o.phone(east), await o.phone(west)]
  const id = await o.accept({ body: { text: 'x', ttl: 3600 }, schedule: { at, local: true } })
  const engine = o.h.engine()
  // Both are due: the eastern one 14 hours ago, the western one just now.
  o.h.clock.advance(15 * HOUR)
  while (await engine.plan());
  o.h.clock.advance(14 * HOUR)
  await o.run(engine)
  expect(o.reached()).toEqual([phones[1]?.token])
  expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: 1, expired: 1 } })
})

test('a message that repeats is a send of its own each time, until its end; what was missed is not made up for', async () => {
  const o = await open()
  await o.phone()
  const until = new Date(o.h.clock.now.getTime() + 10 * HOUR)
  const id = await o.accept({ body: { text: 'x', ttl: 86_400 }, schedule: { every: 3600, until } })
  const engine = o.h.engine()
  await o.run(engine)
  expect(o.reached()).toHaveLength(1)
  expect(await o.report(id)).toMatchObject({ state: 'scheduled' })
  o.h.clock.advance(HOUR)
  await o.run(engine)
  expect(o.reached()).toHaveLength(2)
  o.h.clock.advance(6.5 * HOUR)
  await o.run(engine)
  expect(o.reached()).toHaveLength(3)
  o.h.clock.advance(4 * HOUR)
  await o.run(engine)
  expect(o.reached()).toHaveLength(4)
  expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: 4 } })
})
