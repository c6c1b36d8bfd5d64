import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { ROOMS } from './rooms.ts'

export interface Import {
  readonly file: string
  /** A path from the root of the repository, or the name of a package. */
  readonly target: string
  readonly typeOnly: boolean
}

/** Every source file, by its path from the root of the repository. */
export const files: readonly string[] = [
  'src',
  'adapters',
  'formats',
  'vendors',
  'schema',
  'console',
].flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => `${room}/${name}`)
    .sort(),
)

export const imports: readonly Import[] = files.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/^\s*(?:import|export)\s([^'"]*?)from\s+'([^']+)'/gm)].map(
    ([, clause = '', target = '']) => ({
      file,
      target: target.startsWith('.') ? normalize(join(dirname(file), target)) : target,
      typeOnly: isTypeOnly(clause),
    }),
  ),
)

/** `import type …`, or braces in which every name is marked `type`. */
function isTypeOnly(clause: string): boolean {
  if (/^type\s/.test(clause)) return true
  const names = /^\{(.*)\}\s*$/s.exec(clause.trim())?.[1]
  return names?.split(',').every((name) => name.trim() === '' || /^type\s/.test(name.trim())) ?? false
}

/** Imports between our own files. */
export const inside: readonly Import[] = imports.filter(({ target }) => files.includes(target))

/** The room with the longest pattern that matches a file. */
export const roomOf = (file: string): string | undefined =>
  Object.keys(ROOMS)
    .filter((one) => (one.endsWith('/') ? file.startsWith(one) : file === one))
    .sort((a, b) => b.length - a.length)[0]
