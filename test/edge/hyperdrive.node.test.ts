import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { speakers } from '../cross/speakers.ts'
import { gatewayOver, type Site, siteOf } from '../gateways/kit.ts'
import { ask } from '../harness/postgres/cluster.ts'
import { postgresMissing, skipWhere } from '../harness/postgres/owner.ts'
import { freshDatabase } from '../harness/postgres/shared.ts'
import type { Server } from '../harness/server.ts'

const missing = postgresMissing()
const phonesOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, at) => ({ id: `${name}-phone-${at}`, token: `${name}-token-${at}` }))

async function okOf(answers: readonly Response[]): Promise<readonly unknown[]> {
  const texts = await Promise.all(answers.map((one) => one.text()))
  return answers.map(({ ok, status }, at) => ok || `${status} ${texts[at]}`)
}

describe('a Worker over PostgreSQL, by the local connection of Hyperdrive', () => {
  skipWhere(missing)
  let url: string
  let worker: Server
  let node: Server
  let site: Site
  beforeAll(async () => {
    if (missing !== undefined) return
    url = await freshDatabase()
    worker = await gatewayOver(url, {}, 'worker')
    node = await gatewayOver(url)
    site = await siteOf([worker])
  })
  afterAll(() => Promise.all([worker?.stop(), node?.stop()]))

  test.each(speakers)('registers phones through $name, and reads them back', async (speaker) => {
    const phones = phonesOf(`of-${speaker.name}`, 3)
    for (const phone of phones) {
      const answer = await speaker.register(site.shop, phone)
      expect(await okOf([answer])).toEqual([true])
    }
    // Reported by the Worker, and by a gateway on Node that shares the database.
    const tokens = phones.map(({ token }) => token)
    for (const gateway of [worker, node]) {
      const page = (await gateway.admin('GET', `/apps/${site.app.id}/devices?limit=100`)) as {
        devices: readonly { readonly dialect: string; readonly token: string }[]
      }
      const own = page.devices.filter(({ dialect }) => dialect === speaker.name)
      expect(own.map(({ token }) => token).toSorted()).toEqual(tokens)
    }
  })

  test.each(speakers)(
    'and a gateway on Node beside it make 10 devices of 10 × 4 equal registrations at once through $name',
    async (speaker) => {
      const both = await siteOf([node, worker])
      const phones = phonesOf(`race-${speaker.name}`, 10)
      const calls = phones.flatMap((phone) =>
        Array.from({ length: 4 }, () => speaker.register(both.shop, phone)),
      )
      expect(await okOf(await Promise.all(calls))).toEqual(calls.map(() => true))
      expect((await both.devices()).map(({ token }) => token).toSorted()).toEqual(
        phones.map(({ token }) => token).toSorted(),
      )
    },
  )

  test('keeps no connection beyond the request that made it', async () => {
    await site.devices()
    const others = `SELECT count(*)::int AS n FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name <> 'pushport'`
    await expect.poll(async () => (await ask(url, others))[0]?.n).toBe(0)
  })

  test('says at /readyz what is wrong with the database, and what to run', async () => {
    const ready = async () => {
      const answer = await fetch(`${worker.origin}/readyz`)
      return `${answer.status} ${await answer.text()}`
    }
    expect(await ready()).toBe('200 {"status":"ready"}')
    // Written data is not read back, as with a cache.
    await ask(
      url,
      `CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END';
       CREATE TRIGGER stays BEFORE UPDATE ON clocks FOR EACH ROW EXECUTE FUNCTION stays()`,
    )
    await expect.poll(ready, { interval: 500 }).toMatch(/^200 .*--caching-disabled true/)
    await ask(url, 'DROP TRIGGER stays ON clocks; DELETE FROM drizzle.__drizzle_migrations WHERE id > 1')
    await expect.poll(ready).toMatch(/^503 .*The database lacks 0001_\w+, .*npx pushport schema/)
  })
})
