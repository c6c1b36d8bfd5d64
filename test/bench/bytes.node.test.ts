import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { fill } from '../../bench/seed/fill.ts'
import { makeTemplates } from '../../bench/seed/template.ts'
import { temporaryFolder } from '../harness/process.ts'

const DEVICES = 3000
/**
 * The most bytes that a device with ten topics may take, with all of its rows. Whoever raises it says in the
 * commit why.
 */
const MOST = 2550
/** Of these bytes, those in the largest trees. Trees not listed here are counted above. */
const MOST_OF: Readonly<Record<string, number>> = {
  subscriptions: 550,
  subscriptions_by_topic: 285,
  subscriptions_id: 260,
  push_tokens: 285,
  events: 310,
  devices: 240,
}

/** Bytes by table and index of a store with this many devices. */
async function bytesOf(devices: number): Promise<ReadonlyMap<string, number>> {
  const file = join(temporaryFolder(), `${devices}.db`)
  await fill(file, await makeTemplates(file), devices, () => {})
  const client = new Database(file, { readonly: true })
  const rows = client.prepare('SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name').all()
  client.close()
  return new Map((rows as { name: string; bytes: number }[]).map(({ name, bytes }) => [name, bytes]))
}

test('a further device with ten topics takes no more pages than it did, in all and in the largest trees', async () => {
  const [few, many] = [await bytesOf(DEVICES), await bytesOf(4 * DEVICES)]
  const each = new Map([...many].map(([name, bytes]) => [name, (bytes - (few.get(name) ?? 0)) / 3 / DEVICES]))
  const shown = JSON.stringify([...each].sort((one, other) => other[1] - one[1]).slice(0, 12))
  const all = [...each.values()].reduce((sum, bytes) => sum + bytes, 0)
  expect(all, shown).toBeLessThan(MOST)
  expect(all, `${shown}: lower the bound`).toBeGreaterThan(MOST * 0.9)
  for (const [name, most] of Object.entries(MOST_OF)) {
    expect(each.get(name), `${name} in ${shown}`).toBeLessThan(most)
    expect(each.get(name), `${name} in ${shown}: lower the bound`).toBeGreaterThan(most * 0.8)
  }
})

test('no two indexes of a table begin with the same columns, unless both are needed', async () => {
  const file = join(temporaryFolder(), 'indexes.db')
  await makeTemplates(file)
  const client = new Database(file, { readonly: true })
  const indexes = client
    .prepare(`
      SELECT m.name AS name, m.tbl_name AS of, group_concat(coalesce(i.name, '?'), ',') AS columns
      FROM sqlite_master m, pragma_index_info(m.name) i WHERE m.type = 'index' AND coalesce(m.sql, '') NOT LIKE '%WHERE%'
      GROUP BY m.name ORDER BY m.name`)
    .all() as { readonly name: string; readonly of: string; readonly columns: string }[]
  client.close()
  const repeated = indexes.flatMap((one) =>
    indexes
      .filter(
        (other) => other !== one && other.of === one.of && `${other.columns},`.startsWith(`${one.columns},`),
      )
      .map((other) => `${one.name} in ${other.name}`),
  )
  expect(repeated).toEqual([])
})
