import { beforeAll, describe, expect, test } from 'vitest'
import { sqlStore } from '../../../src/store/sql/store.ts'
import { createKit, keyOf, POLICY } from '../../contract/kit.ts'
import { ask } from '../../harness/postgres/cluster.ts'
import { postgresMissing, skipWhere } from '../../harness/postgres/owner.ts'
import { freshDatabase } from '../../harness/postgres/shared.ts'
import { opened } from './kit.ts'

const missing = postgresMissing()
const names = (count: number) => Array.from({ length: count }, (_, at) => `topic-${at}`.padEnd(164, 'x'))

describe('a server that takes a table for small', () => {
  skipWhere(missing)
  let url = ''
  beforeAll(async () => {
    if (missing !== undefined) return
    url = await freshDatabase()
    // The plan that it chooses for tables with few counted rows.
    for (const way of ['enable_hashjoin', 'enable_mergejoin', 'enable_hashagg'])
      await ask(url, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET ${way} = off`)
  })

  test('does not read a list of 5,000 topics for each of the 5,000 of a device', async () => {
    const db = await opened(url)
    const { store, register, createApp, occasion, clock } = await createKit(async (now) => sqlStore(db, now))
    const key = keyOf(await createApp())
    const topics = { names: names(5000), when: 'always' as const }
    await register(key, { topics })
    const change = { key, names: names(5000), policy: POLICY, superseded: true }
    expect(await store.topics.remove(change, occasion())).toBe('done')
    expect((await store.devices.findByKey(key, clock.now))?.topics).toEqual([])
  })
})
