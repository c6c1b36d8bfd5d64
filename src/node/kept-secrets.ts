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

export const ADMIN_TOKEN: Form = { file: 'admin-token', encoding: 'hex', form: /^\S{16,}$/ }
export const MASTER_KEY: Form = {
  file: 'master-key',
  encoding: 'base64',
  form: /^[A-Za-z0-9+/_-]{43}=?$/,
}

/** The secret that lies in a folder; made where there is none. Throws `ConfigError` where it is damaged. */
export const keptIn = (folder: string | null, of: Form): KeptSecret => known(folder, of) ?? made(folder, of)

export const keptAdminToken = (config: Config): KeptSecret => keptIn(folderOf(config), ADMIN_TOKEN)

/**
 * Throws `ConfigError` where the store holds secrets already: another key would open none of them, and would lie where the
 * right one belongs.
 */
export async function keptMasterKey(config: Config, sealed: () => Promise<boolean>): Promise<KeptSecret> {
  const folder = folderOf(config)
  const kept = known(folder, MASTER_KEY)
  if (kept) return kept
  if (await sealed()) {
    const file = resolve(dirname(config.databaseFile), MASTER_KEY.file)
    throw new ConfigError(
      `${config.databaseFile} holds secrets sealed with a master key, and that key is missing: put its file back at ${file}, or set MASTER_KEY. No other key was made.`,
    )
  }
  return made(folder, MASTER_KEY)
}

/** Beside the database; null for one in memory, which keeps nothing. */
const folderOf = ({ databaseFile }: Config): string | null =>
  databaseFile === ':memory:' ? null : dirname(databaseFile)

function known(folder: string | null, of: Form): KeptSecret | undefined {
  const file = folder === null ? undefined : resolve(folder, of.file)
  if (file === undefined || !existsSync(file)) return undefined
  const value = readFileSync(file, 'utf8').trim()
  if (!of.form.test(value)) throw new ConfigError(`${file} is damaged: it does not hold what was put there.`)
  return { value, file, made: false }
}

function made(folder: string | null, of: Form): KeptSecret {
  const value = randomBytes(32).toString(of.encoding)
  if (folder === null) return { value, file: undefined, made: true }
  const file = resolve(folder, of.file)
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  // On the disk before anything is sealed with it.
  writeFileSync(file, `${value}\n`, { mode: 0o600, flag: 'wx', flush: true })
  return { value, file, made: true }
}
