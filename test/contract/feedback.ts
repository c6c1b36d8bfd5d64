import { describe, expect, test } from 'vitest'
import type { FeedbackReport } from '../../src/store/store.ts'
import { hashOf, keyOf, type StoreKit, unique } from './kit.ts'

const HOUR = 3_600_000

export function feedbackContract(kit: () => StoreKit): void {
  const occasion = () => kit().occasion()
  const report = (token: string, more: Partial<FeedbackReport> = {}): FeedbackReport => ({
    target: { hashes: [{ hash: hashOf(token), providers: ['fcm', 'hms'] }] },
    outcome: 'dead',
    at: kit().clock.now,
    tolerance: 0,
    reason: null,
    ...more,
  })

  describe('feedback', () => {
    test('R11: marks a token dead that did not register later, and counts what it did', async () => {
      const appId = await kit().createApp()
      const [token, fresh] = [unique('token'), unique('token')]
      const key = keyOf(appId)
      await kit().register(key, { token })
      kit().clock.advance(2 * HOUR)
      await kit().register(keyOf(appId), { token: fresh })
      const reports = [
        report(token, { reason: 'UNREGISTERED' }),
        report(fresh, { at: new Date(kit().clock.now.getTime() - HOUR) }),
        report(fresh, { tolerance: HOUR }),
        report(unique('token')),
      ]
      expect(await kit().store.feedback.report(appId, reports, occasion())).toEqual({
        applied: 1,
        ignored: 2,
        unknown: 1,
      })
      const device = await kit().store.devices.findByKey(key, kit().clock.now)
      expect(device?.pushToken).toMatchObject({ state: 'dead', stateAt: kit().clock.now })
      expect(await kit().store.directory.stats(appId, kit().clock.now)).toMatchObject({ total: 2, active: 1 })
      await kit().register(key, { token })
      const again = await kit().store.devices.findByKey(key, kit().clock.now)
      expect(again?.pushToken?.state).toBe('live')
    })

    test('keeps when a message arrived last, and finds a token by its device', async () => {
      const appId = await kit().createApp()
      const key = keyOf(appId)
      const { device } = await kit().register(key, { token: unique('token') })
      const delivered = (at: number) =>
        report('', { target: { device: device.id }, outcome: 'delivered', at: new Date(at) })
      const reports = [delivered(2000), delivered(1000)]
      expect((await kit().store.feedback.report(appId, reports, occasion())).applied).toBe(2)
      const found = await kit().store.devices.findByKey(key, kit().clock.now)
      expect(found?.pushToken?.deliveredAt).toEqual(new Date(2000))
      const late = await kit().store.feedback.report(appId, [delivered(1000)], occasion())
      expect(late).toEqual({ applied: 0, ignored: 1, unknown: 0 })
    })

    test('counts a report once, of several at once, and a registration beside it wins', async () => {
      const appId = await kit().createApp()
      const token = unique('token')
      const key = keyOf(appId)
      const { device } = await kit().register(key, { token })
      kit().clock.advance(HOUR)
      const say = () => kit().store.feedback.report(appId, [report(token)], occasion())
      await Promise.all(Array.from({ length: 6 }, say))
      const history = await kit().store.directory.history(appId, device.id)
      expect(history.filter(({ kind }) => kind === 'dead')).toHaveLength(1)
      expect(await kit().store.directory.stats(appId, kit().clock.now)).toMatchObject({ total: 1, active: 0 })
      const seen = kit().clock.now
      kit().clock.advance(1)
      await Promise.all([
        kit().register(key, { token }),
        kit().store.feedback.report(appId, [report(token, { at: seen })], occasion()),
      ])
      const after = await kit().store.devices.findByKey(key, kit().clock.now)
      expect(after?.pushToken?.state).toBe('live')
      expect(await kit().store.directory.stats(appId, kit().clock.now)).toMatchObject({ total: 1, active: 1 })
    })

    test('names nothing of another app, of another provider, or that has gone', async () => {
      const [appId, other] = [await kit().createApp(), await kit().createApp()]
      const token = unique('token')
      const { device } = await kit().register(keyOf(appId), { token })
      const target = { hashes: [{ hash: hashOf(token), providers: ['hms'] }] }
      const say = (of: string, ...reports: FeedbackReport[]) =>
        kit().store.feedback.report(of, reports, occasion())
      const unknown = { applied: 0, ignored: 0, unknown: 1 }
      expect(await say(other, report(token))).toEqual(unknown)
      expect(await say(other, report('', { target: { device: device.id } }))).toEqual(unknown)
      expect(await say(appId, report('', { target }))).toEqual(unknown)
      await kit().store.devices.remove(device, occasion())
      expect(await say(appId, report(token))).toEqual(unknown)
    })

    test('takes 500 reports at once', async () => {
      const appId = await kit().createApp()
      const token = unique('token')
      await kit().register(keyOf(appId), { token })
      const reports = Array.from({ length: 500 }, (_, at) => report(at === 250 ? token : unique('token')))
      const counts = await kit().store.feedback.report(appId, reports, occasion())
      expect(counts).toEqual({ applied: 1, ignored: 0, unknown: 499 })
    })
  })
}
