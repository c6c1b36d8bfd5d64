import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readyNodes } from '../../.scripts/nodes.mjs'

const MEMORY = '/dev/shm'
const ENOUGH = 4 * 1024 ** 3

/** A folder in memory, if there is room, so that commits of tests in this process need no disk. */
export function fastest(): string {
  if (!existsSync(MEMORY)) return tmpdir()
  const { bavail, bsize } = statfsSync(MEMORY)
  return bavail * bsize > ENOUGH ? MEMORY : tmpdir()
}

/**
 * Bundles the Node server once per run, so that tests start the same program as `npm start`, and creates the
 * folder of the databases that tests open in their own process.
 */
export function setup(): () => void {
  const databases = mkdtempSync(join(fastest(), 'pushport-test-'))
  process.env.TEST_DATABASES = databases
  execFileSync(process.execPath, ['.scripts/prepare.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] })
  for (const { home } of readyNodes()) {
    // Links to folders of an earlier run cannot be copied over.
    rmSync(join(home, 'dist'), { recursive: true, force: true })
    cpSync('dist', join(home, 'dist'), { recursive: true })
  }
  return () => rmSync(databases, { recursive: true, force: true, maxRetries: 3 })
}
