import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { postgresMissing, skipWhere } from '../harness/postgres/owner.ts'
import { freshDatabase } from '../harness/postgres/shared.ts'
import { type Server, startServer } from '../harness/server.ts'

const missing = postgresMissing()
const MASTER_KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='

async function two(url: string): Promise<readonly [Server, Server]> {
  const env = { DATABASE_URL: url, MASTER_KEY, LOG_LEVEL: 'silent' }
  const both = await Promise.all([startServer({ env }), startServer({ env })])
  onTestFinished(async () => void (await Promise.all(both.map((one) => one.stop()))))
  return [both[0], both[1]]
}

/** A call of the admin API with a wrong token. */
const wrong = async ({ origin }: Server) => {
  const answer = await fetch(`${origin}/admin/v1/apps`, {
    headers: { Authorization: 'Bearer wrong-token-000000' },
  })
  await answer.arrayBuffer()
  return answer
}

async function sql(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

describe('two gateways on one PostgreSQL', () => {
  skipWhere(missing)

  test('count wrong credentials together: a hundred a minute, not a hundred of each', async () => {
    const url = await freshDatabase()
    const [first, second] = await two(url)
    const statuses: number[] = []
    for (let at = 0; at < 110; at++) statuses.push((await wrong(at % 2 === 0 ? first : second)).status)
    expect(statuses.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => 401))
    expect(statuses.slice(101)).toEqual(Array.from({ length: 9 }, () => 429))
    const refused = await wrong(second)
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
    expect(Number(refused.headers.get('Retry-After'))).toBeLessThanOrEqual(60)
    // The right token is accepted.
    expect(await first.admin('GET', '/apps')).toMatchObject({ apps: [] })

    // A flood does not reach the database.
    const points = async () =>
      (await sql(url, `SELECT sum(points) AS n FROM rate_limits WHERE key LIKE 'failed%'`))[0]?.n
    const before = await points()
    for (let at = 0; at < 20; at++) expect((await wrong(first)).status).toBe(429)
    expect(await points()).toBe(before)
  })

  test('each counts for itself while the database has no room for the count', async () => {
    const url = await freshDatabase()
    const [first] = await two(url)
    expect((await wrong(first)).status).toBe(401)
    await sql(url, 'DROP TABLE rate_limits')
    const statuses: number[] = []
    for (let at = 0; at < 102; at++) statuses.push((await wrong(first)).status)
    expect(statuses.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => 401))
    expect(statuses.slice(100)).toEqual([429, 429])
  })
})
