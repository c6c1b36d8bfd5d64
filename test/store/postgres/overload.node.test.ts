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

/** Counts how many succeeded, and how many got an error, soon or later, that the database cannot be used. */
function outcomesOf(plans: readonly Promise<unknown>[], isSoon: () => boolean) {
  const count = { done: 0, soon: 0, later: 0 }
  const each = plans.map((one) =>
    one.then(
      () => count.done++,
      (error: unknown) => {
        expect(error).toBeInstanceOf(StoreUnavailable)
        return isSoon() ? count.soon++ : count.later++
      },
    ),
  )
  return { count, ended: Promise.all(each) }
}

describe('a PostgreSQL that does not keep up', () => {
  skipWhere(missing)

  test.each([
    ['writes of one app', (name: string) => insertion(name, 'one')],
    ['reads', owner],
  ])('lets %s wait up to a bound, and tells the rest at once to try again', async (_, make) => {
    const url = await freshDatabase()
    // Those that wait must still do so when it is released.
    const db = await opened(url, { ...LIMITS, patience: 60_000, plan: 60_000 })
    const name = make === owner ? 'reads' : 'writes'
    const release = await blocked(url)
    const plans = Array.from({ length: 40 }, (_, at) => {
      const call = make(`${name} ${at}`)
      return make === owner ? db.read([call]) : db.commit([call])
    })
    let released = false
    const { count, ended } = outcomesOf(plans, () => !released)
    await expect.poll(() => count.soon).toBeGreaterThanOrEqual(40 - LIMITS.waiting - LIMITS.connections)
    released = true
    await release()
    await ended
    const { done, soon, later } = count
    // Those already sent are waiting, too.
    expect(done).toBeGreaterThanOrEqual(LIMITS.waiting)
    expect(done).toBeLessThanOrEqual(LIMITS.waiting + LIMITS.connections)
    expect({ rest: soon, later }).toEqual({ rest: 40 - done, later: 0 })
    await db.commit([insertion(`${name} after`)])
  })

  test('and does not come back in time ends what waits, and is of use again when it does', async () => {
    const url = await freshDatabase()
    const db = await opened(url, LIMITS)
    const release = await blocked(url)
    const plans = Array.from({ length: 8 }, (_, at) => db.commit([insertion(`late ${at}`, 'one')]))
    const begun = performance.now()
    const { count, ended } = outcomesOf(plans, () => performance.now() - begun < 1000)
    await ended
    expect(count).toEqual({ done: 0, soon: 0, later: 8 })
    expect(performance.now() - begun).toBeLessThan(5 * LIMITS.plan)
    await release()
    await expect.poll(() => db.commit([insertion('again')]).then(() => true, String)).toBe(true)
  })

  test('that answers slowly is waited for, and no longer than is said', async () => {
    const url = await freshDatabase()
    const proxy = await openProxy(Number(new URL(url).port))
    const db = await opened(through(url, proxy.port), { ...LIMITS, waiting: 60 })
    proxy.delay = 300
    const plans = Array.from({ length: 50 }, (_, at) => db.commit([insertion(`slow ${at}`, `app ${at}`)]))
    const { count, ended } = outcomesOf(plans, () => false)
    await ended
    const { done, later } = count
    expect(done + later).toBe(50)
    expect(done).toBeGreaterThan(4)
    expect(later).toBeGreaterThan(4)
    proxy.delay = 0
    await db.commit([insertion('quick again')])
  })
})
