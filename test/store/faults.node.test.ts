import { existsSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../../src/domain/error.ts'
import { type Call, ConstraintViolated } from '../../src/store/sql/port.ts'
import { call, type Statement, statement } from '../../src/store/sql/statement.ts'
import { raw, sql, value } from '../../src/store/sql/template.ts'
import { type NodeDb, openNodeDb } from '../../src/store/sqlite/node.ts'
import { WRITER } from '../harness/runtime.node.ts'

const insert = statement(
  sql`INSERT INTO identifiers (dialect, value, app_id) VALUES ('scratch', ${value('name')}, ${value('app')})`,
)
const insertOrRollback = statement(
  sql`INSERT OR ROLLBACK INTO identifiers (dialect, value, app_id) VALUES ('scratch', ${value('name')}, 'a')`,
)
const names: Statement<{ value: string }> = statement(sql`SELECT value FROM identifiers ORDER BY value`)
const plain = (text: string) => call(statement(raw(text)), {})
const put = (name: string, size = 1) => call(insert, { name, app: 'x'.repeat(size) })

const opened: NodeDb[] = []
afterEach(async () => {
  for (const db of opened.splice(0)) await db.close()
})
function createBy(writer: URL | undefined, patience = 100) {
  const file = join(mkdtempSync(join(tmpdir(), 'pushport-faults-')), 'test.db')
  const db = openNodeDb(file, 'schema/migrations', { patience, ...(writer && { writer }) })
  opened.push(db)
  return { file, db }
}
const stored = async (db: NodeDb) => (await db.read([call(names, {})]))[0].map((row) => row.value)
/** The result of each plan: `done`, or the name of the error. */
const outcomes = async (db: NodeDb, plans: readonly (readonly Call[])[]) =>
  (await Promise.allSettled(plans.map((plan) => db.commit(plan)))).map((one) =>
    one.status === 'fulfilled' ? 'done' : (one.reason as Error).name,
  )

describe('a broken file', () => {
  test.each([
    ['text', 'this is no database, '.repeat(1000)],
    ['a damaged header', `SQLite format 3\0${'\xff'.repeat(8192)}`],
  ])('is named when it is opened: %s', (_, content) => {
    const file = join(mkdtempSync(join(tmpdir(), 'pushport-faults-')), 'broken.db')
    writeFileSync(file, content, 'latin1')
    const open = () => openNodeDb(file, 'schema/migrations')
    expect(open).toThrow(StoreUnavailable)
    expect(open).toThrow(/cannot open .*broken\.db: .*(not a database|malformed)/)
  })

  test('that is cut off is unavailable, not a taken name or a bug', async () => {
    const { db, file } = createBy(undefined)
    await Promise.all(Array.from({ length: 300 }, (_, at) => db.commit([put(`n${at}`, 2000)])))
    await db.close()
    truncateSync(file, 4096 * 40)
    let reopened: NodeDb | undefined
    const use = async () => {
      reopened = openNodeDb(file, 'schema/migrations')
      await reopened.read([plain('SELECT count(app_id) AS n, sum(length(app_id)) FROM identifiers')])
    }
    await expect(use()).rejects.toBeInstanceOf(StoreUnavailable)
    await reopened?.close().catch(() => {})
  })

  test('in a folder that cannot be made is named', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'pushport-faults-')), 'file')
    writeFileSync(file, '')
    expect(() => openNodeDb(join(file, 'under', 'test.db'), 'schema/migrations')).toThrow(StoreUnavailable)
  })
})

