import { describe, expect, test } from 'vitest'
import type { Db } from '../../../src/store/sql/port.ts'
import { dto } from './amf/calls.ts'
import { newPhone, openTenant, refusalOf } from './tenant.ts'

const PATH = '/messaging/registrations'

/** Counts the store's calls. */
function counted() {
  const state = { calls: 0 }
  const db = (real: Db): Db => ({
    ...real,
    read: (plan) => {
      state.calls += plan.length
      return real.read(plan)
    },
    commit: (plan, options) => {
      state.calls += plan.length
      return real.commit(plan, options)
    },
  })
  return { state, db }
}

describe('channels', () => {
  test('a refused list of channels leaves everything as it was: token, system, time and history (B11b)', async () => {
    const t = await openTenant()
    const [phone, other] = [newPhone(), newPhone()]
    const some = (from: number) => Array.from({ length: 3000 }, (_, n) => `${from + n}`)
    await t.register({ ...phone, channels: some(0), osVersion: '1' })
    await t.register(other)
    const state = async () => {
      const devices = await t.devices()
      const events = await Promise.all(
        devices.map(async ({ id }) =>
          (await t.h.admin('GET', `/apps/${t.app.id}/devices/${id}/events`)).text(),
        ),
      )
      return [devices, events]
    }
    const before = await state()
    t.h.clock.advance(60_000)
    const more = { os: 'IOS', osVersion: '2', expiration: t.h.clock.now.getTime() + 60_000 }
    for (const deviceToken of [`new ${phone.deviceToken}`, other.deviceToken]) {
      const body = { ...phone, ...more, deviceToken, channels: some(3000) }
      expect(await refusalOf(await t.call('POST', PATH, { body }))).toEqual([400, 5005])
      const members = dto({ ...phone, deviceToken, channels: some(3000) })
      expect((await t.binary('registerDevice', [members])).fault).toBe('5005')
      expect(await state()).toEqual(before)
    }
    // As many as are allowed are accepted.
    await t.register({ ...phone, channels: Array.from({ length: 2000 }, (_, n) => `${n + 3000}`) })
    expect((await t.devices()).find(({ token }) => token === phone.deviceToken)?.topics).toHaveLength(5000)
  })

  test('registrations at once that would pass the limit together are taken whole or not at all', async () => {
    const t = await openTenant()
    const phone = newPhone()
    const lists = Array.from({ length: 4 }, (_, list) =>
      Array.from({ length: 2000 }, (_, n) => `${list}-${n}`),
    )
    const answers = await Promise.all(
      lists.map((channels) => t.call('POST', PATH, { body: { ...phone, os: 'ANDROID', channels } })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 400, 400])
    expect((await t.devices())[0]?.topics).toHaveLength(4000)
  })

  test.each([5001, 20_004])('of %d names none is looked up', async (count) => {
    const { state, db } = counted()
    const t = await openTenant({}, { db })
    const phone = newPhone()
    await t.register(phone)
    const channels = Array.from({ length: count }, (_, n) => `${n}`)
    const before = state.calls
    const body = { ...phone, channels }
    expect(await refusalOf(await t.call('POST', PATH, { body }))).toEqual([400, 5005])
    expect((await t.binary('unregisterDevice', [phone.deviceId, channels])).fault).toBe('5005')
    expect(state.calls).toBe(before)
  })
})
