import { execFileSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { readyNodes } from '../../.scripts/nodes.mjs'

/** Bundles the Node server once per run, so that what the tests start is what `npm start` starts. */
export function setup(): void {
  execFileSync(process.execPath, ['.scripts/prepare.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] })
  for (const { home } of readyNodes()) cpSync('dist', join(home, 'dist'), { recursive: true })
}
