import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { pathToFileURL } from 'node:url'
import { adapters as allAdapters } from '../adapters/index.ts'
import { neighbours } from '../formats/index.ts'
import { configured } from '../src/adapter.ts'
import { buildApp, buildCopier, buildGateway, buildImports, realChance } from '../src/build.ts'
import { type Config, parseConfig } from '../src/config.ts'
import { nativeAes } from '../src/node/aes.ts'
import { nativeSha256 } from '../src/node/hash.ts'
import { httpServer, listening } from '../src/node/http-server.ts'
import { builtFiles } from '../src/node/static-files.ts'
import type { Fetch } from '../src/outbound/outbound.ts'
import { hashBy } from '../src/secrets/hash.ts'
import { sealBy } from '../src/secrets/vault.ts'
import { sqlStore } from '../src/store/sql/store.ts'
import { openNodeDb } from '../src/store/sqlite/node.ts'
import type { Clock } from './clock.ts'
import type { Call, Reply } from './wire.ts'

/** A whole gateway in this process, over a real database, with the simulated clock. */
export interface SimulatedGateway {
  /** A call of a phone. */
  call(call: Call): Promise<Reply>
  /** The admin API; returns the answer's JSON, and throws for an unsuccessful status. */
  admin(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>
  /** The same for answers that are not JSON. */
  text(method: string, path: string, body?: string): Promise<string>
  /** The lines of an answer of the admin API, which may be longer than a string can be. */
  lines(path: string): AsyncIterable<string>
  /** Runs pending work until nothing is due: work after answers, copies and imports. */
  settle(): Promise<void>
  /** Maintenance: expiry, retention and removals, which a running gateway does every few minutes. */
  maintain(): Promise<void>
  /** Serves the console and the admin API on this machine; returns the address. */
  listen(port: number): Promise<string>
  close(): Promise<void>
}

export interface GatewayDeps {
  /** The database file, which is deleted at the end; `:memory:` for none. */
  readonly file: string
  readonly clock: Clock
  readonly fetch: Fetch
  /** Writes use a separate thread, as in production; requires the bundles in `dist`. */
  readonly threaded: boolean
}

const ADMIN_TOKEN = randomUUID()
const BUDGET = { milliseconds: 60_000, steps: 10_000 }
/** Milliseconds after which an answer counts as waiting for other work. */
const PATIENCE = 50
const HOST = 'http://gateway.test'

/** The components of a running gateway. */
function assembled({ file, clock, fetch, threaded }: GatewayDeps) {
  hashBy(nativeSha256)
  sealBy(nativeAes)
  const masterKey = Buffer.from(randomUUID().replaceAll('-', '')).toString('base64')
  const env = {
    RATE_LIMIT: 'off',
    ALLOW_PRIVATE_TARGETS: 'on',
    ADMIN_TOKEN,
    MASTER_KEY: masterKey,
    PORT: '0',
  }
  const config = { ...parseConfig(env, allAdapters), masterKey }
  const writer = pathToFileURL(join('dist', 'writer-thread.js'))
  const db = openNodeDb(file, join('schema', 'migrations'), threaded ? { writer } : {})
  const chance = { now: clock.now, ids: realChance.ids }
  const adapters = configured(allAdapters, config)
  const store = sqlStore(db, clock.now)
  const options = { adapters, neighbours, chance, push: { fetch } }
  const gateway = buildGateway(store, config, options)
  const importing = { rows: () => 500, milliseconds: 1000, rest: async () => {} }
  const background = new Set<Promise<void>>()
  const app = buildApp(config, {
    ...{ adapters, neighbours, fetch, chance },
    gateway: () => gateway,
    adminToken: () => ADMIN_TOKEN,
    address: () => '127.0.0.1',
    ...builtFiles(`${pathToFileURL(join(process.cwd(), 'dist'))}/`),
    log: () => {},
    later(_, work) {
      background.add(work)
      void work.finally(() => background.delete(work)).catch(() => {})
    },
  })
  const copier = buildCopier(config, gateway, { adapters, fetch, now: clock.now })
  return {
    config,
    db,
    gateway,
    copier,
    imports: buildImports(store, config, gateway, { ...options, importing }),
    app,
    background,
  }
}

export async function openSimulatedGateway(deps: GatewayDeps): Promise<SimulatedGateway> {
  const { config, db, gateway, copier, imports, app, background } = assembled(deps)
  let server: ReturnType<typeof httpServer> | undefined

  const asked = async (method: string, path: string, body?: string, type = 'application/json') => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': type }
    const init = { method, headers, ...(body !== undefined && { body }) }
    const answer = await app.fetch(new Request(`${HOST}/admin/v1${path}`, init))
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return answer
  }

