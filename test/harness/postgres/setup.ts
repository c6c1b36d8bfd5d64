import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { fastest } from '../bundle.ts'

/**
 * Ends the server and any that tests left running, and deletes its folder, when its input closes: also if the
 * run itself is killed.
 */
const GUARD = `read _
for data in "$0/data" $(cat "$0/others" 2>/dev/null); do
  pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid" && while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
done
rm -rf "$0"`

/** A folder for the cluster that the files of a run share (shared.ts), and a process that ends it. */
export function setup(): (() => Promise<void>) | undefined {
  // Runs once per project of a run.
  if (process.env.TEST_POSTGRES_HOME !== undefined) return undefined
  const folder = mkdtempSync(join(fastest(), 'pushport-pg-'))
  process.env.TEST_POSTGRES_HOME = folder
  const guard = spawn('sh', ['-c', GUARD, folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  return async () => {
    const ended = once(guard, 'exit')
    guard.stdin.end()
    await ended
    delete process.env.TEST_POSTGRES_HOME
  }
}
