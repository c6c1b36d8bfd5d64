import { beforeAll, describe, expect, test } from 'vitest'
import type { Call } from '../../../src/store/sql/port.ts'
import { boundValues } from '../../../src/store/sql/statement.ts'
import { createHarness, runtimeName } from '../../harness/harness.ts'
import { createTenant, type Tenant } from './kit.ts'
import { putMany } from './many.ts'

const DEVICES = 10_000
const TAGS = 20
const SIZE = 50
/** The number of rows that a step of a list reads. */
const WINDOW = 10_000

let t: Tenant
let reads: Call[] = []

beforeAll(async () => {
  const h = await createHarness({
    db: (real) => ({
      commit: real.commit,
      read: (plan) => {
        reads.push(...plan)
        return real.read(plan)
      },
    }),
  })
  t = await createTenant({ h })
  await putMany(t, DEVICES, TAGS)
})

interface Page {
  readonly pageInfo: { readonly count: string; readonly totalCount: string; readonly next: string }
}

/** A page, and the list statements that it took. */
async function page(path: string): Promise<{ page: Page; statements: Call[] }> {
  // The application and the signing key are cached by the first request.
  await t.send('GET', '/tags?size=1')
  reads = []
  const answer = await t.ok('GET', path)
  return { page: answer as unknown as Page, statements: [...reads] }
}

async function planOf({ statement, values }: Call): Promise<string[]> {
  const explained = { text: `EXPLAIN QUERY PLAN ${statement.text}`, binds: statement.binds }
  const [rows] = await t.h.db.read([{ statement: explained, values }])
  return (rows as { detail: string }[]).map(({ detail }) => detail)
}

/** The number of rows that D1 reports for a statement; null on Node, whose driver does not count. */
async function rowsRead(one: Call): Promise<number | null> {
  if (runtimeName === 'better-sqlite3') return null
  const module = 'cloudflare:workers'
  const { env } = (await import(/* @vite-ignore */ module)) as { env: { DB: D1Database } }
  const { meta } = await env.DB.prepare(one.statement.text)
    .bind(...boundValues(one))
    .all()
  return meta.rows_read
}

const LISTS = [
  ['/devices', DEVICES, 4],
  ['/devices?filter=platform==A', DEVICES / 2, 4],
  ['/devices?userId=user-7', DEVICES / 100, 4],
  ['/subscriptions', DEVICES * TAGS, 8],
  ['/subscriptions?tagName=tag-07', DEVICES, 8],
  ['/subscriptions?deviceId=device-00000042', TAGS, 8],
  ['/subscriptions?userId=user-7', (DEVICES / 100) * TAGS, 8],
  ['/tags', TAGS, 4],
] as const

describe.each(LISTS)('with 10,000 devices of 20 tags each, %s', (path, total, perItem) => {
  const sized = `${path}${path.includes('?') ? '&' : '?'}size=${SIZE}`

  test('is found by indexes alone, and no list is sorted whole', async () => {
    const { page: first, statements } = await page(sized)
    expect(first.pageInfo.totalCount).toBe(String(total))
    // The page and the count, and one count for each further part of a long list.
    expect(statements.length).toBeLessThanOrEqual(2 + Math.floor(total / WINDOW))
    for (const one of statements) {
      const plan = await planOf(one)
      const scans = plan.filter((line) =>
        /^SCAN (?!k$|k |json_each|\(subquery|f |v |w |m |e |e$|w$|m$)/.test(line),
      )
      expect(scans, plan.join('\n')).toEqual([])
      // After `SCAN k` come the page's own rows; before it, only those of one device may be sorted.
      const inner = plan.includes('SCAN k') ? plan.slice(0, plan.indexOf('SCAN k')) : plan
      const sorts = inner.filter((line) => /TEMP B-TREE FOR (?!LAST|RIGHT)/.test(line))
      expect(sorts, plan.join('\n')).toEqual([])
    }
  })

  test('costs each further page its own rows, and no count', async () => {
    let { page: current } = await page(sized)
    for (let pages = 1; pages < 5 && current.pageInfo.next !== ''; pages++) {
      const next = current.pageInfo.next.replace(`http://gateway.test/imfpush/v1/apps/${t.app}`, '')
      const { page: following, statements } = await page(next)
      expect(statements).toHaveLength(1)
      expect(following.pageInfo.totalCount).toBe(String(total))
      for (const one of statements) {
        const read = await rowsRead(one)
        if (read !== null) expect(read).toBeLessThanOrEqual(perItem * SIZE + 4 * TAGS + 20)
      }
      current = following
    }
  })
})

test('the last pages cost no more than the first ones', async () => {
  let path = `/devices?size=500`
  const seen = new Set<string>()
  const costs: number[] = []
  while (path !== '') {
    const { page: current, statements } = await page(path)
    const { devices, pageInfo } = current as Page & { devices: { deviceId: string }[] }
    for (const { deviceId } of devices) seen.add(deviceId)
    const read = await rowsRead(statements[0] as Call)
    if (read !== null) costs.push(read)
    path = pageInfo.next.replace(`http://gateway.test/imfpush/v1/apps/${t.app}`, '')
  }
  expect(seen.size).toBe(DEVICES)
  expect(Math.max(0, ...costs)).toBeLessThanOrEqual(4 * 500 + 20)
})
