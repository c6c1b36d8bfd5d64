import { createHash } from 'node:crypto'
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Documents } from '../dialects/dialect.ts'
import { data, MIGRATIONS, removeDatabase } from '../kit/paths.ts'
import { check } from './check.ts'
import { fill } from './fill.ts'
import { makeTemplates } from './template.ts'
import { touch } from './touch.ts'

/** A database with the given number of devices; `file` is a copy that a run may change. */
export interface Seed {
  readonly devices: number
  readonly file: string
  readonly documents: Documents
  readonly bytes: number
  /** Bytes by table and index. */
  readonly parts: Readonly<Record<string, number>>
  remove(): void
}

/** Increased when seeds of older benches become unusable. */
const FORM = 2
/** A phone that was last seen more than an hour ago is written again; a run must not include such writes. */
const STALE = 20 * 60_000

/** Seeds of another schema cannot be used. */
function schema(): string {
  const hash = createHash('sha256').update(String(FORM))
  for (const name of readdirSync(MIGRATIONS).sort()) {
    if (name.endsWith('.sql')) hash.update(readFileSync(join(MIGRATIONS, name)))
  }
  return hash.digest('hex').slice(0, 12)
}

/**
 * A copy of the stored seed, which is created if it does not exist; for a million devices, that takes
 * minutes, once.
 */
export async function seeded(devices: number, say: (line: string) => void): Promise<Seed> {
  const folder = data('seeds')
  const version = schema()
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(version)) rmSync(join(folder, name), { force: true })
  }
  const kept = join(folder, `${version}-${devices}`)
  if (!(await isGood(kept, devices, say))) await make(kept, devices, say)
  removeLeft()
  const file = join(data('work'), `${process.pid}-${made++}-${devices}.db`)
  copyFileSync(`${kept}.db`, file, constants.COPYFILE_FICLONE)
  // Otherwise the system writes it to the disk during the measurement.
  const handle = openSync(file, 'r+')
  fsyncSync(handle)
  closeSync(handle)
  return {
    devices,
    file,
    ...documentsOf(kept),
    bytes: statSync(file).size,
    remove: () => removeDatabase(file),
  }
}

let made = 0

/** Copies left over from runs that were killed. */
function removeLeft(): void {
  const folder = data('work')
  for (const name of readdirSync(folder)) {
    if (!isRunning(Number.parseInt(name, 10))) rmSync(join(folder, name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function make(kept: string, devices: number, say: (line: string) => void): Promise<void> {
  const from = performance.now()
  say(`Seeding ${devices.toLocaleString('en')} devices with ten topics each; kept for later runs.`)
  const file = `${kept}.making.db`
  rmSync(file, { force: true })
  const templates = await makeTemplates(file)
  await fill(file, templates, devices, say)
  await check(file, templates.documents, devices)
  rmSync(`${file}.lock`, { force: true })
  renameSync(file, `${kept}.db`)
  writeFileSync(
    `${kept}.json`,
    JSON.stringify({ documents: templates.documents, parts: partsOf(`${kept}.db`) }),
  )
  writeFileSync(`${kept}.seen`, '')
  say(`  done in ${((performance.now() - from) / 1000).toFixed(0)} s`)
}

/**
 * Whether the product still finds the phones of a seed as they register now, because the product's code
 * changes too.
 */
async function isGood(kept: string, devices: number, say: (line: string) => void): Promise<boolean> {
  if (!existsSync(`${kept}.json`)) return false
  const mark = `${kept}.seen`
  if (existsSync(mark) && Date.now() - statSync(mark).mtimeMs < STALE) return true
  touch(`${kept}.db`)
  try {
    await check(`${kept}.db`, documentsOf(kept).documents, devices)
  } catch (error) {
    say(`The kept seed is of an older product (${error instanceof Error ? error.message : error}).`)
    return false
  }
  writeFileSync(mark, '')
  return true
}

const documentsOf = (kept: string) =>
  JSON.parse(readFileSync(`${kept}.json`, 'utf8')) as Pick<Seed, 'documents' | 'parts'>

function partsOf(file: string): Record<string, number> {
  const client = new Database(file, { readonly: true })
  const rows = client
    .prepare('SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name ORDER BY bytes DESC')
    .all()
  client.close()
  return Object.fromEntries(
    (rows as { name: string; bytes: number }[]).map(({ name, bytes }) => [name, bytes]),
  )
}
