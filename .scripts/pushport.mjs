#!/usr/bin/env -S node --enable-source-maps
// The command `pushport`: prepares a checkout if necessary, and runs the command line.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
if (existsSync(join(root, 'src'))) {
  const { prepare } = await import('./prepare.mjs')
  await prepare({ development: false })
}
await import('../dist/cli.js')
