import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { openShell } from '../docs/blocks/shell.ts'
import { temporaryFolder } from '../harness/process.ts'
import { freePort } from '../harness/server.ts'

const page = readFileSync('docs/migrate.md', 'utf8')
const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)
/** The expected output of a block, by words in the block. */
const PRINTS: readonly (readonly [block: string, printed: RegExp])[] = [
  ['pushport doctor', /^ok +admin token/m],
  ['pushport provider set', /^state +ok$/m],
  ['--dry-run || test', /Would be: 3 created, 1 rejected/],
  ['--rejects data/left.csv', /3 created, 1 rejected[\s\S]*scientific_notation[\s\S]*1 created/],
  ['registerDevice', /"status_code":200[\s\S]*"status_code":200/],
  ['pushport conformance', /pushwoosh: \d+ passed, 0 failed/],
  [
    'pushport export shop',
    /devices.ndjson has 5 devices\.[\s\S]*5 created[\s\S]*copy.ndjson has 5 devices\./,
  ],
]

const devicesIn = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"type":"device"'))
    .map((line) => {
      const { externalId, token, userId, tags } = JSON.parse(line)
      return { externalId, token, userId, tags }
    })
    .sort((one, other) => one.externalId.localeCompare(other.externalId))

test('docs/migrate.md leads from an empty folder to a migrated app, and out again', async () => {
  const folder = temporaryFolder()
  const [bin, home] = [join(temporaryFolder(), 'bin'), temporaryFolder()]
  mkdirSync(bin)
  symlinkSync(resolve('.scripts/pushport.mjs'), join(bin, 'pushport'))
  const [port, pushPort] = [await freePort(), await freePort()]
  const env = { PATH: `${bin}:${process.env.PATH}`, HOME: home, PORT: String(port) }
  const shell = openShell(folder, env)
  const seen = new Set<string>()
  try {
    for (const block of blocks) {
      const here = block
        .replaceAll('8787', String(port))
        .replace('demo-push.mjs"', `demo-push.mjs" --port ${pushPort}`)
      const { code, text } = await shell.run(here)
      expect([code, block, text]).toEqual([0, block, text])
      for (const [words, printed] of PRINTS.filter(([words]) => block.includes(words))) {
        seen.add(words)
        expect(text).toMatch(printed)
      }
    }
  } finally {
    shell.end()
  }
  expect([...seen]).toEqual(PRINTS.map(([words]) => words))
  const moved = devicesIn(join(folder, 'data', 'devices.ndjson'))
  expect(moved.map(({ externalId, token }) => [externalId, token.split(':')[0]])).toEqual([
    ['phone-of-anna', 'anna-new'],
    ['phone-of-ben', 'ben'],
    ['phone-of-cleo', 'cleo'],
    ['phone-of-dan', 'dan'],
    ['phone-of-eve', 'eve'],
  ])
  expect(moved[0]).toMatchObject({ userId: 'anna', tags: { Level: 7 } })
  expect(devicesIn(join(folder, 'data', 'copy.ndjson'))).toEqual(moved)
}, 600_000)
