import { adapters } from '../adapters/index.ts'
import journal from '../schema/migrations/meta/_journal.json' with { type: 'json' }
import { configured } from './adapter.ts'
import { bareProblem } from './admin/problem.ts'
import { buildApp, buildGateway, buildOutbound, realChance } from './build.ts'
import { misspelt } from './config/misspelt.ts'
import { type Config, ConfigError, parseConfig, variablesOf } from './config.ts'
import { GatewayError } from './domain/error.ts'
import { createDelivery } from './events/deliver.ts'
import type { Chore } from './gateway/maintenance.ts'
import type { Counter, Counters } from './limits/rate-limit.ts'
import { sqlStore } from './store/sql/store.ts'
import { openD1 } from './store/sqlite/d1.ts'
import { VERSION } from './version.ts'

type Bindings = Readonly<Record<string, unknown>>

interface Entry {
  readonly app: ReturnType<typeof buildApp>
  /** What the cron trigger does. Throws where a part of it failed, so that the run counts as failed. */
  readonly maintain: () => Promise<void>
  /** Behind an answer: the trigger may run in another isolate, which knows nothing of what was used in this one. */
  readonly keepUse: () => Promise<void>
  /** Whether there is anything to keep: of each credential once an hour. */
  readonly used: () => boolean
}

/** One per isolate: the binding is the same object for all of its requests, so statements are prepared once. */
const entries = new WeakMap<object, Entry>()

/** Throws `ConfigError` with what to run. */
function entryFor(bindings: Bindings): Entry {
  const d1 = bindings.DB
  if (typeof d1 !== 'object' || d1 === null) {
    throw new ConfigError(
      'Configuration: the D1 binding DB is missing; see [[d1_databases]] in wrangler.toml.',
    )
  }
  const known = entries.get(d1)
  if (known) return known
  // A binding named DB that is no D1 database fails at its first use.
  const entry = open(d1 as D1Database, bindings)
  entries.set(d1, entry)
  return entry
}

function open(d1: D1Database, bindings: Bindings): Entry {
  const config = parseConfig(bindings, adapters)
  const warnings = misspelt(bindings, variablesOf(adapters))
  const adminToken = required(config.adminToken, 'ADMIN_TOKEN')
  const masterKey = required(config.masterKey, 'MASTER_KEY')
  const db = openD1(d1, {
    migrations: journal.entries.map(({ tag }) => `${tag}.sql`),
    maxBytes: config.maxDatabaseBytes,
  })
  const gateway = buildGateway(sqlStore(db, realChance.now), { ...config, masterKey }, realChance, PACE)
  const spoken = configured(adapters, config)
  const deliver = createDelivery({ adapters: spoken, outbound: buildOutbound(config) })
  const log = logger(config)
  log({ msg: 'started', version: VERSION })
  for (const warning of warnings) log({ level: 'warn', msg: warning })
  const jobs = { name: 'jobs', step: gateway.jobs.step, most: STEPS }
  const outbox = { name: 'outbox', step: () => deliver(gateway), most: 1 }
  return {
    app: buildApp(config, {
      adapters: spoken,
      gateway: () => gateway,
      adminToken: () => adminToken,
      // The platform says so: no caller can.
      address: (c) => c.req.header('cf-connecting-ip') ?? 'unknown',
      trustProxy: 'cloudflare',
      counters: countersOf(bindings),
      wakeJobs: (c) => c.executionCtx.waitUntil(some(jobs, log)),
      wakeOutbox: (c) => c.executionCtx.waitUntil(some(outbox, log)),
      log: (record) => log({ ...record, msg: 'request' }),
    }),

    used: gateway.apps.used,
    async keepUse() {
      await gateway.apps.flushUsed().catch((error) => log({ msg: 'credentials', error }))
    },

    async maintain() {
      const { done, faults } = await gateway.maintenance.run(BUDGET, [jobs, outbox])
      if (Object.keys(done).length > 0) log({ msg: 'maintenance', done })
      for (const { chore, error } of faults) log({ msg: 'maintenance', chore, error })
      if (faults.length > 0) throw new Error(`maintenance failed: ${faults.map(({ chore }) => chore).join()}`)
    },
  }
}

/**
 * One run of the maintenance, a minute before the next. Workers Free allows 50 queries in one invocation, and a fault of
 * D1 may need each piece more than once.
 */
const BUDGET = { milliseconds: 20_000, steps: 40 }

/** Steps of jobs in one invocation: a step asks D1 a hundred times, an invocation may a thousand times. */
const STEPS = 8
/**
 * Calls of webhooks in one invocation, which holds six connections at once and, after an answer, lives for half a
 * minute: none begins that could not end.
 */
const PACE = { atOnce: 5, each: 2, most: 40, milliseconds: 15_000 }

/** What follows an answer; the cron trigger does the rest. */
async function some({ name, step, most }: Required<Chore>, log: ReturnType<typeof logger>): Promise<void> {
  try {
    for (let done = 0; done < most; done++) if (!(await step())) return
  } catch (error) {
    log({ msg: 'maintenance', chore: name, error })
  }
}

/** The rate-limiting bindings of wrangler.toml; what is not bound is counted in the isolate. */
function countersOf(bindings: Bindings): Counters {
  const bound = (name: string) => {
    const found = bindings[name]
    return typeof found === 'object' && found !== null && 'limit' in found ? (found as Counter) : undefined
  }
  return {
    failedCredentials: bound('FAILED_CREDENTIALS'),
    issuance: bound('ISSUANCE'),
    adminCalls: bound('ADMIN_CALLS'),
  }
}

interface LogRecord extends Readonly<Record<string, unknown>> {
  readonly msg: string
  /** Left out: `error` where there is one, else `info`. */
  readonly level?: 'info' | 'warn' | 'error'
  readonly error?: unknown
}

const SEVERITY = ['debug', 'info', 'warn', 'error']

/** The log's members have the same names on Node: `level` as a word, `time`, `msg`, `err`. */
function logger({ logLevel }: Config) {
  const least = SEVERITY.indexOf(logLevel)
  return ({ error, msg, level = error === undefined ? 'info' : 'error', ...record }: LogRecord) => {
    if (logLevel === 'silent' || SEVERITY.indexOf(level) < least) return
    const err = error instanceof Error && {
      err: { type: error.name, message: error.message, stack: error.stack },
    }
    // biome-ignore lint/suspicious/noConsole: on Workers the console is the log.
    console.log(JSON.stringify({ level, time: new Date().toISOString(), ...record, ...err, msg }))
  }
}

function required(value: string | undefined, name: string): string {
  if (value === undefined) {
    throw new ConfigError(`Configuration: ${name} is missing; run \`wrangler secret put ${name}\`.`)
  }
  return value
}

export default {
  /** A fault of the configuration is told in plain words at the first request, never guessed away. */
  async fetch(request: Request, bindings: Bindings, context: ExecutionContext): Promise<Response> {
    try {
      const { app, used, keepUse } = entryFor(bindings)
      const answer = await app.fetch(request, bindings, context)
      if (used()) context.waitUntil(keepUse())
      return answer
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      return bareProblem(new GatewayError('internal', error.message))
    }
  },

  /** The cron trigger of wrangler.toml. */
  async scheduled(_: ScheduledController, bindings: Bindings): Promise<void> {
    await entryFor(bindings).maintain()
  },
}
