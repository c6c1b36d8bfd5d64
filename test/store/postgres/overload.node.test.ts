import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { StoreUnavailable } from '../../../src/domain/error.ts'
import { postgresMissing, skipWhere } from '../../harness/postgres/owner.ts'
import { openProxy } from '../../harness/postgres/proxy.ts'
import { freshDatabase } from '../../harness/postgres/shared.ts'
import { insertion, opened, owner, through } from './kit.ts'

const missing = postgresMissing()
const LIMITS = { connections: 2, waiting: 10, patience: 1500, plan: 3000 }

/** Delays everything until it is released. */
async function blocked(url: string): Promise<() => Promise<unknown>> {
  const other = new Client(url)
  await other.connect()
  onTestFinished(() => other.end())
  await other.query('BEGIN')
  await other.query('LOCK TABLE identifiers IN ACCESS EXCLUSIVE MODE')
  return () => other.query('COMMIT')
}

/** How many succeeded, and how many got an error immediately or later that the database cannot be used. */
async function outcomesOf(plans: readonly Promise<unknown>[], soon: number) {
  const begun = performance.now()
  const count = { done: 0, atOnce: 0, later: 0 }
  const each = plans.map((one) =>
    one.then(
      () => count.done++,
      (error: unknown) => {
        expect(error).toBeInstanceOf(StoreUnavailable)
        return performance.now() - begun < soon ? count.atOnce++ : count.later++
      },
    ),
  )
  await Promise.all(each)
  return count
}

describe('a PostgreSQL that does not keep up', () => {
  skipWhere(missing)

  test.each([
    ['writes of one app', (name: string) => insertion(name, 'one')],
    ['reads', owner],
  ])('lets %s wait up to a bound, and tells the rest at once to try again', async (_, make) => {
    const url = await freshDatabase()
    const db = await opened(url, LIMITS)
    const name = make === owner ? 'reads' : 'writes'
    const release = await blocked(url)
    const plans = Array.from({ length: 40 }, (_, at) => {
      const call = make(`${name} ${at}`)
      return make === owner ? db.read([call]) : db.commit([call])
    })
    setTimeout(release, 500)
    const { done, atOnce, later } = await outcomesOf(plans, 400)
    // Those already sent are waiting, too.
    expect(done).toBeGreaterThanOrEqual(LIMITS.waiting)
    expect(done).toBeLessThanOrEqual(LIMITS.waiting + LIMITS.connections)
    expect({ rest: atOnce, later }).toEqual({ rest: 40 - done, later: 0 })
    await db.commit([insertion(`${name} after`)])
  })

  test('and does not come back in time ends what waits, and is of use again when it does', async () => {
    const url = await freshDatabase()
    const db = await opened(url, LIMITS)
    const release = await blocked(url)
    const plans = Array.from({ length: 8 }, (_, at) => db.commit([insertion(`late ${at}`, 'one')]))
    const begun = performance.now()
    expect(await outcomesOf(plans, 1000)).toEqual({ done: 0, atOnce: 0, later: 8 })
    expect(performance.now() - begun).toBeLessThan(2 * LIMITS.plan)
    await release()
    await expect.poll(() => db.commit([insertion('again')]).then(() => true, String)).toBe(true)
  })

  test('that answers slowly is waited for, and no longer than is said', async () => {
    const url = await freshDatabase()
    const proxy = await openProxy(Number(new URL(url).port))
    const db = await opened(through(url, proxy.port), { ...LIMITS, waiting: 60 })
    proxy.delay = 300
    const plans = Array.from({ length: 50 }, (_, at) => db.commit([insertion(`slow ${at}`, `app ${at}`)]))
    const { done, later } = await outcomesOf(plans, 0)
    expect(done + later).toBe(50)
    expect(done).toBeGreaterThan(4)
    expect(later).toBeGreaterThan(4)
    proxy.delay = 0
    await db.commit([insertion('quick again')])
  })
})
