// Runs the Worker on this machine: applies migrations, creates missing secrets, and creates the demo app with `--demo`
// or at the first start in a terminal. Reads the gateway's variables, and STATE_DIR, the folder of the local state. With
// DATABASE_URL=postgres://… it is the Worker of wrangler.postgres.toml, over that database.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { adapters } from '../adapters/index.ts'
import { configured } from '../src/adapter.ts'
import { adminClient } from '../src/admin/client.ts'
import { createDemo } from '../src/admin/demo.ts'
import { setVariables } from '../src/config/names.ts'
import { type Config, ConfigError, parseConfig, variablesOf } from '../src/config.ts'
import { parseArguments } from '../src/node/arguments.ts'
import { ADMIN_TOKEN, loadOrCreate, MASTER_KEY } from '../src/node/kept-secrets.ts'
import { type Address, parseAddress } from '../src/store/postgres/address.ts'
import { openPostgres } from '../src/store/postgres/node.ts'

const WRANGLER = join('node_modules', 'wrangler', 'bin', 'wrangler.js')
const env = { ...process.env, WRANGLER_SEND_METRICS: 'false' }
const say = (text: string) => process.stderr.write(`${text}\n`)

try {
  await start()
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  say(error.message)
  process.exitCode = 1
}

async function start(): Promise<void> {
  const { demo, environment: given } = parseArguments(process.argv.slice(2))
  const environment = { ...process.env, ...given }
  const config = parseConfig(environment, adapters)
  const { host, port } = config
  const state = resolve(process.env.STATE_DIR || '.wrangler/state')
  const first = !existsSync(join(state, 'v3'))
  mkdirSync(state, { recursive: true, mode: 0o700 })
  const adminToken = config.adminToken ?? kept(state, ADMIN_TOKEN)
  const masterKey = config.masterKey ?? kept(state, MASTER_KEY)
  const vars: Record<string, string> = {
    ...settings(environment),
    ADMIN_TOKEN: adminToken,
    MASTER_KEY: masterKey,
  }

  const { database, ...more } = await prepared(config, state)

  const flags = [
    'dev',
    '--local',
    '--ip',
    host,
    '--port',
    String(port),
    '--persist-to',
    state,
    // Any free port, because the usual one is taken if two workers start together.
    '--inspector-port',
    '0',
    '--test-scheduled',
  ]
  const worker = spawn(
    process.execPath,
    [
      WRANGLER,
      ...flags,
      ...more.flags,
      '--show-interactive-dev-session=false',
      ...Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
    ],
    { env: { ...env, ...more.env }, stdio: ['ignore', 'inherit', 'inherit'] },
  )
  worker.on('exit', (code) => process.exit(code ?? 1))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => worker.kill(signal))

  const origin = `http://${host}:${port}`
  await alive(origin)
  say(`Pushport (workerd, ${database}) listens on ${origin}`)
  if (!(demo ?? (first && process.stdin.isTTY && process.stdout.isTTY))) return
  const made = await createDemo({
    adapters: configured(adapters, config),
    origin,
    admin: adminClient(origin, adminToken),
  })
  say(made ?? '  no demo app: there already is an app')
}

interface Prepared {
  readonly database: string
  readonly flags: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** Updates the schema, and returns the settings that the Worker needs for its database. */
async function prepared({ postgres }: Config, state: string): Promise<Prepared> {
  if (postgres) {
    const address = parseAddress(postgres.url)
    if (typeof address === 'string') throw new ConfigError(`Configuration: DATABASE_URL: ${address}`)
    const folder = fileURLToPath(new URL('postgres', import.meta.url))
    const db = await openPostgres(address, folder).catch((error: Error) => {
      throw new ConfigError(error.message)
    })
    await db.close()
    return {
      database: `PostgreSQL on ${address.hosts[0]?.host}`,
      flags: ['--config', 'wrangler.postgres.toml'],
      env: { CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_HYPERDRIVE: localString(address) },
    }
  }
  const migrate = [WRANGLER, 'd1', 'migrations', 'apply', 'DB', '--local', '--persist-to', state]
  const migrated = spawnSync(process.execPath, migrate, { env: { ...env, CI: 'true' }, encoding: 'utf8' })
  if (migrated.status !== 0) {
    say(migrated.stdout + migrated.stderr)
    process.exit(1)
  }
  return { database: `D1 in ${state}`, flags: [], env: {} }
}

/**
 * The first of the hosts, in the form for miniflare, which requires a password even if the server does not.
 */
function localString({ hosts: [place], user, password, database, tls }: Address): string {
  const login = [user ?? 'postgres', password ?? 'none'].map(encodeURIComponent).join(':')
  const { host, port } = place ?? { host: 'localhost', port: 5432 }
  return `postgres://${login}@${host}:${port}/${encodeURIComponent(database ?? '')}${tls ? '?sslmode=require' : ''}`
}

/** The gateway's settings in the environment, except the address, which wrangler needs. */
function settings(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const names = variablesOf(adapters).filter((name) => !['HOST', 'PORT', 'DATABASE_URL'].includes(name))
  return Object.fromEntries([...setVariables(environment, names)].map(([name, { text }]) => [name, text]))
}

/** Loads or creates a secret in the state folder; prints a new one. */
function kept(state: string, form: typeof ADMIN_TOKEN): string {
  const { value, file, made } = loadOrCreate(state, form)
  if (made) say(`${form.file} (created, saved to ${file})${form === ADMIN_TOKEN ? `: ${value}` : ''}`)
  return value
}

/** If the Worker cannot start, it ends, and this process with it; the time limit is for one that hangs. */
async function alive(origin: string): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    const answered = await fetch(`${origin}/healthz`).then(
      (response) => response.ok,
      () => false,
    )
    if (answered) return
    await new Promise((resume) => setTimeout(resume, 100))
  }
  throw new ConfigError(`The Worker did not start on ${origin} within two minutes.`)
}
