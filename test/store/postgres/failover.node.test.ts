import { describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../../../src/domain/error.ts'
import { DURABLE, ownCluster, standbyOf } from '../../harness/postgres/cluster.ts'
import { postgresMissing, skipWhere } from '../../harness/postgres/owner.ts'
import { insertion, opened, owner } from './kit.ts'

const missing = postgresMissing({ whole: true })
const pause = (milliseconds: number) => new Promise((resume) => setTimeout(resume, milliseconds))

describe('a primary that ends, with a synchronous standby', () => {
  skipWhere(missing)

  test('nothing acknowledged is lost, and the standby is found soon after its promotion', async () => {
    const primary = await ownCluster(DURABLE)
    const standby = await standbyOf(primary, DURABLE)
    // The standby is listed first and skipped while it is read-only.
    const places = `127.0.0.1:${standby.port},127.0.0.1:${primary.port}`
    const url = primary.url('postgres').replace(/127.0.0.1:\d+/, places)
    const gateways = await Promise.all([opened(url), opened(url)])
    const acknowledged: string[] = []
    const faults: unknown[] = []
    let [working, promoted, back] = [true, false, false]
    const load = gateways.flatMap((db, gateway) =>
      Array.from({ length: 4 }, async (_, caller) => {
        for (let at = 0; working; at++) {
          const name = `${gateway}/${caller}/${at}`
          try {
            await db.commit([insertion(name, `app ${caller}`)])
            acknowledged.push(name)
            if (promoted) back = true
          } catch (error) {
            faults.push(error)
            await pause(50)
          }
        }
      }),
    )
    await expect.poll(() => acknowledged.length).toBeGreaterThan(20)
    await primary.kill()
    await pause(500)
    await standby.promote()
    promoted = true
    await expect.poll(() => back).toBe(true)
    await pause(500)
    working = false
    await Promise.all(load)
    expect(faults.filter((error) => !(error instanceof StoreUnavailable))).toEqual([])
    // One after another, because together they would exceed the limit of waiting calls.
    const lost: string[] = []
    for (const name of acknowledged) {
      const rows = await gateways[0]?.read([owner(name)])
      if (rows?.[0].length !== 1) lost.push(name)
    }
    expect(lost).toEqual([])
  })
})
