import { Client } from 'pg'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { laneOf, locksOf } from '../../../src/store/postgres/locks.ts'
import { sqlStore } from '../../../src/store/sql/store.ts'
import type { Store } from '../../../src/store/store.ts'
import { postgresMissing, skipWhere } from '../../harness/postgres/owner.ts'
import { freshDatabase } from '../../harness/postgres/shared.ts'
import { opened } from './kit.ts'

const NOW = new Date('2026-11-29T12:00:00.000Z')
const later = (milliseconds: number) => new Date(NOW.getTime() + milliseconds)
const terms = { lease: 'lease', until: later(60_000), horizon: later(120_000), limit: 10 }
const CIRCUIT = { threshold: 5, longestWait: 3_600_000 }
const settlement = { done: ['c'], arrived: ['w'], again: [], failing: [] }

/** What a gateway does repeatedly, for the app `b` or to see whether there is work. */
const FREQUENT: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  'settles webhook calls': ({ outbox }) => outbox.settle({ appId: 'b', ...settlement }, CIRCUIT, NOW),
  'gives a row of a job up': ({ jobs }) => jobs.fail('b', { job: 'j', position: 0 }, 'no'),
  'gives a job back': ({ jobs }) => jobs.release('b', 'lease', NOW),
  'postpones a copy to a vendor': ({ copies }) =>
    copies.postpone({ id: 'c', scope: { appId: 'b', dialect: 'red' } }, NOW, 1),
  'looks for jobs': ({ jobs }) => jobs.claim(terms, NOW),
  'looks for changes of users': ({ userWork }) => userWork.claim(terms, NOW),
  'looks for removals': ({ removals }) => removals.claim(terms, NOW),
  'looks for webhook calls': ({ outbox }) => outbox.due({ ...terms, each: 4 }, NOW),
  'looks for receivers of the feed': ({ feedHooks }) => feedHooks.due(terms, NOW),
  'looks for copies to vendors': ({ copies }) => copies.claim({ ...terms, each: 4, resting: [] }, NOW),
  'looks for pages of messages': ({ messages }) => messages.claim({ ...terms, each: 4, resting: [] }, NOW),
}

const missing = postgresMissing()
skipWhere(missing)
let url: string
beforeAll(async () => {
  if (missing === undefined) url = await freshDatabase()
})

/** Holds the locks of a plan of the app `a` until the test ends. */
async function heldByA(): Promise<void> {
  const client = new Client(url)
  await client.connect()
  onTestFinished(() => client.end())
  await client.query('BEGIN')
  for (const { statement, values } of locksOf('a', { advisory: true }))
    await client.query(statement.text, [...values])
}

test.each(Object.entries(FREQUENT))(
  'while a plan of another app goes on, a gateway %s without waiting',
  async (_, work) => {
    await heldByA()
    const db = await opened(url)
    const lanes: string[] = []
    const watched = {
      ...db,
      commit: ((plan, options) => {
        lanes.push(laneOf(plan))
        return db.commit(plan, options)
      }) as typeof db.commit,
    }
    await work(sqlStore(watched, () => NOW))
    expect(lanes.filter((lane) => lane !== 'b')).toEqual([])
  },
)

test('a plan of no app does wait for it', async () => {
  await heldByA()
  const db = await opened(url, { plan: 300 })
  const store = sqlStore(db, () => NOW)
  await expect(store.jobs.endLeases()).rejects.toThrow('in time')
})
