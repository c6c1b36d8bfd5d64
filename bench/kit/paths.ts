import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** `bench/run.mjs` runs everything from the root of the repository. */
export const ROOT = resolve('.')

/** Where the bundles of the bench are (`bench/run.mjs`). */
export const built = (name: string): string => join(ROOT, 'dist', 'bench', `${name}.js`)
/** The bundle that `npm start` runs. */
export const productIn = (checkout: string): string => join(checkout, 'dist', 'node.js')
export const MIGRATIONS = join(ROOT, 'schema', 'migrations')
/** The report and its pictures, as they are committed. */
export const REPORT = join(ROOT, 'bench')

/** What is kept between runs, ignored by git. BENCH_DATA puts it on another disk. */
export function data(...parts: readonly string[]): string {
  const folder = join(process.env.BENCH_DATA ?? join(ROOT, 'data', 'bench'), ...parts)
  mkdirSync(folder, { recursive: true })
  return folder
}

/** Deletes a database file with all files that SQLite and the product store beside it. */
export function removeDatabase(file: string): void {
  for (const end of ['', '-wal', '-shm', '.lock']) rmSync(`${file}${end}`, { force: true })
}
