import { readFileSync } from 'node:fs'
import { StoreUnavailable } from '../../domain/error.ts'
import type { News } from '../../domain/news.ts'
import type { Opening } from '../sql/opening.ts'
import type { Db } from '../sql/port.ts'
import { call } from '../sql/statement.ts'
import { probe } from '../sql/statements/probe.ts'
import type { Address } from './address.ts'
import { planAlone } from './alone.ts'
import { openCounters } from './counters.ts'
import { plansOver } from './db.ts'
import { distributed } from './engine.ts'
import { storeError } from './failure.ts'
import { lanes } from './lanes.ts'
import { migrated } from './migrations.ts'
import { openNews } from './news.ts'
import type { Step } from './plan-query.ts'
import { type Limits, openPool, type Sessions } from './pool.ts'
import { createReadiness } from './readiness.ts'
import { BEGIN_EXACT, BEGIN_LOOKING } from './turn.ts'

/** An open database. */
export interface PostgresDb extends Db {
  readonly opening: Opening
  /** Undefined if the engine does not support it. */
  readonly news: News | undefined
  /** Rate limits shared by all gateways of the database. */
  readonly counter: ReturnType<typeof openCounters>
  /** Closes all connections after their current work. */
  close(): Promise<void>
}

/**
 * How concurrent plans are isolated: by serializable transactions, which every engine of this dialect supports, or by locks,
 * which are faster on engines that have them.
 */
type Exact = 'serializable' | 'locks'

export interface PostgresOptions extends Partial<Limits> {
  /** By default, the better one for the detected engine. */
  readonly exact?: Exact
}

const LIMITS: Limits = { connections: 10, waiting: 1000, patience: 5000, plan: 10_000, statement: 30_000 }

/**
 * Connects to PostgreSQL, applies migrations and returns it as a `Db`. Throws `StoreUnavailable` if no host is writable, or
 * a newer build has changed the schema.
 *
 * The driver is `pg` because it allows custom queries on the wire protocol: a plan is one message with a single `Sync`, and
 * preparing a statement takes no extra round trip. `postgres` waits for the description of each unprepared statement and for
 * BEGIN, and sends a `Sync` per query.
 */
export async function openPostgres(
  address: Address,
  migrations: string,
  limits: PostgresOptions = {},
): Promise<PostgresDb> {
  const all = { ...LIMITS, ...limits }
  const pool = openPool(address, all, (file) => readFileSync(file, 'utf8'))
  try {
    const { opening, exact } = await schemaOf(pool, migrations)
    // Distributed engines do not support it.
    const news =
      exact === 'locks' ? openNews(address, pool.acquire, (file) => readFileSync(file, 'utf8')) : undefined
    const rules = { waiting: all.waiting, exact: limits.exact ?? exact, patience: all.plan }
    return over(pool, { opening, news }, rules)
  } catch (error) {
    await pool.close()
    throw openFault(address, error)
  }
}

async function schemaOf(pool: Sessions, migrations: string) {
  const session = await pool.acquire()
  try {
    const opening = await migrated(session.client, migrations)
    const exact: Exact = (await distributed(session.client)) ? 'serializable' : 'locks'
    return { opening, exact }
  } finally {
    session.release(false)
  }
}

function over(
  pool: Sessions,
  { opening, news }: { readonly opening: Opening; readonly news: ReturnType<typeof openNews> | undefined },
  { exact, waiting: most, patience }: { readonly exact: Exact } & Pick<Limits, 'waiting' | 'patience'>,
): PostgresDb {
  const { acquire } = pool
  const alone = planAlone({ acquire, patience })
  const queues = lanes({ acquire, patience }, most)
  // The probe's row belongs to no app and no other statement touches it, so it needs no lock.
  const readiness = createReadiness(() => probing.commit([call(probe, { now: Date.now() })]))
  const plans = plansOver(
    {
      // A single statement always sees one snapshot.
      read: (steps) => alone(steps.length > 1 ? [BEGIN_LOOKING] : [], steps, true),
      commit: (steps, { lane, repeatable }) =>
        exact === 'locks' ? queues.commit(lane, steps, repeatable) : alone([BEGIN_EXACT], steps, repeatable),
    },
    readiness.noted,
  )
  const read = (steps: readonly Step[]) => alone([], steps, true)
  const probing = plansOver({ read, commit: read }, readiness.noted)
  return {
    ...plans,
    holdsAll: true,
    opening,
    news,
    counter: openCounters(acquire),
    async health() {
      const fault = await readiness.fault()
      const { waiting, ...connections } = pool.counts
      const server = { role: pool.role, connections, waiting: waiting + queues.waiting }
      return { fault, warnings: [], server }
    },
    async close() {
      await news?.close()
      await pool.close()
    },
  }
}

function openFault({ hosts, database }: Address, error: unknown): Error {
  const fault = storeError(error)
  if (!(fault instanceof StoreUnavailable)) return fault
  const places = hosts.map(({ host, port }) => `${host}:${port}`).join(', ')
  return new StoreUnavailable(`cannot open the database ${database ?? ''} of ${places}: ${fault.message}`, {
    cause: error,
  })
}
