import { createRequire } from 'node:module'
import type BetterSqlite from 'better-sqlite3'
import { builtInSqlite, type Connection, type ConnectionOptions } from './built-in.ts'
import { type AddonUtil, keepAll } from './kept.ts'

export type { Connection }
export type Statement = BetterSqlite.Statement

interface Driver {
  open(file: string, options?: ConnectionOptions): Connection
  /** Why this is not better-sqlite3; undefined if it is. */
  readonly instead?: string
}

const require = createRequire(import.meta.url)
/**
 * Whether Node.js aborts when it collects an object of better-sqlite3 12: from 24.19 the header with which the addon is
 * compiled removes a clean-up hook in the destructor, where no context is entered (nodejs/node#65446, #65262). An addon that was
 * compiled elsewhere does not show which header it had, so every release from 24 counts.
 */
const abortsOnCollection = Number(process.versions.node.split('.')[0]) >= 24

let chosen: Driver | undefined

/** Opens a connection to a file, or to `:memory:`. Throws better-sqlite3's error if there is no SQLite at all. */
export const openConnection = (file: string, options?: ConnectionOptions): Connection =>
  driver().open(file, options)

/** Why the SQLite of Node.js is used; undefined if better-sqlite3 is. */
export const insteadOfAddon = (): string | undefined => driver().instead

/** better-sqlite3, or the SQLite of Node.js if its addon is missing or was built for another version. */
function driver(): Driver {
  chosen ??= betterSqlite()
  return chosen
}

function betterSqlite(): Driver {
  try {
    const Database: typeof BetterSqlite = require('better-sqlite3')
    const util: AddonUtil | undefined = abortsOnCollection ? require('better-sqlite3/lib/util') : undefined
    const open: Driver['open'] = (file, options) => {
      const client = new Database(file, options)
      return util ? keepAll(client, util) : client
    }
    // Only opening a connection loads the addon.
    open(':memory:').close()
    return { open }
  } catch (error) {
    const open = builtInSqlite()
    if (!open) throw error
    return { open, instead: reasonOf(error) }
  }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (/Cannot find module/.test(message)) return 'better-sqlite3 is not installed'
  if (/NODE_MODULE_VERSION|different Node\.js version/.test(message))
    return 'better-sqlite3 was built for another version of Node.js'
  if (/Could not locate the bindings file/.test(message)) return 'better-sqlite3 could not be built here'
  return `better-sqlite3 does not load (${message.split('\n')[0]})`
}

/** SQLite's own code of an error, such as `SQLITE_BUSY`; undefined for errors that are not SQLite's. */
export function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' && error.code.startsWith('SQLITE_') ? error.code : undefined
}
