import { expect, test } from 'vitest'
import { sqlStore } from '../../src/store/sql/store.ts'
import { meter, rowsRead } from './grown.ts'

/**
 * Rows that a batch of a count reads, for devices that have all called and may each be the successor of an
 * imported one.
 */
async function cost(devices: number): Promise<number> {
  let rows = 0
  await rowsRead(devices, async (h, { app }) => {
    const { readiness } = sqlStore(h.db, () => h.clock.now)
    const question = { appId: app.id, dialect: 'echo', since: new Date(0), activeDays: 30 }
    const counting = await readiness.begin(question, h.clock.now)
    if (!counting) throw new Error('it is not open')
    const before = meter.rows
    await readiness.proceed(counting, 50, h.clock.now)
    rows = meter.rows - before
  })
  return rows
}

test('a piece of a counting reads the same with four times the devices', async () => {
  const [few, many] = [await cost(300), await cost(1200)]
  expect(few).toBeGreaterThan(50)
  expect(many).toBeLessThanOrEqual(few + 20)
})
