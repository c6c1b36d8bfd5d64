import { StoreUnavailable } from '../../domain/error.ts'
import type { Health } from '../contract/health.ts'
import type { Call, Db, Results } from '../sql/port.ts'
import { boundValues, call, type Statement, statement } from '../sql/statement.ts'
import { probe } from '../sql/statements/probe.ts'
import { sql } from '../sql/template.ts'
import { storeFailure } from './failure.ts'
import { PATIENCE, type Patience, patiently } from './patience.ts'
import { createReadiness } from './readiness.ts'

export interface D1Options {
  readonly patience?: Partial<Patience>
  /** File names of the migrations that this code needs; by default none are checked. */
  readonly migrations?: readonly string[]
  /** The size limit of the database; by default there is no warning. */
  readonly maxBytes?: number
}

/** The fraction of the limit at which operators are warned. */
const NEARLY = 0.8

const APPLY = 'run `npx wrangler d1 migrations apply DB --remote` (on a local one: `--local`)'

/** Wrangler's table of applied migrations. */
const appliedMigrations: Statement<{ name: string }> = statement(sql`SELECT name FROM d1_migrations`)

/**
 * A D1 database as a `Db`: a plan is one `batch()`, which D1 runs as one transaction in one round trip. Statements are
 * prepared once per handle, so keep the result as long as the isolate keeps the binding.
 */
export function openD1(d1: D1Database, options: D1Options = {}): Db {
  const prepared = new WeakMap<Statement, D1PreparedStatement>()
  const patience = { ...PATIENCE, ...options.patience }
  const { migrations = [], maxBytes = Number.POSITIVE_INFINITY } = options

  /** Bytes, from the last answer. */
  let size = 0
  const readiness = createReadiness(
    async () => {
      await send([call(probe, { now: Date.now() })], true)
    },
    () => Date.now(),
  )

  function bind(call: Call): D1PreparedStatement {
    let ready = prepared.get(call.statement)
    if (!ready) {
      ready = d1.prepare(call.statement.text)
      prepared.set(call.statement, ready)
    }
    return ready.bind(...boundValues(call))
  }

  async function send(plan: readonly Call[], repeatable: boolean): Promise<D1Result[]> {
    const bound = plan.map(bind)
    try {
      const answers = await patiently(() => d1.batch(bound), repeatable, patience)
      size = answers[0]?.meta.size_after ?? size
      return answers
    } catch (error) {
      throw readiness.noted(storeError(error))
    }
  }

  async function run<const Plan extends readonly Call[]>(
    plan: Plan,
    repeatable: boolean,
  ): Promise<Results<Plan>> {
    const answers = plan.length === 0 ? [] : await send(plan, repeatable)
    // Safe cast: rows have the shape that each statement declares; D1 has no types to check it against.
    return answers.map((answer) => answer.results) as Results<Plan>
  }

  return {
    read: (plan) => run(plan, true),
    commit: (plan, { repeatable = false } = {}) => run(plan, repeatable),

    size: () => size || null,

    async health() {
      const fault = (await migrationFault()) ?? (await readiness.fault())
      return { fault, warnings: sizeWarnings(size, maxBytes) } satisfies Health
    },
  }

  async function migrationFault(): Promise<string | null> {
    if (migrations.length === 0) return null
    const applied = await appliedNames()
    const missing = migrations.filter((name) => !applied.includes(name))
    if (missing.length > 0) return `The database lacks ${missing.join(', ')}: ${APPLY}.`
    const unknown = applied.filter((name) => !migrations.includes(name))
    if (unknown.length === 0) return null
    return `A newer Pushport has changed the database (${unknown.join(', ')}): deploy that version.`
  }

  async function appliedNames(): Promise<readonly string[]> {
    try {
      const [rows] = await run([call(appliedMigrations, {})], true)
      return rows.map(({ name }) => name)
    } catch (error) {
      if (error instanceof Error && LACKING.test(error.message)) return []
      throw error
    }
  }
}

function sizeWarnings(bytes: number, most: number): readonly string[] {
  if (bytes < most * NEARLY) return []
  const [held, allowed] = [bytes, most].map((size) => `${(size / 1e9).toFixed(2)} GB`)
  return [`The database has ${held} of at most ${allowed}; see docs/scaling.md.`]
}

const LACKING = /no such (table|column)/i
/** Transport and capacity errors have no SQLite code (Cloudflare, "Debug D1": error list). */
const PLATFORM =
  /D1_ERROR|D1_EXEC_ERROR|Network connection lost|overloaded|timed? ?out|\breset\b|exceeded (maximum|its)/i

function storeError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  if (error instanceof StoreUnavailable) return error
  const text = `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`.trim()
  const failure = storeFailure(text, error)
  if (failure) return failure
  // A missing schema must be applied by the operator; any other SQLite code is a fault in our SQL.
  if (LACKING.test(text)) {
    return new StoreUnavailable(`the database lacks a migration; ${APPLY}: ${text}`, { cause: error })
  }
  const ours = /SQLITE_[A-Z]+/.test(text)
  return PLATFORM.test(text) && !ours ? new StoreUnavailable(text, { cause: error }) : error
}
