import { Client } from 'pg'
import { describe, expect, test } from 'vitest'
import { DURABLE, ownCluster } from '../../harness/postgres/cluster.ts'
import { postgresMissing, skipWhere } from '../../harness/postgres/owner.ts'
import { freshDatabase } from '../../harness/postgres/shared.ts'

const missing = postgresMissing()

describe('the servers of the tests', () => {
  skipWhere(missing)

  test('share a cluster, in which each has a database of its own', async () => {
    const [one, other] = await Promise.all([freshDatabase({ bare: true }), freshDatabase({ bare: true })])
    expect(one).not.toBe(other)
    const client = new Client(one)
    await client.connect()
    const { rows } = await client.query(`SELECT 'a' < 'B' AS language, 'a' < 'B' COLLATE "C" AS bytes`)
    await client.end()
    expect(rows).toEqual([{ language: true, bytes: false }])
  })

  test('keep what was committed where they are killed and started again', async () => {
    const cluster = await ownCluster(DURABLE)
    await cluster.sql('CREATE TABLE kept (id int)')
    await cluster.kill()
    await expect(cluster.sql('SELECT 1')).rejects.toThrow()
    await cluster.start()
    expect(await cluster.sql('SELECT count(*)::int AS rows FROM kept')).toEqual([{ rows: 0 }])
  })
})
