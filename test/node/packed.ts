import { execFileSync } from 'node:child_process'
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../harness/process.ts'

/** `npm pack` changes package.json temporarily, so it runs in a copy of the checkout. */
export function packed() {
  const copy = join(temporaryFolder(), 'pushport')
  // The files that a Docker build gets must suffice.
  for (const [, path = ''] of readFileSync('.dockerignore', 'utf8').matchAll(/^!(.+)$/gm))
    cpSync(path, join(copy, path), { recursive: true, preserveTimestamps: true })
  symlinkSync(join(process.cwd(), 'node_modules'), join(copy, 'node_modules'))
  const before = readFileSync(join(copy, 'package.json'), 'utf8')
  const told = execFileSync('npm', ['pack', '--json'], { cwd: copy, encoding: 'utf8', stdio: 'pipe' })
  const [about] = JSON.parse(told) as [{ filename: string; size: number; files: { path: string }[] }]
  return {
    about,
    file: join(copy, about.filename),
    before,
    after: readFileSync(join(copy, 'package.json'), 'utf8'),
  }
}

/** An empty folder with the package in it, and nothing for npm to fetch. */
export function installed(file: string, addon?: string): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'package.json'), '{}')
  const options = [
    '--offline',
    '--omit=optional',
    '--no-audit',
    '--no-fund',
    '--cache',
    join(folder, 'cache'),
  ]
  execFileSync('npm', ['install', file, ...options], { cwd: folder, stdio: 'pipe' })
  if (addon === undefined) return folder
  for (const name of ['better-sqlite3', 'bindings', 'file-uri-to-path'])
    symlinkSync(
      join(addon === '' ? process.cwd() : addon, 'node_modules', name),
      join(folder, 'node_modules', name),
    )
  return folder
}
