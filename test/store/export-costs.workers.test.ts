import { expect, test } from 'vitest'
import type { DialectApp } from '../../src/domain/app.ts'
import type { Harness } from '../harness/harness.ts'
import { meter, rowsRead } from './grown.ts'

/** Exports everything; returns the rows that its most expensive statement read. */
async function taken({ gateway }: Harness, { app: { id } }: DialectApp) {
  const app = await gateway.directory.app(id)
  const request = { format: 'ndjson', filter: {}, dialect: undefined, after: null }
  let [devices, dearest] = [0, 0]
  for await (const piece of await gateway.exports.begin(app, request, { actor: 'test', cause: 'test' })) {
    devices += piece.length
    dearest = Math.max(dearest, meter.last)
  }
  return { devices, dearest }
}

test('an export reads each row as often with four times the devices, and no more of them at once', async () => {
  const dearest: number[] = []
  const cost = (count: number) =>
    rowsRead(count, async (h, app) => {
      const found = await taken(h, app)
      expect(found.devices).toBe(count)
      dearest.push(found.dearest)
    })
  const [few, many] = [await cost(2500), await cost(10_000)]
  expect(many).toBeLessThanOrEqual(4 * few)
  expect(dearest[1]).toBe(dearest[0])
})
