import { beforeAll, describe, expect, test } from 'vitest'
import { openDb, runtimeName } from '#runtime'
import type { Db } from '../../src/store/sql/port.ts'
import { catalogue, explained } from './catalogue.ts'

/** D1's limits (Cloudflare, "Limits"): parameters and bytes of one statement. */
const PARAMETERS = 100
const BYTES = 100_000

describe(`the catalogue of statements on ${runtimeName}`, () => {
  let db: Db
  beforeAll(async () => {
    db = await openDb()
  })

  test('is found whole', () => {
    expect(catalogue.length).toBeGreaterThan(350)
    expect(catalogue.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'devices.putDeviceByKey',
        'removal.erasePicked.plan.5',
        'holdings.dropHoldings.3',
      ]),
    )
  })

  test.each(catalogue)('prepares %s', async (_, statement) => {
    const [program] = await db.read([explained('EXPLAIN', statement)])
    expect(program.length).toBeGreaterThan(0)
  })

  test('needs no more parameters and bytes than D1 takes', () => {
    for (const [name, { text, binds }] of catalogue) {
      expect(binds.length, name).toBeLessThanOrEqual(PARAMETERS)
      expect(text.length, name).toBeLessThan(BYTES)
    }
  })
})
