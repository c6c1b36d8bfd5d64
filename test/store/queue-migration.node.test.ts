import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { call, statement } from '../../src/store/sql/statement.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { raw } from '../../src/store/sql/template.ts'
import { openNodeDb } from '../../src/store/sqlite/node.ts'
import { MIGRATIONS, migrationsBefore } from './earlier.ts'

/** Data of the build before: waiting work, work leased until 1000, and work of a crashed process. */
const EARLIER = [
  `INSERT INTO app_dialects (app_id, dialect, identifier, options, created_at) VALUES ('app', 'red', 'app', '{}', 1)`,
  `INSERT INTO jobs (id, app_id, dialect, state, total, lease, leased_until, created_at) VALUES
    ('leased', 'app', 'red', 'pending', 0, 'l', 1000, 1), ('died', 'app', 'red', 'pending', 0, 'm', 5, 2),
    ('waits', 'app', 'red', 'pending', 0, NULL, 0, 3)`,
  `INSERT INTO webhooks (app_id, dialect, name, id, url, events, created_at, updated_at)
    VALUES ('app', 'red', 'hook', 'w', 'https://hooks.example/', '[]', 0, 0)`,
  `INSERT INTO outbox (id, app_id, dialect, webhook, webhook_id, kind, event, attempts, due_at, created_at, taken) VALUES
    ('leased', 'app', 'red', 'hook', 'w', 'subscribed', '{}', 0, 1000, 0, 1),
    ('died', 'app', 'red', 'hook', 'w', 'subscribed', '{}', 0, 5, 0, 1),
    ('waits', 'app', 'red', 'hook', 'w', 'subscribed', '{}', 0, 7, 0, 0),
    ('later', 'app', 'red', 'hook', 'w', 'subscribed', '{}', 0, 2000, 0, 0)`,
]

test('what an earlier build left waiting is claimed when it is due, and what somebody has when that lease is over', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pushport-queue-'))
  const file = join(folder, 'test.db')
  const old = openNodeDb(file, migrationsBefore('queue'))
  await old.commit(EARLIER.map((text) => call(statement(raw(text)), {})))
  await old.close()

  const db = openNodeDb(file, MIGRATIONS)
  const { jobs, outbox } = sqlStore(db, () => new Date(10))
  const claimAt = async (now: number) => {
    const claim = { until: new Date(9000), horizon: new Date(10_000), limit: 100, each: 100 }
    const found: string[] = []
    for (;;) {
      const job = await jobs.claim({ ...claim, lease: crypto.randomUUID() }, new Date(now))
      if (!job) break
      found.push(job.id)
    }
    const calls = await outbox.claim({ ...claim, lease: crypto.randomUUID() }, new Date(now))
    return { jobs: found, calls: calls.map(({ id }) => id).toSorted() }
  }
  expect(await claimAt(10)).toEqual({ jobs: ['died', 'waits'], calls: ['died', 'waits'] })
  expect(await claimAt(999)).toEqual({ jobs: [], calls: [] })
  expect(await claimAt(1000)).toEqual({ jobs: ['leased'], calls: ['leased'] })
  expect(await claimAt(2000)).toEqual({ jobs: [], calls: ['later'] })
  await db.close()
  rmSync(folder, { recursive: true })
})

/** Data of the build before removals and changes of users had leases. */
const UNLEASED = [
  `INSERT INTO user_work (id, app_id, dialect, user_id, input, cause, asked_at, after, upto, turn_at)
    VALUES ('change', 'app', 'red', 'ann', '{}', '', 1, '', '', 2)`,
  `INSERT INTO removals (id, app_id, erase, cause, at, until_at, until_id) VALUES ('removal', 'app', 1, '', 1, 1, '')`,
  `INSERT INTO catalogue (app_id, dialect, name, id, description, created_at, updated_at) VALUES
    ('app', 'red/going', 'sport', 'topic', '["",""]', 1, 1), ('app', 'red', 'news', 'other', '', 1, 1)`,
]

test('removals, also of topics, and changes of users that an earlier build left are due', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pushport-queue-'))
  const file = join(folder, 'test.db')
  const old = openNodeDb(file, migrationsBefore('leases'))
  await old.commit(UNLEASED.map((text) => call(statement(raw(text)), {})))
  await old.close()

  const db = openNodeDb(file, MIGRATIONS)
  const { removals, userWork } = sqlStore(db, () => new Date(10))
  const claim = { lease: 'l', until: new Date(9000), horizon: new Date(10_000), limit: 100 }
  const claimed = async () => [
    ...(await removals.claim(claim, new Date(10))),
    ...(await userWork.claim(claim, new Date(10))),
  ]
  expect((await claimed()).map(({ id }) => id)).toEqual(['removal', 'topic', 'change'])
  expect(await claimed()).toEqual([])
  await db.close()
  rmSync(folder, { recursive: true })
})