  // As in a running gateway, work that an answer waits for runs now, not later, because the clock may then
  // move by hours.
  let leaving: Promise<unknown> | null = null
  const answered = async (answer: Promise<Response>): Promise<Response> => {
    let waits = true
    const ended = answer.finally(() => {
      waits = false
    })
    const patience = () => new Promise((later) => setTimeout(later, PATIENCE))
    for (await Promise.race([ended, patience()]); waits; await Promise.race([ended, patience()])) {
      leaving ??= gateway.copies.deliver(copier).finally(() => {
        leaving = null
      })
      await leaving
    }
    return ended
  }

  async function settle(): Promise<void> {
    for (;;) {
      await Promise.all([...background])
      const copied = await gateway.copies.deliver(copier)
      const imported = await imports.step()
      if (copied === 0 && !imported && background.size === 0) return
    }
  }

  return {
    settle,
    async call({ method, path, headers = {}, body }) {
      const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
      const init = { method, headers, ...(text !== undefined && { body: text }) }
      return replyOf(await answered(Promise.resolve(app.fetch(new Request(`${HOST}${path}`, init)))))
    },
    async admin(method, path, body) {
      const answer = await asked(method, path, body === undefined ? undefined : JSON.stringify(body))
      const text = await answer.text()
      return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
    },
    async text(method, path, body) {
      return (await asked(method, path, body, 'application/octet-stream')).text()
    },
    async *lines(path) {
      const { body } = await asked('GET', path)
      if (body) yield* createInterface({ input: Readable.fromWeb(body as ReadableStream) })
    },
    async maintain() {
      const [fault] = (await gateway.maintenance.run(BUDGET)).faults
      if (fault) throw fault.error
    },
    async listen(port) {
      const own = { ...config, host: '127.0.0.1', port } satisfies Config
      server = httpServer(letIn(app.fetch), own, () => {})
      return `http://127.0.0.1:${(await listening(server, own)).port}`
    },
    async close() {
      server?.closeAllConnections()
      server?.close()
      await settle()
      await db.close()
      if (deps.file === ':memory:') return
      for (const end of ['', '-wal', '-shm', '.lock']) rmSync(`${deps.file}${end}`, { force: true })
    },
  }
}

type Handler = Parameters<typeof httpServer>[0]

/**
 * Console sessions last for hours, which pass in seconds here, so on this machine its pages need no session.
 * Other sites cannot send their header.
 */
function letIn(handler: (request: Request, env?: object) => Response | Promise<Response>): Handler {
  return (request, env) => {
    const bare = request as Request
    if (bare.headers.get('x-pushport-console') !== '1') return handler(bare, env)
    const headers = new Headers(bare.headers)
    headers.set('authorization', `Bearer ${ADMIN_TOKEN}`)
    return handler(new Request(bare, { headers }), env)
  }
}

async function replyOf(answer: Response): Promise<Reply> {
  const text = await answer.text()
  const json = /json/.test(answer.headers.get('content-type') ?? '') && text !== ''
  return { status: answer.status, headers: answer.headers, body: json ? JSON.parse(text) : text }
}
