import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Config, ConfigError } from '../config.ts'

interface Form {
  readonly file: string
  readonly encoding: 'hex' | 'base64'
  readonly form: RegExp
}

/** A generated secret, stored beside the database and readable only by its owner. */
export interface KeptSecret {
  readonly value: string
  /** Undefined for an in-memory database. */
  readonly file: string | undefined
  /** Created by this start. */
  readonly made: boolean
}

export const ADMIN_TOKEN: Form = { file: 'admin-token', encoding: 'hex', form: /^\S{16,}$/ }
export const MASTER_KEY: Form = {
  file: 'master-key',
  encoding: 'base64',
  form: /^[A-Za-z0-9+/_-]{43}=?$/,
}

/** Reads a secret from a folder, or creates it. Throws `ConfigError` if the file is damaged. */
export const loadOrCreate = (folder: string | null, form: Form): KeptSecret =>
  load(folder, form) ?? create(folder, form)

export const loadOrCreateAdminToken = (config: Config): KeptSecret =>
  loadOrCreate(folderOf(config), ADMIN_TOKEN)

/**
 * Throws `ConfigError` if the key is missing but the store already has encrypted secrets: a new key could not decrypt
 * them, and would occupy the place of the right one.
 */
export async function loadOrCreateMasterKey(
  config: Config,
  hasSecrets: () => Promise<boolean>,
): Promise<KeptSecret> {
  const folder = folderOf(config)
  const existing = load(folder, MASTER_KEY)
  if (existing) return existing
  if (await hasSecrets()) {
    const file = resolve(dirname(config.databaseFile), MASTER_KEY.file)
    throw new ConfigError(
      `${config.databaseFile} contains secrets encrypted with a master key, and that key is missing: restore its file at ${file} or set MASTER_KEY. No new key was created.`,
    )
  }
  return create(folder, MASTER_KEY)
}

/** The database's folder; null for an in-memory database. */
const folderOf = ({ databaseFile }: Config): string | null =>
  databaseFile === ':memory:' ? null : dirname(databaseFile)

function load(folder: string | null, { file: name, form }: Form): KeptSecret | undefined {
  const file = folder === null ? undefined : resolve(folder, name)
  if (file === undefined || !existsSync(file)) return undefined
  const value = readFileSync(file, 'utf8').trim()
  if (!form.test(value)) throw new ConfigError(`${file} is damaged: its content has changed.`)
  return { value, file, made: false }
}

function create(folder: string | null, { file: name, encoding }: Form): KeptSecret {
  const value = randomBytes(32).toString(encoding)
  if (folder === null) return { value, file: undefined, made: true }
  const file = resolve(folder, name)
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  // Flushed to disk before anything is encrypted with it.
  writeFileSync(file, `${value}\n`, { mode: 0o600, flag: 'wx', flush: true })
  return { value, file, made: true }
}
