import type { Hono } from 'hono'
import { openDb, runtimeName } from '#runtime'
import { adapters as allAdapters } from '../../adapters/index.ts'
import { neighbours } from '../../formats/index.ts'
import type { Adapter, AppEnv } from '../../src/adapter.ts'
import { buildCopier, buildGateway, buildImports, buildSending, type PushRuntime } from '../../src/build.ts'
import { parseConfig } from '../../src/config.ts'
import type { Ids } from '../../src/domain/ids.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import type { RequestRecord } from '../../src/http/app.ts'
import type { Fetch } from '../../src/outbound/outbound.ts'
import type { Sending, SendingPace } from '../../src/sending/sending.ts'
import type { Db } from '../../src/store/sql/port.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import type { Store } from '../../src/store/store.ts'
import type { Imports } from '../../src/transfer/import/imports.ts'
import { withDotsMarked } from '../../src/wire/path.ts'
import { checkAnswer } from './answers.ts'
import { ADMIN_TOKEN, lend, mount, shipped } from './mounted.ts'

export { ADMIN_TOKEN, runtimeName }

const MASTER_KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='

export interface HarnessOptions {
  /** Only this one of the shipped adapters, because mounting all five takes longer than most tests. */
  readonly dialect?: string | undefined
  readonly adapters?: readonly Adapter[]
  readonly env?: Readonly<Record<string, string>>
  /** Wraps the database, to count calls or inject faults. */
  readonly db?: (real: Db) => Db
  /** Wraps the store, to force a path that the gateway would not take. */
  readonly store?: (real: Store) => Store
  /** The external servers, if a test needs them. */
  readonly fetch?: Fetch
  /** How ids are generated, for tests that need those of a running gateway. */
  readonly ids?: Ids
  /** Gathers writes that can wait, as a process with a file does: with `gateway.copies.write`. */
  readonly gathers?: boolean
}

export interface EngineOptions {
  readonly pace?: Partial<SendingPace>
  readonly store?: (real: Store) => Store
  readonly fetch?: Fetch
  /** How services that speak HTTP/2 are reached. */
  readonly transport?: PushRuntime['transport']
}

export interface ImporterOptions {
  readonly rows?: number
  readonly milliseconds?: number
  readonly rest?: (took: number) => Promise<void>
  readonly store?: (real: Store) => Store
}

/** Few concurrent requests, so that a test sees the effect of the first ones. */
const PACE: SendingPace = {
  ...{ candidates: 2000, written: 2000, look: 500, page: 500, pages: 16, atOnce: 20 },
  ...{ most: 1000, milliseconds: 60_000 },
}

