import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** `bench/run.mjs` runs everything from the root of the repository. */
const root = resolve('.')

/** Where the bundles of the bench are (`bench/run.mjs`). */
export const built = (name: string): string => join(root, 'dist', 'bench', `${name}.js`)
export const PRODUCT = join(root, 'dist', 'node.js')
export const MIGRATIONS = join(root, 'schema', 'migrations')
/** The report and its pictures, as they are committed. */
export const REPORT = join(root, 'bench')

/** What is kept between runs, ignored by git. BENCH_DATA puts it on another disk. */
export function data(...parts: readonly string[]): string {
  const folder = join(process.env.BENCH_DATA ?? join(root, 'data', 'bench'), ...parts)
  mkdirSync(folder, { recursive: true })
  return folder
}
