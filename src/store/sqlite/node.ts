import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { StoreUnavailable } from '../../domain/error.ts'
import type { Opening } from '../sql/opening.ts'
import type { Call, Db, Results } from '../sql/port.ts'
import { call } from '../sql/statement.ts'
import { probe } from '../sql/statements/probe.ts'
import { connect, pragmas } from './connection.ts'
import { type Connection, insteadOfAddon, sqliteCode } from './driver.ts'
import { storeFailure } from './failure.ts'
import { claim, migrated, openFault, unchanged } from './node-file.ts'
import { createReadiness } from './readiness.ts'
import { ownWriter, runner } from './writer/own.ts'
import { threadedWriter, WriteFault } from './writer/threaded.ts'

/** An open database on Node. */
export interface NodeDb extends Db {
  readonly opening: Opening
  /** Never set, since a file has only one gateway. */
  readonly news?: undefined
  readonly counter?: undefined
  /** Writes waiting plans, checkpoints the log and closes the file. */
  close(): Promise<void>
}

export interface NodeDbOptions {
  /** How long a write waits while another process has the lock before it fails as unavailable; milliseconds. */
  readonly patience?: number
  /** Writes nothing and takes no lock; used while rows are moved to another database. */
  readonly readOnly?: boolean
  /** The bundle of writer/writer-thread.ts, which then writes in its own thread; by default this thread writes. */
  readonly writer?: URL
  /** Called with the number of plans that the thread committed together. */
  readonly grouped?: (commits: number) => void
}

const PATIENCE = 5000
/** KiB of page cache of the reading connection; commits by another connection invalidate it. */
const READING_CACHE = 16_384

/**
 * Opens a SQLite file (or `:memory:`), applies migrations and returns it as a `Db`. Reads run in this thread, without a round
 * trip; writes wait for the disk in another thread.
 *
 * Durability: write-ahead log with `synchronous=FULL`, so that acknowledged writes survive a power failure; concurrent plans
 * share one fsync. One gateway per file: a lock file refuses a second one.
 *
 * Throws `StoreUnavailable` if the file cannot be opened, is in use, is no database, or was migrated by a newer build.
 */
export function openNodeDb(file: string, migrations: string, options: NodeDbOptions = {}): NodeDb {
  const { client, opening, release } = open(file, migrations, options.readOnly ?? false)
  const patience = options.patience ?? PATIENCE
  const program = client.memory ? undefined : options.writer
  if (program) pragmas(client)(`cache_size = -${READING_CACHE}`)
  const writer = program
    ? threadedWriter(program, { file, patience }, options.grouped)
    : ownWriter(client, { patience })
  const reads = reader(client, program !== undefined)
  const readiness = createReadiness(
    () => commit([call(probe, { now: Date.now() })]),
    () => performance.now(),
  )
  const failure = (error: unknown) => readiness.noted(storeError(error))
  const closed = () => new StoreUnavailable(`${file} is closed`)

  async function commit<const Plan extends readonly Call[]>(plan: Plan): Promise<Results<Plan>> {
    if (!client.open) throw closed()
    try {
      // Safe cast: results are in call order with the declared row shapes; SQLite has no types to check them against.
      return (await writer.commit(plan)) as Results<Plan>
    } catch (error) {
      throw failure(error)
    }
  }

  return {
    opening,
    inThread: true,

    async read<const Plan extends readonly Call[]>(plan: Plan) {
      if (!client.open) throw closed()
      try {
        return reads(plan) as Results<Plan>
      } catch (error) {
        throw failure(error)
      }
    },
    commit,
    async health() {
      if (!client.open) throw closed()
      return { fault: await readiness.fault(), warnings: [] }
    },
    size: () => (client.memory ? null : statSync(file).size),
    drain: () => writer.drain(),
    async scrub() {
      if (!client.open) return
      try {
        await writer.scrub()
      } catch (error) {
        throw storeError(error)
      }
    },
    async close() {
      if (!client.open) return
      try {
        await writer.close()
      } finally {
        client.close()
        release()
      }
    },
  }
}

/** Runs read-only plans. If another thread writes, all reads of a plan see one snapshot. */
function reader(client: Connection, threaded: boolean): (plan: readonly Call[]) => unknown[][] {
  const run = runner(client)
  if (!threaded) return (plan) => plan.map(run)
  const begin = client.prepare('BEGIN')
  const end = client.prepare('COMMIT')
  return (plan) => {
    if (plan.length < 2) return plan.map(run)
    begin.run()
    try {
      return plan.map(run)
    } finally {
      if (client.inTransaction) end.run()
    }
  }
}

function open(file: string, migrations: string, readOnly: boolean) {
  let release: (() => void) | undefined
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const { client, made: opening } = connect(file, (opened) => {
      if (readOnly) return unchanged(opened, migrations)
      release = claim(file)
      return migrated(opened, migrations)
    })
    const builtIn = insteadOfAddon()
    return { client, opening: { ...opening, ...(builtIn && { builtIn }) }, release: () => release?.() }
  } catch (error) {
    release?.()
    throw openFault(file, error)
  }
}

function storeError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  if (error instanceof WriteFault) return (error.bySqlite && storeFailure(error.message, error)) || error
  const code = sqliteCode(error)
  return code === undefined ? error : (storeFailure(`${error.message}: ${code}`, error) ?? error)
}
