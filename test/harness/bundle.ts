import { execFileSync } from 'node:child_process'

/** Bundles the Node server once per run, so that what the tests start is what `npm start` starts. */
export function setup(): void {
  execFileSync(process.execPath, ['.scripts/prepare.mjs'], { stdio: ['ignore', 'ignore', 'inherit'] })
}
