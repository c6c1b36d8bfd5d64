import { describe, expect, test } from 'vitest'
import { adapters } from '../../../adapters/index.ts'
import type { Adapter } from '../../../src/adapter.ts'
import { type ExampleRequest, exampleApp, send } from '../../harness/example.ts'
import { createHarness } from '../../harness/harness.ts'
import { type CountedDb, countedDb } from '../../harness/round-trips.ts'
import { TABLES } from './index.ts'
import type { Registered } from './table.ts'

declare module 'vitest' {
  interface TaskMeta {
    /** The lines for `npm run bench -- worker`. */
    roundTrips?: { dialect: string; endpoint: string; situation: string; trips: number; bound: number }
  }
}

const byStatus = async (response: Response) => response.ok

async function counting(adapter: Adapter, accepted = byStatus) {
  let counted: CountedDb | undefined
  const h = await createHarness({
    adapters: [adapter],
    db(real) {
      counted = countedDb(real)
      return counted.db
    },
  })
  /**
   * Sends a request, which must succeed; returns the round trips that it took and the route that it reached.
   */
  async function count(request: ExampleRequest, refused = false) {
    const from = counted?.trips ?? 0
    const response = await send(h, request)
    // Work after the answer is counted with it, because a Worker's invocation ends with it.
    await h.settled()
    if ((await accepted(response.clone())) === refused) {
      throw new Error(`${request.method} ${request.path}: ${response.status} ${await response.text()}`)
    }
    return { trips: (counted?.trips ?? 0) - from, route: h.log.at(-1)?.route ?? '', response }
  }
  return { h, count }
}

describe.each(TABLES)('the endpoints of $adapter.name', (table) => {
  const { adapter, register, deviceId, accepted, sameAs = String, rows } = table
  const met = new Set<string>()

  test.for(rows)(
    '$situation: $bound round trips',
    async ({ situation, bound, refused, given, call }, { task }) => {
      const { h, count } = await counting(adapter, accepted)
      const dialect = (await h.createApp({ [adapter.name]: {} })).dialects[adapter.name] ?? {}
      const token = `first-${crypto.randomUUID()}`
      const { response } = await count(await register(dialect, token, h))
      const at: Registered = { h, dialect, device: await deviceId(response, token) }
      for (const before of (await given?.(at)) ?? []) await count(before)
      const request = await call(at)
      const { trips, route } = await count(request, refused)
      met.add(`${request.method} ${sameAs(route)}`)
      task.meta.roundTrips = {
        dialect: adapter.name,
        endpoint: `${request.method} ${route}`,
        situation,
        trips,
        bound,
      }
      // Not fewer either, because a bound that is too high would hide an increase.
      expect(trips).toBe(bound)
    },
  )

  test('are all counted', () => {
    const all = adapter.routes().routes.filter(({ method }) => method !== 'ALL' && method !== 'OPTIONS')
    expect([...new Set(all.map(({ method, path }) => `${method} ${sameAs(path)}`))].sort()).toEqual(
      [...met].sort(),
    )
  })
})

const HOUR = 3_600_000

describe.each(adapters)('the example device of $name', (adapter) => {
  const measured = (situation: string, trips: number, bound: number) => {
    expect(trips).toBeLessThanOrEqual(bound)
    return { dialect: adapter.name, endpoint: '(the example)', situation, trips, bound }
  }

  test('costs at most three round trips in a fresh isolate, one of them to find the app', async ({
    task,
  }) => {
    const { h, count } = await counting(adapter)
    const { example } = await exampleApp(h, adapter)
    task.meta.roundTrips = measured('first contact, fresh isolate', (await count(example)).trips, 3)
  })

  test('costs one round trip where nothing has changed, and a second one an hour later', async ({ task }) => {
    const { h, count } = await counting(adapter)
    const { example, again } = await exampleApp(h, adapter)
    await count(example)
    task.meta.roundTrips = measured('app start, nothing new', (await count(example)).trips, 1)
    h.clock.advance(HOUR)
    // The app's look-up has expired by then, and the device is marked as seen.
    measured('an hour later', (await count(await again())).trips, 3)
  })
})
