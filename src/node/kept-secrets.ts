import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Config, ConfigError } from '../config.ts'

interface Form {
  readonly file: string
  readonly encoding: 'hex' | 'base64'
  readonly form: RegExp
}

/** A secret that nobody configured: it lies beside the database, for its owner only. */
export interface KeptSecret {
  readonly value: string
  /** Undefined for a database in memory, which keeps nothing. */
  readonly file: string | undefined
  /** By this start. */
  readonly made: boolean
}

const ADMIN_TOKEN: Form = { file: 'admin-token', encoding: 'hex', form: /^\S{16,}$/ }
const MASTER_KEY: Form = { file: 'master-key', encoding: 'base64', form: /^[A-Za-z0-9+/_-]{43}=?$/ }

export const keptAdminToken = (config: Config): KeptSecret =>
  kept(config, ADMIN_TOKEN) ?? made(config, ADMIN_TOKEN)

/**
 * Throws `ConfigError` where the store holds secrets already: another key would open none of them, and would lie where the
 * right one belongs.
 */
export async function keptMasterKey(config: Config, sealed: () => Promise<boolean>): Promise<KeptSecret> {
  const known = kept(config, MASTER_KEY)
  if (known) return known
  if (await sealed()) {
    throw new ConfigError(
      `${config.databaseFile} holds secrets sealed with a master key, and that key is missing: put its file back at ${pathOf(config, MASTER_KEY)}, or set MASTER_KEY. No other key was made.`,
    )
  }
  return made(config, MASTER_KEY)
}

const pathOf = ({ databaseFile }: Config, { file }: Form) => resolve(dirname(databaseFile), file)

function kept(config: Config, of: Form): KeptSecret | undefined {
  const file = pathOf(config, of)
  if (config.databaseFile === ':memory:' || !existsSync(file)) return undefined
  const value = readFileSync(file, 'utf8').trim()
  if (!of.form.test(value)) throw new ConfigError(`${file} is damaged: it does not hold what was put there.`)
  return { value, file, made: false }
}

function made(config: Config, of: Form): KeptSecret {
  const value = randomBytes(32).toString(of.encoding)
  if (config.databaseFile === ':memory:') return { value, file: undefined, made: true }
  const file = pathOf(config, of)
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  // On the disk before anything is sealed with it.
  writeFileSync(file, `${value}\n`, { mode: 0o600, flag: 'wx', flush: true })
  return { value, file, made: true }
}
