import type { Health } from '../contract/health.ts'
import type { Db } from '../sql/port.ts'
import { call } from '../sql/statement.ts'
import { lastProbe, probe } from '../sql/statements/probe.ts'
import { planAlone } from './alone.ts'
import { plansOver } from './db.ts'
import { appliedTo, distributed } from './engine.ts'
import { invocations } from './invocation.ts'
import { locksOf } from './locks.ts'
import { createReadiness } from './readiness.ts'
import type { Session } from './session.ts'
import { BEGIN, BEGIN_EXACT, BEGIN_LOOKING, own } from './turn.ts'

/** The binding; its connection string is valid only within an invocation. */
export interface Hyperdrive {
  readonly connectionString: string
}

/** A migration that this code needs, as recorded by Drizzle's migrator. */
interface Migration {
  readonly tag: string
  readonly when: number
}

/** Time limit for one plan in milliseconds; the server's statement timeout is longer and ends abandoned statements. */
const PLAN = 10_000
/** Set per transaction, because a pooler shares sessions. JIT compilation would cost more than these short statements. */
const SETTLED = own(`SELECT set_config('statement_timeout', '30000', true), set_config('jit', 'off', true)`)()

/** The largest assumed difference between gateways' clocks, in milliseconds. */
const SKEW = 2000

const APPLY = 'run `npx pushport schema --to postgres://…`, with the address of the database itself'
const CACHED =
  'Hyperdrive answers reads from its cache: run `npx wrangler hyperdrive update ID --caching-disabled true`.'

/**
 * PostgreSQL behind a Hyperdrive binding as a `Db`, for Workers: each plan is one transaction in one round trip, on a
 * connection of its invocation (`within`). Uses nothing that a transaction pooler does not support.
 */
export function openHyperdrive(bound: Hyperdrive, migrations: readonly Migration[]) {
  const { within, acquire } = invocations(() => bound.connectionString)
  const alone = planAlone({ acquire, patience: PLAN })
  let exact: 'serializable' | 'locks' | undefined

  /** Detected once per isolate; concurrent calls share the query. */
  async function engine() {
    exact ??= (await lent(acquire, ({ client }) => distributed(client))) ? 'serializable' : 'locks'
    return exact
  }

  let cached = false
  const readiness = createReadiness(async () => {
    const now = Date.now()
    await plans.commit([call(probe, { now })])
    const [[read]] = await plans.read([call(lastProbe, {})])
    cached = now - (read?.at ?? 0) > SKEW
  })
  const plans = plansOver(
    {
      read: (steps) => alone([BEGIN_LOOKING, SETTLED], steps, true),
      async commit(steps, { lane, repeatable }) {
        const begin =
          (await engine()) === 'locks'
            ? [BEGIN, SETTLED, ...locksOf(lane, { advisory: false })]
            : [BEGIN_EXACT, SETTLED]
        return alone(begin, steps, repeatable)
      },
    },
    readiness.noted,
  )

  async function lacking(): Promise<string | null> {
    const applied = await lent(acquire, ({ client }) => appliedTo(client))
    const missing = migrations.filter(({ when }) => !applied.includes(when)).map(({ tag }) => tag)
    if (missing.length > 0) return `The database lacks ${missing.join(', ')}: ${APPLY}.`
    const known = migrations.map(({ when }) => when)
    const unknown = applied.filter((when) => !known.includes(when)).length
    return unknown > 0
      ? `A newer Pushport has changed the database (unknown migrations: ${unknown}): deploy that version.`
      : null
  }

  const db: Db = {
    ...plans,
    holdsAll: true,
    async health() {
      const fault = (await lacking().catch(told)) ?? (await readiness.fault())
      return { fault, warnings: cached ? [CACHED] : [] } satisfies Health
    },
  }
  return { db, within }
}

const told = (error: unknown) =>
  `The database cannot be used: ${error instanceof Error ? error.message : error}.`

async function lent<T>(acquire: () => Promise<Session>, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await acquire()
  let useless = true
  try {
    const result = await work(session)
    useless = false
    return result
  } finally {
    session.release(useless)
  }
}
