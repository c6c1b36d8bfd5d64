import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { cli } from '../cli/kit.ts'
import { run, temporaryFolder } from '../harness/process.ts'

const CONFIGURATION = `name = "moved"
compatibility_date = "2026-04-01"

[[d1_databases]]
binding = "DB"
database_name = "pushport"
database_id = "00000000-0000-0000-0000-000000000000"
migrations_dir = ${JSON.stringify(resolve('schema/migrations'))}
`

/** Names that look like the end of a statement, a string or a comment. */
const NAMES = ["it's; -- not", 'a "name";', '`;`', "';", '--', 'line\nbreak;', 'Ü😀', "it''s", '/* ; */']

/** As an operator runs it, over a local D1 in the folder. */
async function wrangler(folder: string, ...args: string[]): Promise<void> {
  const env = { HOME: folder, WRANGLER_SEND_METRICS: 'false', CI: 'true' }
  const program = run('node_modules/.bin/wrangler', ['d1', ...args, '--local', '--cwd', folder], env)
  const { code } = await program.exited
  expect(code, program.stderr + program.stdout).toBe(0)
}

test('the export of a D1 becomes a file of its own, with texts that look like SQL', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'wrangler.toml'), CONFIGURATION)
  const text = (value: string) => `'${value.replaceAll("'", "''")}'`
  const rows = NAMES.map(
    (name, at) => `('app-${at}', ${text(name)}, '{}', 'public', 'private', 'subject', ${at}, ${at})`,
  )
  writeFileSync(
    join(folder, 'rows.sql'),
    `INSERT INTO apps (id, name, settings, vapid_public, vapid_private, vapid_subject, created_at, updated_at) VALUES ${rows.join(', ')};`,
  )
  await wrangler(folder, 'migrations', 'apply', 'DB')
  await wrangler(folder, 'execute', 'DB', '--file', 'rows.sql')
  const [dump, file] = [join(folder, 'export.sql'), join(folder, 'pushport.db')]
  await wrangler(folder, 'export', 'DB', '--output', dump)

  const ran = await cli(['move', '--from', dump, '--to', `file:${file}`, '--json'])
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  const moved = new Database(file, { readonly: true })
  expect(moved.prepare('SELECT name FROM apps ORDER BY id').pluck().all()).toEqual(NAMES)
  moved.close()
  expect(existsSync(`${dump}.loaded`)).toBe(false)
})