describe.each([
  ['the thread of the requests', undefined],
  ['a thread of its own', WRITER],
])('where the writes run in %s', (_, writer) => {
  const create = (patience?: number) => createBy(writer, patience)

  test('draining moves what the log holds into the file, and is no fault once the database is closed', async () => {
    const { db, file } = create()
    const inFile = () => readFileSync(file).includes('a name in the log')
    await db.commit([put('a name in the log')])
    expect(inFile()).toBe(false)
    await db.drain?.()
    expect(inFile()).toBe(true)
    await db.close()
    await db.drain?.()
  })

  describe('plans committed in one turn', () => {
    test('share one transaction', async () => {
      const { db, file } = create()
      const watcher = new Database(file)
      const wal = () => watcher.pragma('wal_checkpoint(PASSIVE)') as { log: number }[]
      const [before] = wal()
      // Each transaction writes the changed pages again: 200 small rows change a handful of pages if they
      // share one.
      await Promise.all(Array.from({ length: 200 }, (_, at) => db.commit([put(`n${at}`)])))
      const [after] = wal()
      expect((after?.log ?? 0) - (before?.log ?? 0)).toBeLessThan(20)
      watcher.close()
    })

    test('are all there, and durable, when one of them is acknowledged', async () => {
      const { db, file } = create()
      await Promise.all(['a', 'b', 'c'].map((name) => db.commit([put(name)])))
      const reader = new Database(file, { readonly: true })
      expect(reader.prepare('SELECT count(*) AS found FROM identifiers').get()).toEqual({ found: 3 })
      reader.close()
    })

    test('survive one whose failure ends the whole transaction', async () => {
      const { db } = create()
      await db.commit([put('taken')])
      const fatal = [put('undone'), call(insertOrRollback, { name: 'taken' })]
      const plans = [[put('a')], fatal, [put('b')], [put('taken')], fatal, [put('c')]]
      expect(await outcomes(db, plans)).toEqual([
        'done',
        'ConstraintViolated',
        'done',
        'ConstraintViolated',
        'ConstraintViolated',
        'done',
      ])
      expect(await stored(db)).toEqual(['a', 'b', 'c', 'taken'])
    })

    test('are none of them acknowledged when COMMIT fails, and the next ones work', async () => {
      const { db } = create()
      await db.commit([
        plain('CREATE TABLE parent (id INTEGER PRIMARY KEY)'),
        plain('CREATE TABLE child (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)'),
      ])
      const plans = [[put('a')], [plain('INSERT INTO child (id) VALUES (1)')], [put('b')]]
      expect(await outcomes(db, plans)).toEqual(plans.map(() => 'StoreUnavailable'))
      expect(await stored(db)).toEqual([])
      await db.commit([put('c')])
      expect(await stored(db)).toEqual(['c'])
    })
  })

  describe('a locked database', () => {
    test('makes writes unavailable, not reads, does not block the process, and heals', async () => {
      const { db, file } = create(1000)
      const other = new Database(file)
      other.exec('BEGIN IMMEDIATE')
      let turns = 0
      const timer = setInterval(() => turns++, 5)
      const refused = db.commit([put('a')])
      expect(await stored(db)).toEqual([])
      await expect(refused).rejects.toBeInstanceOf(StoreUnavailable)
      clearInterval(timer)
      expect(turns).toBeGreaterThan(5)
      other.exec('ROLLBACK')
      await db.commit([put('b')])
      expect(await stored(db)).toEqual(['b'])
      other.close()
    })

    test('is waited for while that is not long', async () => {
      const { db, file } = create(2000)
      const other = new Database(file)
      other.exec('BEGIN IMMEDIATE')
      const writes = ['a', 'b'].map((name) => db.commit([put(name)]))
      setTimeout(() => other.exec('COMMIT'), 60)
      await Promise.all([...writes, db.commit([put('c')])])
      expect(await stored(db)).toEqual(['a', 'b', 'c'])
      other.close()
    })
  })

  describe('a full disk', () => {
    test('makes what needs room unavailable, keeps the rest, and heals', async () => {
      const { db } = create()
      await db.commit([put('before')])
      await db.commit([plain('PRAGMA max_page_count = 1')])
      const plans = [[put('large 1', 50_000)], [plain('DELETE FROM identifiers')], [put('large 2', 50_000)]]
      expect(await outcomes(db, plans)).toEqual(['StoreUnavailable', 'done', 'StoreUnavailable'])
      expect(await stored(db)).toEqual([])
      await db.commit([plain('PRAGMA max_page_count = 1000000')])
      await db.commit([put('after', 50_000)])
      expect(await stored(db)).toEqual(['after'])
    })

    test('takes back the whole plan that met it', async () => {
      const { db } = create()
      await db.commit([plain('PRAGMA max_page_count = 1')])
      const plan = db.commit([put('small'), put('large', 500_000)])
      await expect(plan).rejects.toThrow(/full/)
      expect(await stored(db)).toEqual([])
    })
  })

  describe('a closed database', () => {
    test('first writes what waits, then refuses', async () => {
      const { db, file } = create()
      const last = db.commit([put('last')])
      await db.close()
      await last
      await expect(db.commit([put('late')])).rejects.toBeInstanceOf(StoreUnavailable)
      await expect(db.read([call(names, {})])).rejects.toBeInstanceOf(StoreUnavailable)
      await db.close()
      expect(existsSync(`${file}-wal`)).toBe(false)
      const again = openNodeDb(file, 'schema/migrations')
      expect(await stored(again)).toEqual(['last'])
      await again.close()
    })

    test('refuses what waits when the lock does not come free', async () => {
      const { db, file } = create(50)
      const other = new Database(file)
      other.exec('BEGIN IMMEDIATE')
      const refused = expect(db.commit([put('a')])).rejects.toBeInstanceOf(StoreUnavailable)
      await db.close()
      await refused
      other.close()
    })
  })

  test('a taken name is a refusal of its own', async () => {
    const { db } = create()
    await db.commit([put('a')])
    await expect(db.commit([put('a')])).rejects.toBeInstanceOf(ConstraintViolated)
  })
})