/** The whole gateway over a real database, with a clock that only tests move. */
export interface Harness {
  readonly db: Db
  readonly gateway: Gateway
  /** Sends messages, as a separate process would. */
  engine(own?: EngineOptions): Sending
  /** Sends due copies to vendors, and returns their number. */
  copy(): Promise<number>
  /** Imports files, as a separate process would. */
  importer(own?: ImporterOptions): Imports
  readonly app: Hono<AppEnv>
  readonly log: RequestRecord[]
  /** The log, without its lines for requests. */
  readonly logged: unknown[]
  readonly clock: { now: Date; advance(milliseconds: number): void }
  /**
   * Sends a request; a body that is not a string is sent as JSON with its content type. Every answer of the
   * admin API is compared with its documentation.
   */
  request(method: string, path: string, init?: RequestOptions): Promise<Response>
  /** Resolves when the work after the answers has ended. */
  settled(): Promise<void>
  /** The admin API, with its token. */
  admin(method: string, path: string, body?: unknown): Promise<Response>
  /** A fresh app with the given dialects, as in the admin API's answer to its creation. */
  createApp(
    dialects: Readonly<Record<string, unknown>>,
    more?: Readonly<Record<string, unknown>>,
  ): Promise<AppDocument>
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface AppDocument {
  readonly id: string
  readonly name: string
  readonly dialects: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly vapid: { readonly publicKey: string; readonly subject: string }
  readonly settings: { readonly carryOver: boolean }
}

/** Push services that a test does not provide cannot be reached. */
const nobody: Fetch = () => Promise.reject(new Error('nobody listens there'))

let shared: Promise<Db> | undefined

/**
 * Opens the file's one database; a fresh tenant per test keeps tests apart, and nothing is ever truncated.
 */
export async function createHarness(options: HarnessOptions = {}): Promise<Harness> {
  shared ??= openDb()
  const real = await shared
  const db = options.db ? options.db(real) : real
  const config = { ...parseConfig({ RATE_LIMIT: 'off', ...options.env }, allAdapters), masterKey: MASTER_KEY }
  const clock = {
    now: new Date('2026-11-25T12:00:00.000Z'),
    advance(milliseconds: number) {
      clock.now = new Date(clock.now.getTime() + milliseconds)
    },
  }
  // Ids that no other test file over the same database can have generated.
  let counter = 0
  const run = crypto.randomUUID().slice(0, 8)
  const nextId = () => `${run}-0000-7000-8000-${(counter++).toString(16).padStart(12, '0')}`
  const chance = {
    now: () => clock.now,
    ids: options.ids ?? { row: nextId, app: nextId, secret: () => crypto.randomUUID() },
  }
  const adapters = options.adapters ?? shipped(config, options.dialect)
  const built = sqlStore(db, chance.now, config.retention)
  const store = options.store?.(built) ?? built
  const logged: unknown[] = []
  const push = {
    fetch: options.fetch ?? nobody,
    certificates: runtimeName !== 'D1 in workerd',
    log: (record: unknown) => logged.push(record),
  }
  const gateway = buildGateway(store, config, { adapters, chance, push, gathers: options.gathers ?? false })
  const { now } = chance
  const copier = buildCopier(config, gateway, {
    adapters,
    now,
    ...(options.fetch && { fetch: options.fetch }),
  })
  const log: RequestRecord[] = []
  const background: Promise<void>[] = []
  const owner = { gateway, chance, log, background }
  const plain = !options.gathers && !options.adapters && !options.env && !options.fetch
  const own = plain ? undefined : mount(owner, config, { adapters, fetch: options.fetch }).app
  const lent = lend(owner, config, options.dialect)
  const app = () => own ?? lent()

  async function request(method: string, path: string, { headers = {}, body }: RequestOptions = {}) {
    const raw = typeof body === 'string' || body instanceof Uint8Array
    // The form in which the runtime's server receives a target, before any URL parser sees it.
    const response = await app().request(`http://gateway.test${withDotsMarked(path)}`, {
      method,
      headers: { ...(body !== undefined && !raw && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: raw ? (body as BodyInit) : JSON.stringify(body) }),
    })
    await checkAnswer(app(), { method, path }, response)
    return response
  }
  const admin = (method: string, path: string, body?: unknown) =>
    request(method, `/admin/v1${path}`, { headers: { Authorization: `Bearer ${ADMIN_TOKEN}` }, body })

  return {
    db,
    settled: async () => void (await Promise.all(background.splice(0))),
    gateway,
    copy: () => gateway.copies.deliver(copier),
    engine: (own = {}) =>
      buildSending(own.store?.(store) ?? store, config, {
        ...{ adapters, chance, sending: { ...PACE, ...own.pace } },
        push: {
          ...push,
          ...(own.fetch && { fetch: own.fetch }),
          ...(own.transport && { transport: own.transport }),
        },
      }),
    importer: (own = {}) =>
      buildImports(own.store?.(store) ?? store, config, gateway, {
        ...{ adapters, neighbours, chance, push },
        importing: {
          rows: () => own.rows ?? 50,
          milliseconds: own.milliseconds ?? 60_000,
          rest: own.rest ?? (async () => {}),
        },
      }),
    get app() {
      return app()
    },
    log,
    logged,
    clock,
    request,
    admin,
    async createApp(dialects, more = {}) {
      const response = await admin('POST', '/apps', { name: 'test', dialects, ...more })
      if (response.status !== 201) throw new Error(`no app: ${response.status} ${await response.text()}`)
      return response.json()
    },
  }
}
