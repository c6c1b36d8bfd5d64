import { existsSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { connect as connectPlain } from 'node:net'
import { dirname, resolve } from 'node:path'
import { connect as connectTls } from 'node:tls'
import type { Config } from '../config.ts'
import { Fault } from './faults.ts'
import { configurationOf, databaseOf, inWords, MIGRATIONS, misspeltIn } from './local.ts'

/** The name of the check. */
export interface Check {
  readonly check: string
  readonly ok: boolean
  /** The result or, for a failed check, what to do. */
  readonly told: string
}

export const well = (check: string, told: string): Check => ({ check, ok: true, told })
export const ill = (check: string, told: string): Check => ({ check, ok: false, told })

/** Clock error in seconds beyond which signed tokens are refused. */
export const SKEW = 30
/** Free bytes below which a disk counts as almost full. */
const LEAST_FREE = 512 * 1024 ** 2
const LONGEST = 5000
const MIB = 1024 ** 2

/** Push services that a gateway calls. */
export const OUTSIDE = [
  'https://fcm.googleapis.com',
  'https://api.push.apple.com',
  'https://updates.push.services.mozilla.com',
] as const

/**
 * Checks the environment in which a gateway would start here. Changes nothing and needs no running gateway.
 */
export async function localChecks(
  environment: Readonly<Record<string, string | undefined>>,
  outside: readonly string[],
): Promise<readonly Check[]> {
  let config: Config
  try {
    config = configurationOf(environment)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return [ill('configuration', error.message)]
  }
  const near = misspeltIn(environment)
  const configuration =
    near.length === 0 ? well('configuration', config.databaseFile) : ill('configuration', near.join(' '))
  return [
    configuration,
    ...keys(config),
    ...(await store(config)),
    ...disk(config),
    ...(await reach(outside)),
  ]
}

/** The secrets that a start would use, in the environment or beside the database. */
function keys(config: Config): readonly Check[] {
  const kept = [
    ['master key', 'MASTER_KEY', config.masterKey, 'master-key', 32],
    ['admin token', 'ADMIN_TOKEN', config.adminToken, 'admin-token', 16],
  ] as const
  return kept.map(([check, variable, given, name, least]) => {
    if (given !== undefined) return well(check, `from ${variable}`)
    if (config.postgres)
      return ill(check, `Set ${variable}: all gateways on one PostgreSQL database need the same value.`)
    if (config.databaseFile === ':memory:') return well(check, 'generated at each start')
    const file = resolve(dirname(config.databaseFile), name)
    if (!existsSync(file))
      return existsSync(config.databaseFile)
        ? ill(check, `${file} is missing but the database exists: restore the file or set ${variable}.`)
        : well(check, `${file} will be created at the first start`)
    if (readFileSync(file, 'utf8').trim().length < least) return ill(check, `${file} is damaged.`)
    if ((statSync(file).mode & 0o077) !== 0)
      return ill(check, `${file} is readable by other users: chmod 600 ${file}`)
    return well(check, file)
  })
}

async function store(config: Config): Promise<readonly Check[]> {
  try {
    const { schemaState } = await import('../move/schema.ts')
    const { empty, pending, unknown } = await inWords(() => schemaState(databaseOf(config), MIGRATIONS))
    const opened = well('store', config.databaseFile)
    if (unknown > 0)
      return [
        opened,
        ill('migrations', `${unknown} are from a newer Pushport: start that version or restore a backup.`),
      ]
    if (empty) return [opened, well('migrations', 'none yet: the first start creates the tables')]
    return pending.length === 0
      ? [opened, well('migrations', 'up to date')]
      : [
          opened,
          ill(
            'migrations',
            `${pending.length} are pending: \`pushport migrate\` or the next start runs them.`,
          ),
        ]
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return [ill('store', error.message)]
  }
}

/** A backup or a vacuum temporarily needs as much space as the database. */
function disk({ postgres, databaseFile }: Config): readonly Check[] {
  if (postgres || databaseFile === ':memory:') return []
  let folder = dirname(resolve(databaseFile))
  while (!existsSync(folder)) folder = dirname(folder)
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const size = [databaseFile, `${databaseFile}-wal`].reduce(
    (sum, file) => sum + (existsSync(file) ? statSync(file).size : 0),
    0,
  )
  const told = `${Math.floor(free / MIB)} MiB free in ${folder}; the database has ${Math.ceil(size / MIB)} MiB`
  return [
    free >= Math.max(LEAST_FREE, size)
      ? well('disk', told)
      : ill(
          'disk',
          `${told}: a backup needs as much space as the database, and a full disk stops the gateway.`,
        ),
  ]
}

/** Whether the push services can be reached from here, and whether this machine's clock agrees with theirs. */
async function reach(outside: readonly string[]): Promise<readonly Check[]> {
  const reached = await Promise.all(
    outside.map(async (place): Promise<Check> => {
      const fault = await connecting(place)
      return fault === null
        ? well(`outside ${new URL(place).host}`, 'can be reached')
        : ill(`outside ${new URL(place).host}`, `cannot be reached (${fault}): check the firewall`)
    }),
  )
  const times = await Promise.all(outside.map(timeOf))
  const skew = times.find((one) => one !== null)
  if (skew === undefined || skew === null) return reached
  const told = `${Math.round(Math.abs(skew))} s from theirs`
  return [
    ...reached,
    Math.abs(skew) <= SKEW ? well('clock', told) : ill('clock', `${told}: synchronize the clock with NTP.`),
  ]
}

/** The reason why no connection is possible; null if it is. */
function connecting(place: string): Promise<string | null> {
  const { protocol, hostname, port } = new URL(place)
  return new Promise((resolved) => {
    const at = { host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) }
    const socket = protocol === 'https:' ? connectTls({ ...at, servername: hostname }) : connectPlain(at)
    const ended = (fault: string | null) => {
      socket.destroy()
      resolved(fault)
    }
    socket.setTimeout(LONGEST, () => ended('no answer'))
    socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => ended(null))
    socket.once('error', (error: NodeJS.ErrnoException) => ended(error.code ?? error.message))
  })
}

/**
 * Seconds by which a server's clock is ahead of this one; null if it does not answer with a date over
 * HTTP/1.1.
 */
async function timeOf(place: string): Promise<number | null> {
  try {
    const response = await fetch(place, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(LONGEST),
    })
    const date = Date.parse(response.headers.get('date') ?? '')
    return Number.isNaN(date) ? null : (date - Date.now()) / 1000
  } catch {
    return null
  }
}
