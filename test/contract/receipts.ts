import { describe, expect, test } from 'vitest'
import type { DeviceKey } from '../../src/domain/device.ts'
import type { ReceiptPlace, Store } from '../../src/store/store.ts'
import { keyOf, type StoreKit, unique } from './kit.ts'

export function receiptContract(kit: () => StoreKit): void {
  const record = (key: DeviceKey, messageId: string, kind: 'delivered' | 'opened', at = kit().clock.now) =>
    kit().store.receipts.record({ key, messageId, kind, at, details: { at: at.getTime() } })

  async function everything(appId: string, filter: { deviceId?: string; messageId?: string }, limit: number) {
    const items = []
    let after: ReceiptPlace | null = null
    do {
      const page: Awaited<ReturnType<Store['receipts']['list']>> = await kit().store.receipts.list(
        appId,
        filter,
        { after, limit },
      )
      expect(page.items.length).toBeLessThanOrEqual(limit)
      items.push(...page.items)
      after = page.next
    } while (after !== null)
    return items
  }

  describe('receipts', () => {
    test('count repeated reports, in whatever order they come', async () => {
      const appId = await kit().createApp()
      const key = keyOf(appId)
      await kit().register(key)
      const times = [2000, 1000, 3000].map((time) => new Date(time))
      for (const at of times) expect(await record(key, 'm', 'delivered', at)).toBe(true)
      await record(key, 'm', 'opened', new Date(5000))
      expect(await everything(appId, {}, 10)).toMatchObject([
        {
          kind: 'delivered',
          count: 3,
          firstAt: new Date(1000),
          lastAt: new Date(3000),
          details: { at: 3000 },
        },
        { kind: 'opened', count: 1 },
      ])
    })

    test('count 30 reports at once', async () => {
      const appId = await kit().createApp()
      const key = keyOf(appId)
      await kit().register(key)
      await Promise.all(Array.from({ length: 30 }, () => record(key, 'm', 'opened')))
      expect(await everything(appId, {}, 10)).toMatchObject([{ count: 30 }])
    })

    test('about an unknown device are not kept', async () => {
      const appId = await kit().createApp()
      expect(await record(keyOf(appId), 'm', 'opened')).toBe(false)
      expect(await everything(appId, {}, 10)).toEqual([])
    })

    test.each([1, 2, 7, 100])('are listed by device, by message and together, %i a page', async (limit) => {
      const appId = await kit().createApp()
      const ids: string[] = []
      const other = keyOf(await kit().createApp())
      await kit().register(other)
      await record(other, 'message 1', 'opened')
      for (let at = 0; at < 3; at++) {
        const key = keyOf(appId)
        ids.push((await kit().register(key, { token: unique('t') })).device.id)
        for (const message of ['message 1', 'message 2', '"]']) {
          await record(key, message, 'delivered')
          await record(key, message, 'opened')
        }
      }
      const [deviceId = ''] = ids
      const seen = (items: readonly { deviceId: string; messageId: string; kind: string }[]) =>
        new Set(items.map((one) => `${one.deviceId} ${one.messageId} ${one.kind}`)).size
      const all = await everything(appId, {}, limit)
      expect([all.length, seen(all)]).toEqual([18, 18])
      const ofDevice = await everything(appId, { deviceId }, limit)
      expect([ofDevice.length, seen(ofDevice)]).toEqual([6, 6])
      const ofMessage = await everything(appId, { messageId: '"]' }, limit)
      expect([ofMessage.length, seen(ofMessage)]).toEqual([6, 6])
      expect(await everything(appId, { deviceId, messageId: '"]' }, limit)).toHaveLength(2)
    })
  })
}
