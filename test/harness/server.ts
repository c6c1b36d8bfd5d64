import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { AppDocument } from './harness.ts'
import { type Program, run, temporaryFolder } from './process.ts'

export const ADMIN_TOKEN = 'server-admin-token-0123456789'

/** The bundled server as a separate process, over a separate database. */
export interface Server {
  readonly program: Program
  readonly origin: string
  readonly port: number
  /** The folder of the database and of the secrets created at the first start. */
  readonly folder: string
  readonly databaseFile: string
  /** Whether the write-ahead log exists; it does not after a clean stop. */
  walLeft(): boolean
  /** Calls the admin API; returns the answer's JSON, or throws if the status is not a success. */
  admin(method: string, path: string, body?: unknown): Promise<unknown>
  createApp(dialects: AppDocument['dialects'], more?: Readonly<Record<string, unknown>>): Promise<AppDocument>
  /** Asks it to stop, and returns its exit code. */
  stop(): Promise<number | null>
  /** Kills it, like a power cut. */
  kill(): Promise<void>
}

export interface ServerOptions {
  /** `worker`: `npm run dev:worker`, over a local D1. By default what TEST_RUNTIME says, or Node. */
  readonly runtime?: 'node' | 'worker'
  readonly folder?: string
  /** `undefined` removes a variable that is otherwise set. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly args?: readonly string[]
}

/** For tests whose push services are on this machine; a shared server may reach them, too. */
export const SENDING: ServerOptions = { env: { ALLOW_PRIVATE_TARGETS: 'on' } }

/** The variables with which a server starts unless a test says otherwise. */
function variables({ folder, env }: ServerOptions & { folder: string }): Record<string, string> {
  const all = {
    PORT: '0',
    DATABASE_URL: `file:${join(folder, 'pushport.db')}`,
    ADMIN_TOKEN,
    LOG_LEVEL: 'info',
    ...env,
  }
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

/** Starts the server without waiting for it, for starts that are meant to fail. */
export function spawnServer(options: ServerOptions = {}): Program {
  const folder = options.folder ?? temporaryFolder()
  const { TEST_NODE = process.execPath, TEST_DIST = 'dist' } = process.env
  const args = ['--enable-source-maps', `${TEST_DIST}/node.js`, ...(options.args ?? [])]
  return run(TEST_NODE, args, variables({ ...options, folder }))
}

/** Like `spawnServer`, in workerd. Wrangler needs an explicit port, and a home for its own files. */
async function spawnWorker(options: ServerOptions & { folder: string }): Promise<Program> {
  const env = { PORT: String(await freePort()), HOME: options.folder, STATE_DIR: options.folder }
  const all = variables({ ...options, env: { ...env, ...options.env } })
  return run(process.execPath, ['--enable-source-maps', 'dist/dev-worker.js', ...(options.args ?? [])], all)
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/**
 * From here on, all starts of a server without options, or with `SENDING`, in this process return the same
 * one, and stopping it does nothing. The returned function ends this, and stops the server.
 */
export function shareServer(): () => Promise<void> {
  sharing = true
  return async () => {
    sharing = false
    const server = await shared
    shared = undefined
    await server?.stop()
  }
}
let sharing = false
let shared: Promise<Server> | undefined

/** Starts the server and waits until it listens. */
export async function startServer(options?: ServerOptions): Promise<Server> {
  if (!sharing || (options && options !== SENDING)) return start(options ?? {})
  shared ??= start(SENDING)
  return { ...(await shared), stop: async () => null }
}

async function start(options: ServerOptions): Promise<Server> {
  const folder = options.folder ?? temporaryFolder()
  const runtime = options.runtime ?? process.env.TEST_RUNTIME ?? 'node'
  const spawned = runtime === 'worker' ? spawnWorker : spawnServer
  const program = await spawned({ ...options, folder })
  const [, origin = '', port] = await program.printed(
    /listens on (http:\/\/\S+:([0-9]+))/,
    runtime === 'worker' ? 150 : undefined,
  )
  const databaseFile = join(folder, 'pushport.db')

  async function admin(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${origin}/admin/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? null : JSON.parse(text)
  }

  return {
    program,
    origin,
    port: Number(port),
    folder,
    databaseFile,
    admin,
    walLeft: () => existsSync(`${databaseFile}-wal`),
    // The answer's shape is covered by the tests of the admin API.
    createApp: (dialects, more = {}) =>
      admin('POST', '/apps', { name: 'test', dialects, ...more }) as Promise<AppDocument>,
    async stop() {
      program.signal('SIGTERM')
      return (await program.exited).code
    },
    async kill() {
      program.signal('SIGKILL')
      await program.exited
    },
  }
}
