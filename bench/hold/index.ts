import { join } from 'node:path'
import { openNodeDb } from '../../src/store/sqlite/node.ts'
import { TABLES } from '../../test/edge/round-trips/index.ts'
import type { DialectTable } from '../../test/edge/round-trips/table.ts'
import { type AppDocument, createHarness, type Harness } from '../../test/harness/harness.ts'
import { WRITER } from '../../test/harness/runtime.node.ts'
import { data, MIGRATIONS, removeDatabase } from '../kit/paths.ts'
import type { Options } from '../options.ts'
import { adminCalls, adminRequest } from './admin-calls.ts'
import { type Deferred, dialectCalls, type Measured, withWhatFollows } from './dialect-calls.ts'
import { fill, tokenOf, USER } from './fill.ts'
import { type Held, holdOf, report } from './held.ts'

/** Most phones; a quarter of them belong to one user. */
const DEVICES = 200_000

/**
 * Fills an app, makes every call of every dialect and of the admin API once, and reports how long each
 * blocked the event loop.
 */
export async function hold(options: Options, say: (line: string) => void): Promise<null> {
  const tables = TABLES.filter(
    ({ adapter: { name } }) => options.only.length === 0 || options.only.includes(name),
  )
  const file = join(data('work'), `${process.pid}-hold.db`)
  // With the settings of production.
  const db = openNodeDb(file, MIGRATIONS, { writer: WRITER })
  try {
    const h = await createHarness({ env: { MAX_BULK_BYTES: '10485760' }, db: () => db })
    await everyCall(h, tables, Math.min(options.devices, DEVICES), say)
  } finally {
    await db.close()
    removeDatabase(file)
  }
  return null
}

async function everyCall(
  h: Harness,
  tables: readonly DialectTable[],
  devices: number,
  say: (line: string) => void,
): Promise<void> {
  const app = await h.createApp(Object.fromEntries(tables.map(({ adapter }) => [adapter.name, {}])))
  const held: Held[] = []
  let most = 0
  const measured: Measured = async (name, run) => {
    const { result, longest, took, heap } = await holdOf(run)
    most = Math.max(most, heap)
    held.push({ name, ms: longest, took, status: result })
  }
  say(`filling ${devices.toLocaleString('en')} devices …`)
  const started = performance.now()
  await fill(h, app, tables, devices)
  say(`filled in ${((performance.now() - started) / 1000).toFixed(0)} s`)

  const deferred: Deferred[] = []
  for (const table of tables) deferred.push(...(await dialectCalls(h, app, table, measured)))
  const calls = adminCalls({ ...(await firstOf(h, app)), app: app.id, user: USER })
  const last = calls.at(-1)
  const admin = async (call: (typeof calls)[number]) =>
    withWhatFollows(h, `admin: ${call.name}`, adminRequest(call), measured)
  for (const call of calls.slice(0, -1)) await admin(call)
  // Calls that remove a dialect with all its devices precede the one that removes the app.
  for (const call of deferred) await call()
  if (last) await admin(last)
  report(held, most, say)
}

async function firstOf(h: Harness, app: AppDocument) {
  const found = await h.admin('GET', `/apps/${app.id}/devices?limit=1`)
  const { devices } = await found.json<{ devices: { id: string; installationId?: string }[] }>()
  const phones = await h.admin('GET', `/apps/${app.id}/installations?limit=1`)
  const { installations } = await phones.json<{ installations: { id: string }[] }>()
  return { device: devices[0]?.id ?? '', installation: installations[0]?.id ?? '', token: tokenOf(0) }
}
