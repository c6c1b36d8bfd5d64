import { Client } from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../../../src/domain/error.ts'
import { ConstraintViolated } from '../../../src/store/sql/port.ts'
import { postgresMissing, skipWhere } from '../../harness/postgres/owner.ts'
import { openProxy } from '../../harness/postgres/proxy.ts'
import { freshDatabase } from '../../harness/postgres/shared.ts'
import { addition, insertion, opened, owner, through, upTo } from './kit.ts'

const missing = postgresMissing()
const portOf = (url: string) => Number(new URL(url).port)

/** Until the connection that listens for notifications is ready. */
async function listening(url: string): Promise<void> {
  const client = new Client(url)
  await client.connect()
  const those = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'`
  await expect.poll(async () => (await client.query(those)).rows.length).toBe(1)
  await client.end()
}

describe('a plan over PostgreSQL', () => {
  skipWhere(missing)
  let url: string
  beforeAll(async () => {
    if (missing === undefined) url = await freshDatabase()
  })

  test('is one turn of the conversation, also where its statements are new to the connection', async () => {
    const proxy = await openProxy(portOf(url))
    const db = await opened(through(url, proxy.port), { connections: 1 })
    await listening(url)
    const turnsOf = async (work: () => Promise<unknown>) => {
      const before = proxy.turns
      await work()
      return proxy.turns - before
    }
    expect(await turnsOf(() => db.commit([insertion('one'), addition('one'), owner('one')]))).toBe(1)
    expect(await turnsOf(() => db.commit([insertion('two'), addition('two'), owner('two')]))).toBe(1)
    expect(await turnsOf(() => db.read([owner('one')]))).toBe(1)
    expect(await turnsOf(() => db.read([owner('one'), owner('two')]))).toBe(1)
  })

  test('that fails leaves the connection of use, and its new statements prepared as they should be', async () => {
    const db = await opened(url, { connections: 1 })
    const twice = db.commit([insertion('failing'), addition('failing'), insertion('failing')])
    await expect(twice).rejects.toBeInstanceOf(ConstraintViolated)
    await db.commit([insertion('failing'), addition('failing', 'y')])
    expect(await db.read([owner('failing')])).toEqual([[{ app_id: 'ay' }]])
  })

  test.each([
    ['a repeatable', true, 'axx'],
    ['any other', false, 'ax'],
  ])('whose answer is lost: %s one', async (_, repeatable, left) => {
    const name = `lost ${repeatable}`
    const proxy = await openProxy(portOf(url))
    const db = await opened(through(url, proxy.port))
    await db.commit([insertion(name)])
    let cuts = 1
    proxy.cutsAnswer = (sent) => sent.includes(name) && cuts-- > 0
    const outcome = await db.commit([addition(name)], { repeatable }).then(
      () => 'done',
      (error: unknown) => error,
    )
    if (repeatable) expect(outcome).toBe('done')
    else expect(outcome).toBeInstanceOf(StoreUnavailable)
    expect(await db.read([owner(name)])).toEqual([[{ app_id: left }]])
  })
})

describe.each(['locks', 'serializable'] as const)('plans at once, kept apart by %s', (exact) => {
  skipWhere(missing)
  const gateways = async () => {
    const url = await freshDatabase()
    return Promise.all([1, 2, 3].map(() => opened(url, { exact })))
  }

  test('are made one after the other where they decide by the same row, whichever gateway they come to', async () => {
    const all = await gateways()
    await all[0]?.commit([insertion('shared', '')])
    await Promise.all(all.flatMap((db) => Array.from({ length: 30 }, () => db.commit([addition('shared')]))))
    expect(await all[1]?.read([owner('shared')])).toEqual([[{ app_id: 'x'.repeat(90) }]])
  })

  test('keep a limit that counts rows, also where nothing is there to lock', async () => {
    const all = await gateways()
    const names = Array.from({ length: 60 }, (_, at) => `limited ${at}`)
    await Promise.all(names.map((name, at) => all[at % 3]?.commit([upTo(5, name)])))
    const rows = await Promise.all(names.map((name) => all[0]?.read([owner(name)])))
    expect(rows.flat(2)).toHaveLength(5)
  })

  test('have outcomes of their own: one that is refused takes no other with it', async () => {
    const [first, second] = await gateways()
    await first?.commit([insertion('taken')])
    const plans = Array.from({ length: 40 }, (_, at) => {
      const own = [insertion(`own ${at}`), ...(at % 4 === 0 ? [insertion('taken')] : [])]
      return (at % 2 === 0 ? first : second)?.commit([...own, owner(`own ${at}`)])
    })
    const outcomes = await Promise.allSettled(plans)
    expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual(plans.map((_, at) => at % 4 !== 0))
    const rows = await Promise.all(plans.map((_, at) => second?.read([owner(`own ${at}`)])))
    expect(rows.map((one) => one?.flat().length)).toEqual(plans.map((_, at) => (at % 4 === 0 ? 0 : 1)))
  })
})
