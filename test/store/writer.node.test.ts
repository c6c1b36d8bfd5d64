import { existsSync, mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, onTestFinished, test } from 'vitest'
import { StoreUnavailable } from '../../src/domain/error.ts'
import { call, type Statement, statement } from '../../src/store/sql/statement.ts'
import { raw, sql, value } from '../../src/store/sql/template.ts'
import { openNodeDb } from '../../src/store/sqlite/node.ts'
import { WRITER } from '../harness/runtime.node.ts'

const insert = statement(
  sql`INSERT INTO identifiers (dialect, value, app_id) VALUES ('scratch', ${value('name')}, ${value('app')})`,
)
const count: Statement<{ n: number }> = statement(
  raw(`SELECT count(*) AS n FROM identifiers WHERE dialect = 'scratch'`),
)
const put = (name: string, size = 1) => call(insert, { name, app: 'x'.repeat(size) })

function open(writer: URL) {
  const file = join(mkdtempSync(join(tmpdir(), 'pushport-writer-')), 'test.db')
  const db = openNodeDb(file, 'schema/migrations', { writer })
  onTestFinished(() => db.close().catch(() => {}))
  const counted = async () => (await db.read([call(count, {})]))[0][0]?.n
  return { file, db, counted }
}
const program = (text: string) => new URL(`data:text/javascript,${encodeURIComponent(text)}`)

test('what was committed is seen by the next read', async () => {
  const { db, counted } = open(WRITER)
  for (let n = 1; n <= 200; n++) {
    await db.commit([put(`n${n}`)])
    expect(await counted()).toBe(n)
  }
})

test('the calls of one read see one state, whatever is written meanwhile', async () => {
  const { db } = open(WRITER)
  const long: Statement<{ n: number }> = statement(
    raw(
      `WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 20000) SELECT max(n) AS n FROM up`,
    ),
  )
  let going = true
  let written = 0
  const writing = (async () => {
    while (going) await db.commit([put(`n${written++}`)])
  })()
  const differing: unknown[] = []
  for (let n = 0; n < 100; n++) {
    const [[before], , [after]] = await db.read([call(count, {}), call(long, {}), call(count, {})])
    if (before?.n !== after?.n) differing.push([before, after])
    await new Promise((resume) => setImmediate(resume))
  }
  going = false
  await writing
  expect(differing).toEqual([])
  expect(written).toBeGreaterThan(5)
})

test('requests have their turn while a commit waits for the disk', async () => {
  const { db } = open(WRITER)
  await db.commit([put('warm')])
  // As long as with a slow disk: the writer thread is busy, this one is not.
  const slow = statement(
    raw(`INSERT INTO identifiers (dialect, value, app_id) SELECT 'scratch', 'slow', (
      WITH RECURSIVE up (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 2000000) SELECT max(n) FROM up)`),
  )
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  await db.commit([call(slow, {})])
  clearInterval(timer)
  expect(turns).toBeGreaterThan(20)
})

test('a thread that ends has its callers told to try again, and the next write begins another', async () => {
  const { db } = open(
    program(
      `import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => process.exit(1))`,
    ),
  )
  for (const name of ['a', 'b']) {
    await expect(Promise.all([db.commit([put(name)]), db.commit([put(`${name}2`)])])).rejects.toBeInstanceOf(
      StoreUnavailable,
    )
  }
  await db.close()
})

test('a thread that cannot begin says why, as a fault of the store', async () => {
  const { db } = open(program('throw new Error("no such program")'))
  const refused = db.commit([put('a')])
  await expect(refused).rejects.toBeInstanceOf(StoreUnavailable)
  await expect(refused).rejects.toThrow('no such program')
})

test('a statement that SQLite does not take fails its own plan alone, as the bug that it is', async () => {
  const { db, counted } = open(WRITER)
  const wrong = call(statement(raw('INSERT INTO nowhere (a) VALUES (1)')), {})
  const [good, bad, again] = await Promise.allSettled([
    db.commit([put('a')]),
    db.commit([put('b'), wrong]),
    db.commit([wrong]),
  ])
  expect([good?.status, bad?.status, again?.status]).toEqual(['fulfilled', 'rejected', 'rejected'])
  await expect(db.commit([wrong])).rejects.toThrow(/no such table: nowhere/)
  await expect(db.commit([wrong])).rejects.not.toBeInstanceOf(StoreUnavailable)
  expect(await counted()).toBe(1)
})

test('writes beyond ten thousand that wait are refused, and those before them are done', async () => {
  const { db, counted } = open(WRITER)
  const all = await Promise.allSettled(Array.from({ length: 10_005 }, (_, n) => db.commit([put(`n${n}`)])))
  const refused = all.filter((one) => one.status === 'rejected')
  expect(refused).toHaveLength(5)
  for (const { reason } of refused) expect(reason).toBeInstanceOf(StoreUnavailable)
  expect(await counted()).toBe(10_000)
})

test('an erasure empties the log while others read and write', async () => {
  const { db, file } = open(WRITER)
  for (let n = 0; n < 20; n++) {
    await db.commit([put(`n${n}`, 3000)])
    const reading = Promise.all(Array.from({ length: 5 }, () => db.read([call(count, {})])))
    await db.scrub?.()
    expect(statSync(`${file}-wal`).size).toBe(0)
    await reading
  }
})

test('a database that is closed under load has all that it acknowledged, and leaves no log', async () => {
  const { db, file } = open(WRITER)
  const all = Array.from({ length: 500 }, (_, n) => db.commit([put(`n${n}`)]))
  await db.close()
  await Promise.all(all)
  expect(existsSync(`${file}-wal`)).toBe(false)
  const reader = new Database(file, { readonly: true })
  expect(reader.prepare('SELECT count(*) FROM identifiers').pluck().get()).toBe(500)
  reader.close()
})
