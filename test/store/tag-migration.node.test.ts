import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { TagChange } from '../../src/domain/tag.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { sql, value } from '../../src/store/sql/template.ts'
import { openNodeDb } from '../../src/store/sqlite/node.ts'

const MIGRATIONS = 'schema/migrations'
const now = new Date('2026-11-25T12:00:00.000Z')

/** The migrations of a build without types that apply to the whole app. */
function earlier(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pushport-migrations-'))
  cpSync(MIGRATIONS, folder, { recursive: true })
  const path = join(folder, 'meta', '_journal.json')
  const journal: { entries: { tag: string }[] } = JSON.parse(readFileSync(path, 'utf8'))
  const at = journal.entries.findIndex(({ tag }) => tag.endsWith('_tag_types'))
  writeFileSync(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, at) }))
  return folder
}

const addDevice = statement(sql`
  INSERT INTO devices (id, app_id, dialect, external_id, platform, user_proved, enabled, details, created_at, updated_at, last_seen_at)
  VALUES (${value('id')}, 'app', 'red', ${value('id')}, 'android', 0, 1, '{}', 0, 0, 0)`)
const addTags = statement(sql`
  INSERT INTO tags (device_id, name, type, value, updated_at)
  SELECT ${value('id')}, j.value ->> '$[0]', j.value ->> '$[1]', j.value -> '$[2]', 0 FROM json_each(${value('tags')}) j`)
const addApp = statement(sql`
  INSERT INTO app_dialects (app_id, dialect, identifier, options, created_at) VALUES ('app', 'red', 'app', '{}', 0)`)

type Old = readonly (readonly [name: string, type: string, value: unknown])[]

/** A store in which an earlier build left devices with such tags. */
async function migrated(devices: Readonly<Record<string, Old>>) {
  const file = join(mkdtempSync(join(tmpdir(), 'pushport-test-')), 'old.db')
  const old = openNodeDb(file, earlier())
  await old.commit([call(addApp, {})])
  for (const [id, tags] of Object.entries(devices)) {
    await old.commit([call(addDevice, { id }), call(addTags, { id, tags: JSON.stringify(tags) })])
  }
  await old.close()
  const db = openNodeDb(file, MIGRATIONS)
  onTestFinished(() => db.close())
  const store = sqlStore(db, () => now)
  const key = (externalId: string) => ({ appId: 'app', dialect: 'red', externalId })
  return {
    change: (id: string, ...changes: TagChange[]) =>
      store.tags.change(key(id), changes, { at: now, cause: 'test' }),
    find: (id: string) => store.devices.findByKey(key(id), now),
  }
}

const set = (name: string, type: string, value: number | string): TagChange => ({
  name,
  do: 'set',
  as: [{ type, value }],
})

test('of the types that an earlier build gave a name on many devices, the one that most have is kept', async () => {
  const { change, find } = await migrated({
    one: [['Level', 'integer', 1]],
    two: [['Level', 'integer', 2]],
    three: [['Level', 'string', 'high']],
  })
  expect(await change('three', set('Level', 'string', 'low'))).toEqual(['Level'])
  expect((await find('three'))?.tags).toEqual({ Level: 'high' })
  const increment: TagChange = { name: 'Level', do: 'increment', as: [{ type: 'integer', value: 5 }] }
  expect(await change('two', increment)).toEqual([])
  expect(await change('three', increment)).toEqual([])
  expect([(await find('two'))?.tags, (await find('three'))?.tags]).toEqual([{ Level: 7 }, { Level: 5 }])
})

test('A4: a device that an earlier build filled beyond the limits is read, shrinks, and grows no more', async () => {
  const many = Array.from({ length: 6000 }, (_, at) => [`tag ${at}`, 'string', 'x'] as const)
  const huge = Array.from({ length: 30 }, (_, at) => [`big ${at}`, 'string', 'x'.repeat(100_000)] as const)
  const { change, find } = await migrated({ many, huge })
  expect(Object.keys((await find('many'))?.tags ?? {})).toHaveLength(6000)
  // No value of three megabytes, because D1 could not return it.
  expect(JSON.stringify((await find('huge'))?.tags).length).toBeLessThan(600_000)
  for (const id of ['many', 'huge']) {
    await expect(change(id, set('more', 'string', 'y'))).rejects.toMatchObject({ code: 'limit' })
  }
  await change('many', set('tag 0', 'string', 'y'), { name: 'tag 1', do: 'remove' })
  expect((await find('many'))?.tags).toMatchObject({ 'tag 0': 'y' })
  for (const [name] of huge.slice(2)) await change('huge', { name, do: 'remove' })
  await change('huge', set('more', 'string', 'y'))
  expect(Object.keys((await find('huge'))?.tags ?? {})).toEqual(['big 0', 'big 1', 'more'])
})
