import { beforeAll, describe, expect, test } from 'vitest'
import type { Call } from '../../../src/store/sql/port.ts'
import { createHarness } from '../../harness/harness.ts'
import { createTenant, type Tenant } from './kit.ts'
import { putMany } from './many.ts'

/** Two lists, one four times as long as the other; each device has two subscriptions. */
const FEW = 3000
const MANY = 4 * FEW
const TAGS = 2

const tenants = new Map<number, Tenant>()
function tenantOf(count: number): Tenant {
  const t = tenants.get(count)
  if (!t) throw new Error('no tenant')
  return t
}
let reads: Call[] = []

beforeAll(async () => {
  const h = await createHarness({
    db: (real) => ({
      ...real,
      read: (plan) => {
        reads.push(...plan)
        return real.read(plan)
      },
    }),
  })
  for (const count of [FEW, MANY]) {
    const t = await createTenant({ h })
    await putMany(t, count, TAGS)
    tenants.set(count, t)
  }
})

/** The list’s answer, and the most rows that each of its statements reads. */
async function steps(count: number, path: string) {
  const t = tenantOf(count)
  await t.send('GET', '/tags?size=1')
  reads = []
  const answer = await t.ok('GET', path)
  const scans = reads.flatMap(({ values }) => (typeof values.scan === 'number' ? [values.scan] : []))
  return { answer: answer as unknown as { pageInfo: { totalCount: string } }, scans }
}

const texts = (length: number) => Array.from({ length }, (_, at) => `no-${at}`).join(',')
const filter = (name: string, length: number) => `filter=${name}=@${texts(length)}`
const filters = (name: string, count: number) => Array(count).fill(filter(name, 1)).join('&')

describe('a filter that searches inside texts (hostile F8)', () => {
  /** Rows per step of a list that is only scanned; each text to search for reduces it. */
  const WIDEST = 10_000
  test.each([
    ['one text', 1, '/devices', filter('deviceId', 1)],
    ['20 texts', 20, '/devices', filter('deviceId', 20)],
    ['20 filters', 20, '/devices', filters('userId', 20)],
    ['20 parts of tokens', 20, '/devices', filter('token', 20)],
    ['20 texts', 20, '/subscriptions', filter('tagName', 20)],
    ['20 filters', 20, '/subscriptions', filters('deviceId', 20)],
    ['two names', 20, '/subscriptions', `${filter('tagName', 10)}&${filter('userId', 10)}`],
    ['20 texts in one tag', 20, '/subscriptions', `tagName=tag-01&${filter('deviceId', 20)}`],
    ['20 texts', 20, '/tags', filter('name', 20)],
  ])(
    'costs a step no more, however long the list: %s, %i in all, %s',
    async (_, alternatives, path, query) => {
      const few = await steps(FEW, `${path}?${query}&size=1`)
      const many = await steps(MANY, `${path}?${query}&size=1`)
      for (const { answer, scans } of [few, many]) {
        expect(answer.pageInfo.totalCount).toBe('0')
        expect(scans.length).toBeGreaterThan(0)
        for (const scan of scans) expect(scan * alternatives).toBeLessThanOrEqual(WIDEST)
      }
      // The number of steps grows with the list, at most four times.
      expect(many.scans.length).toBeLessThanOrEqual(4 * few.scans.length + 4)
    },
  )

  test.each([
    ['/devices', 'deviceId'],
    ['/devices', 'userId'],
    ['/devices', 'platform'],
    ['/devices', 'token'],
    ['/subscriptions', 'tagName'],
    ['/subscriptions', 'deviceId'],
    ['/subscriptions', 'userId'],
  ])('that compares whole texts costs as little for a hundred as for one: %s by %s', async (path, name) => {
    const query = `filter=${name}==${texts(100)}`
    const { answer, scans } = await steps(MANY, `${path}?${query}&size=1`)
    expect(answer.pageInfo.totalCount).toBe('0')
    // A page and a count each.
    expect(scans.length).toBeLessThanOrEqual(2 * (1 + Math.ceil((MANY * TAGS) / WIDEST)))
  })

  test('finds what is far behind, in order and once', async () => {
    const t = tenantOf(MANY)
    const wanted = [11_990, 5, 7000].map((at) => `device-${String(at).padStart(8, '0')}`)
    const query = `filter=deviceId=@${wanted.join(',')}`
    for (const paging of ['', '&size=3', '&offset=0&size=1000']) {
      const { devices, pageInfo } = (await t.ok('GET', `/devices?${query}${paging}`)) as {
        devices: { deviceId: string }[]
        pageInfo: { count: string; totalCount: string }
      }
      expect(devices.map(({ deviceId }) => deviceId)).toEqual(wanted.toSorted())
      expect(pageInfo).toMatchObject({ count: '3', totalCount: '3' })
    }
    const last = (await t.ok('GET', `/devices?${query}&offset=2&size=5`)) as { devices: unknown[] }
    expect(last.devices).toMatchObject([{ deviceId: wanted[0] }])
    const far = (await t.ok('GET', '/subscriptions?offset=23999&size=5')) as { subscriptions: unknown[] }
    expect(far.subscriptions).toHaveLength(1)
  })
})

describe('a list without a size (hostile F5)', () => {
  test.each([
    ['devices', MANY / 100, '/devices'],
    ['subscriptions', (MANY * TAGS) / 100, '/subscriptions'],
    ['what hardly anything matches', 1, `/devices?${filter('deviceId', 20)}`],
  ])('lets others be served between two parts: %s, %i parts at least', async (_, least, path) => {
    const t = tenantOf(MANY)
    let served = 0
    let running = true
    const serve = () => {
      served++
      if (running) setTimeout(serve, 0)
    }
    setTimeout(serve, 0)
    const answer = await t.send('GET', path)
    const seen: number[] = []
    for await (const _ of answer.body as unknown as AsyncIterable<Uint8Array>) seen.push(served)
    running = false
    expect(seen.length).toBeGreaterThanOrEqual(least)
    const held = seen.slice(1).filter((count, at) => count === seen[at])
    // The end of one array and the beginning of the next are written without a read in between.
    expect(held.length).toBeLessThanOrEqual(3)
    expect(served).toBeGreaterThanOrEqual(least)
  })

  test('lets another request be answered before it ends', async () => {
    const t = tenantOf(MANY)
    const order: string[] = []
    const whole = t.send('GET', '/subscriptions').then(async (answer) => {
      await answer.text()
      order.push('list')
    })
    const health = t.h.request('GET', '/imfpush/v1/health/status').then(() => order.push('health'))
    await Promise.all([whole, health])
    expect(order).toEqual(['health', 'list'])
  })
})
