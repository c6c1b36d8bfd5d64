import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Config, ConfigError } from '../config.ts'

/** A secret that is made where nobody configured it. */
export interface KeptSecret {
  readonly file: string
  readonly encoding: 'hex' | 'base64'
  readonly form: RegExp
  /** What the operator is told: the admin token itself, once; of the master key only where it is. */
  readonly told: (file: string, secret: string) => string
}
export const ADMIN_TOKEN: KeptSecret = {
  file: 'admin-token',
  encoding: 'hex',
  form: /^\S{16,}$/,
  told: (file, secret) => `ADMIN_TOKEN (made now, kept in ${file}): ${secret}`,
}

export const MASTER_KEY: KeptSecret = {
  file: 'master-key',
  encoding: 'base64',
  form: /^[A-Za-z0-9+/_-]{43}=?$/,
  told: (file) => `MASTER_KEY was made and is kept in ${file}; back it up.`,
}

/** Made once, kept beside the database for its owner only, and named once. */
export function kept(
  { databaseFile }: Config,
  { file: name, encoding, form, told }: KeptSecret,
  say: (text: string) => void,
): string {
  const made = randomBytes(32).toString(encoding)
  if (databaseFile === ':memory:') {
    say(told('memory', made))
    return made
  }
  const file = resolve(dirname(databaseFile), name)
  if (existsSync(file)) {
    const secret = readFileSync(file, 'utf8').trim()
    if (!form.test(secret)) throw new ConfigError(`${file} is damaged: it does not hold what was put there.`)
    return secret
  }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  // On the disk before anything is sealed with it.
  writeFileSync(file, `${made}\n`, { mode: 0o600, flag: 'wx', flush: true })
  say(told(file, made))
  return made
}
