import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { postgresMissing, skipWhere } from '../harness/postgres/owner.ts'
import { freshDatabase } from '../harness/postgres/shared.ts'
import { openSite } from './kit.ts'

const missing = postgresMissing()
const DIALECT = 'flameup'

/** Two gateways that cache look-ups for a minute, and an app; the second one is called. */
async function furnished() {
  const url = await freshDatabase()
  const { gateways, app } = await openSite(url, 2, { APP_CACHE_SECONDS: '60' })
  onTestFinished(async () => void (await Promise.all(gateways.map((one) => one.stop()))))
  const [first, second] = gateways
  if (!first || !second) throw new Error('two gateways')
  return {
    url,
    async added(): Promise<{ readonly id: string; readonly secret: string }> {
      const made = await first.admin('POST', `/apps/${app.id}/credentials`, { dialect: DIALECT })
      return made as { id: string; secret: string }
    },
    revoked: (id: string) => first.admin('DELETE', `/apps/${app.id}/credentials/${id}?force=true`),
    async accepts(secret: string): Promise<boolean> {
      const answer = await fetch(`${second.origin}/api/v1/people/ann/devices`, {
        headers: { Authorization: `Bearer ${secret}` },
      })
      expect([200, 401]).toContain(answer.status)
      return answer.ok
    },
  }
}

async function listeners(
  url: string,
): Promise<{ readonly count: () => Promise<number>; readonly end: () => Promise<void> }> {
  const client = new Client(url)
  await client.connect()
  onTestFinished(() => client.end())
  const those = `FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'`
  return {
    count: async () => (await client.query(`SELECT 1 ${those}`)).rows.length,
    end: async () => void (await client.query(`SELECT pg_terminate_backend(pid) ${those}`)),
  }
}

describe('two gateways on one PostgreSQL', () => {
  skipWhere(missing)

  test('what one revokes the other refuses at once, not when its memory of it has passed', async () => {
    const { url, added, revoked, accepts } = await furnished()
    const of = await listeners(url)
    await expect.poll(of.count).toBe(2)
    const { id, secret } = await added()
    expect(await accepts(secret)).toBe(true)
    await revoked(id)
    await expect.poll(() => accepts(secret)).toBe(false)
  })

  test('a key that one has refused is good at once when the other has made it', async () => {
    const { added, accepts } = await furnished()
    const first = await added()
    expect(await accepts(first.secret)).toBe(true)
    const next = await added()
    await expect.poll(() => accepts(next.secret)).toBe(true)
  })

  test('what is said while nobody hears is looked up anew once the connection is back', async () => {
    const { url, added, revoked, accepts } = await furnished()
    const of = await listeners(url)
    await expect.poll(of.count).toBe(2)
    const { id, secret } = await added()
    expect(await accepts(secret)).toBe(true)
    await of.end()
    await revoked(id)
    await expect.poll(() => accepts(secret)).toBe(false)
    await expect.poll(of.count).toBe(2)
  })
})
