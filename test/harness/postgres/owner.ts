import { execFile } from 'node:child_process'
import { chmodSync, chownSync, cpSync, existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { beforeEach } from 'vitest'
import { findPostgres } from '../../../.scripts/postgres.mjs'

const execute = promisify(execFile)

/**
 * Why tests over PostgreSQL are skipped; undefined if they run. With REQUIRE_POSTGRES=1 they always run, and
 * may fail.
 */
export function postgresMissing({ whole = false } = {}): string | undefined {
  const found = findPostgres()
  if (process.env.REQUIRE_POSTGRES === '1' || (found && (found.whole || !whole))) return undefined
  return `no ${found ? 'pg_basebackup' : 'PostgreSQL server'}: install the Debian package \`postgresql\``
}

/**
 * In a suite: shows its tests as skipped with the reason, if there is one. In CI there is none
 * (REQUIRE_POSTGRES).
 */
export const skipWhere = (missing: string | undefined): void =>
  // Skips tests only if there is no server, as `missing` says; CI skips none.
  beforeEach((context) => context.skip(missing !== undefined, missing))

/** PostgreSQL's programs, run as a user who may run a server: it refuses root. */
export interface Owner {
  /** Gives the folder to that user only. */
  own(folder: string): void
  /** Runs one of the programs in the folder; rejects with its output. */
  run(program: string, args: readonly string[], folder: string): Promise<void>
}

interface User {
  readonly uid?: number
  readonly gid?: number
}

/** Debian's user of its servers if it exists, else `nobody`. */
async function unprivileged(): Promise<User> {
  if (process.getuid?.() !== 0) return {}
  for (const name of ['postgres', 'nobody']) {
    const ids = ['-u', '-g'].map((flag) => execute('id', [flag, name]))
    const [uid, gid] = await Promise.all(ids).catch(() => [])
    if (uid && gid) return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  }
  throw new Error('there is no user as whom a PostgreSQL server may run')
}

/** Programs that the owner cannot reach, such as those below root's home, are copied into `spare`. */
export async function findOwner(spare: string): Promise<Owner> {
  const found = findPostgres()
  if (!found)
    throw new Error(`REQUIRE_POSTGRES=1, but there is ${postgresMissing() ?? 'no PostgreSQL server'}`)
  const user = await unprivileged()
  const own = (folder: string) => {
    if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
    chmodSync(folder, 0o700)
  }
  const reached = await execute(join(found.bin, 'postgres'), ['--version'], { ...user, cwd: '/' }).then(
    () => true,
    () => false,
  )
  const bin = reached ? found.bin : copied(found.bin, spare, user)
  return {
    own,
    async run(program, args, folder) {
      try {
        await execute(join(bin, program), args, { ...user, cwd: folder })
      } catch (error) {
        const said = (error as { readonly stdout?: string }).stdout ?? ''
        throw new Error(`${program}: ${said}${error instanceof Error ? error.message : error}`, {
          cause: error,
        })
      }
    },
  }
}

function copied(bin: string, spare: string, { uid = 0, gid = 0 }: User): string {
  const home = join(spare, 'programs')
  if (!existsSync(home)) cpSync(dirname(bin), home, { recursive: true, verbatimSymlinks: true })
  chownSync(home, uid, gid)
  return join(home, 'bin')
}
