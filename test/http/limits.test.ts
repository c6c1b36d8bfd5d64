import { describe, expect, test } from 'vitest'
import { createRateLimit } from '../../src/limits/rate-limit.ts'
import { createHarness } from '../harness/harness.ts'
import { DOORS, OPEN_DOORS, openShop } from './kit.ts'

const limited = () => createHarness({ env: { RATE_LIMIT: 'on' } })
const SERVER_DOORS = DOORS.filter(({ sdk }) => !sdk)
const SDK_DOORS = DOORS.filter(({ sdk }) => sdk)

describe('wrong credentials punish nobody who has right ones (B02a, B02c, B02e, A3, hostile F3)', () => {
  test.each(DOORS)('110 wrong ones at $name, and every door still opens', async ({ knock }) => {
    const h = await limited()
    const [failing, other] = [await openShop(h), await openShop(h)]
    for (let n = 0; n < 110; n++) await knock(failing, 'wrong')
    for (const shop of [failing, other]) {
      for (const door of DOORS) {
        const answer = await door.knock(shop, door.key(shop))
        expect(answer.status, door.name).toBe(door.right)
      }
      for (const [name, open] of OPEN_DOORS) expect((await open(shop)).status, name).toBe(200)
    }
  })

  test.each(SDK_DOORS)('$name is refused for its wrong key, never for how many there were', async (door) => {
    const h = await limited()
    const shop = await openShop(h)
    const statuses = new Set<number>()
    for (let n = 0; n < 120; n++) statuses.add((await door.knock(shop, 'wrong')).status)
    expect([...statuses]).toEqual([door.wrong])
  })
})

describe('further wrong ones are told to wait', () => {
  test.each(SERVER_DOORS)('$name: after 100, with Retry-After, and in its own form', async (door) => {
    const h = await limited()
    const shop = await openShop(h)
    const from = (address: string) => door.knock(shop, 'wrong', { 'x-test-address': address })
    for (let n = 0; n < 100; n++) expect((await from('192.0.2.1')).status).toBe(door.wrong)
    const refused = await from('192.0.2.1')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.json()).toBeTypeOf('object')
    // Another address has its own count, and this one waits at most a minute.
    expect((await from('192.0.2.2')).status).toBe(door.wrong)
    h.clock.advance(60_000)
    expect((await from('192.0.2.1')).status).toBe(door.wrong)
  })

  test.each(SERVER_DOORS.filter(({ name }) => name !== 'the admin API'))(
    '$name: each tenant has a count of its own',
    async (door) => {
      const h = await limited()
      const [one, other] = [await openShop(h), await openShop(h)]
      for (let n = 0; n < 110; n++) await door.knock(one, 'wrong')
      expect((await door.knock(one, 'wrong')).status).toBe(429)
      expect((await door.knock(other, 'wrong')).status).toBe(door.wrong)
    },
  )

  test('callers behind a believed proxy are told apart, an IPv6 customer by the network', async () => {
    const h = await limited()
    const shop = await openShop(h)
    const admin = SERVER_DOORS.find(({ name }) => name === 'the admin API')
    const from = (caller: string) => admin?.knock(shop, 'wrong', { 'X-Forwarded-For': caller })
    for (let n = 0; n < 100; n++) await from(`2001:db8:1:1::${n.toString(16)}`)
    expect((await from('2001:db8:1:1:ffff::1'))?.status).toBe(429)
    expect((await from('2001:db8:1:2::1'))?.status).toBe(401)
    expect((await from('203.0.113.7'))?.status).toBe(401)
  })

  test('a header from somebody who is no believed proxy changes nothing', async () => {
    const h = await limited()
    const shop = await openShop(h)
    const admin = SERVER_DOORS.find(({ name }) => name === 'the admin API')
    const from = (n: number) =>
      admin?.knock(shop, 'wrong', { 'x-test-address': '198.51.100.1', 'X-Forwarded-For': `203.0.113.${n}` })
    for (let n = 0; n < 100; n++) await from(n)
    expect((await from(200))?.status).toBe(429)
  })
})

describe("the admin API's calls a minute", () => {
  test('are not used up by those without the token', async () => {
    const h = await limited()
    for (let n = 0; n < 3010; n++) await h.request('GET', '/admin/v1/apps')
    expect((await h.admin('GET', '/apps?limit=1')).status).toBe(200)
  })

  test('are 3,000 for the one who has it', async () => {
    const h = await limited()
    for (let n = 0; n < 3000; n++) await h.admin('GET', '/nothing')
    expect((await h.admin('GET', '/nothing')).status).toBe(429)
    h.clock.advance(60_000)
    expect((await h.admin('GET', '/nothing')).status).toBe(404)
  })
})

describe('a limit', () => {
  const clock = { at: 1_700_000_000_000 }
  const now = () => new Date(clock.at)
  const passes = async (limit: ReturnType<typeof createRateLimit>, key: string) => {
    try {
      await limit.consume(key)
      return true
    } catch (error) {
      return (error as { retryAfter: number }).retryAfter
    }
  }

  test('ends with its minute, without a timer', async () => {
    const limit = createRateLimit({ points: 2, now })
    expect([await passes(limit, 'a'), await passes(limit, 'a')]).toEqual([true, true])
    clock.at += 50_000
    expect(await passes(limit, 'a')).toBe(10)
    clock.at += 10_000
    expect(await passes(limit, 'a')).toBe(true)
  })

  test('makes nobody wait for a clock that was set back', async () => {
    const limit = createRateLimit({ points: 1, now })
    await limit.consume('a')
    clock.at -= 3 * 86_400_000
    expect(await passes(limit, 'a')).toBe(true)
  })

  test('remembers a bounded number of callers, and long names by their hash', async () => {
    const limit = createRateLimit({ points: 1, now })
    for (let n = 0; n < 25_000; n++) await limit.consume(`caller ${n}`)
    expect(await passes(limit, 'caller 24999')).not.toBe(true)
    expect(await passes(limit, 'caller 0')).toBe(true)
    expect(await passes(limit, 'x'.repeat(2 ** 20))).toBe(true)
    expect(await passes(limit, 'x'.repeat(2 ** 20))).not.toBe(true)
  })

  test("is the platform's where it has one, and ours where that fails", async () => {
    const asked: string[] = []
    const answers = [
      { success: true },
      { success: false },
      new Error('no limiter here'),
      new Error('nor now'),
    ]
    const counter = {
      async limit({ key }: { key: string }) {
        asked.push(key)
        const answer = answers.shift()
        if (answer === undefined || answer instanceof Error) throw answer
        return answer
      },
    }
    const limit = createRateLimit({ points: 1, now, counter })
    expect([await passes(limit, 'a'), await passes(limit, 'a')]).toEqual([true, 60])
    expect([await passes(limit, 'a'), await passes(limit, 'a')]).toEqual([true, 60])
    expect(asked).toEqual(['a', 'a', 'a', 'a'])
  })
})
