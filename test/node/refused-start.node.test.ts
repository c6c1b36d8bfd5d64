import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../harness/process.ts'
import { spawnServer, startServer } from '../harness/server.ts'
import { refused } from './refused.ts'

const MASTER_KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='

test.each([
  ['PORT', 'abc', 'Configuration: PORT: must be a whole number from 0 to 65535'],
  ['PORT', '65536', 'Configuration: PORT: must be a whole number from 0 to 65535'],
  ['MASTER_KEY', 'short', 'Configuration: MASTER_KEY: must be 32 bytes in base64 or hexadecimal'],
  [
    'ADMIN_TOKEN',
    'two words',
    'Configuration: ADMIN_TOKEN: must not contain spaces: it is sent as a Bearer token',
  ],
  [
    'DATABASE_URL',
    'x',
    'Configuration: DATABASE_URL: must be file:PATH, :memory: or postgres://USER:PASSWORD@HOST/DATABASE',
  ],
  ['ADMIN_TOKEN', 'a', /^Configuration: ADMIN_TOKEN: must have at least 16 characters/],
  ['DATABASE_URL', 'mysql://x', /^Configuration: DATABASE_URL: is the URL of an unsupported database/],
  [
    'DATABASE_URL',
    'postgres://a/b?sslmode=prefer',
    'Configuration: DATABASE_URL: must have sslmode=disable, require, verify-ca, verify-full: whether to encrypt must be stated',
  ],
  [
    'DATABASE_URL',
    'postgres://a/b',
    'Configuration: MASTER_KEY: must be set with PostgreSQL: all gateways on one database need the same value. Generate one with: openssl rand -base64 32',
  ],
  ['RATE_LIMIT', 'maybe', 'Configuration: RATE_LIMIT: must be on or off'],
  ['MAX_BODY_BYTES', '0', 'Configuration: MAX_BODY_BYTES: must be a whole number from 1 to 104857600'],
  ['HOST', '203.0.113.1', /^HOST=203\.0\.113\.1 is not an address of this machine\..* PUSHPORT_HOST\.$/],
])('%s=%s ends the start with one line that says what is wrong', async (variable, value, line) => {
  await expectRefusedStart(temporaryFolder(), { [variable]: value }, line)
})

test('several malformed variables are all named', async () => {
  const line =
    'Configuration: PORT: must be a whole number from 0 to 65535; ADMIN_TOKEN: must not contain spaces: it is sent as a Bearer token'
  await expectRefusedStart(temporaryFolder(), { PORT: 'abc', ADMIN_TOKEN: 'two words' }, line)
})

test('a port in use ends the start with one line', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  await expectRefusedStart(
    temporaryFolder(),
    { PORT: String(port), MASTER_KEY },
    `Port ${port} on 127.0.0.1 is in use. Start with another port: PORT=${port + 1} npm start`,
  )
})

test.each([
  ['no database', 'file is not a database'],
  ['a folder', 'unable to open database file'],
])('a database file that is %s ends the start with one line and is left as it is', async (what, reason) => {
  const folder = temporaryFolder()
  const file = what === 'a folder' ? folder : join(folder, 'pushport.db')
  const text = 'This is a letter, and no database. '.repeat(100)
  if (file !== folder) writeFileSync(file, text)
  await expectRefusedStart(folder, { DATABASE_URL: `file:${file}` }, `cannot open ${file}: ${reason}`)
  if (file !== folder) expect(readFileSync(file, 'utf8')).toBe(text)
})

test('a database that was cut short ends the start with one line', async () => {
  const first = await startServer({ env: { MASTER_KEY } })
  const app = await first.createApp({ 'pusher-beams': {} })
  await first.stop()
  truncateSync(first.databaseFile, Math.floor(statSync(first.databaseFile).size / 3 / 4096) * 4096)
  const second = spawnServer({ folder: first.folder, env: { MASTER_KEY } })
  const { code } = await second.exited
  expect(code).toBe(1)
  expect(second.stderr).toMatch(/^cannot open \S+pushport\.db: .*\n$/)
  expect(second.stderr + second.stdout).not.toContain(String(app.dialects['pusher-beams']?.secretKey))
})

test.each([['another MASTER_KEY', { MASTER_KEY: 'HB0aGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQAPDg0=' }]])(
  '%s: the start ends with one line, and the data is still there for the right one',
  async (_, env) => {
    const first = await startServer({ env: { MASTER_KEY } })
    await first.createApp({ 'pusher-beams': {} })
    await first.stop()
    const line = `The secrets in ${first.databaseFile} were encrypted with another master key; set MASTER_KEY to that key.`
    await expectRefusedStart(first.folder, env, line)
    const again = await startServer({ folder: first.folder, env: { MASTER_KEY } })
    expect(await again.stop()).toBe(0)
  },
)

test('a master key that is missing beside sealed secrets ends the start, and no other is made (newcomer F5)', async () => {
  const first = await startServer({ env: { MASTER_KEY: undefined } })
  await first.createApp({ 'pusher-beams': {} })
  await first.stop()
  const file = join(first.folder, 'master-key')
  const key = readFileSync(file)
  rmSync(file)
  const line = `${first.databaseFile} contains secrets encrypted with a master key, and that key is missing: restore its file at ${file} or set MASTER_KEY. No new key was created.`
  await expectRefusedStart(first.folder, { MASTER_KEY: undefined }, line)
  expect(existsSync(file)).toBe(false)
  writeFileSync(file, key)
  expect(await (await startServer({ folder: first.folder, env: { MASTER_KEY: undefined } })).stop()).toBe(0)
})

test('a damaged secret file ends the start with one line', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'master-key')
  writeFileSync(file, '')
  await expectRefusedStart(folder, {}, `${file} is damaged: its content has changed.`)
})

async function expectRefusedStart(
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  line: string | RegExp,
): Promise<void> {
  const told = (await refused({ folder, env })).trimEnd().split('\n')
  expect(told).toEqual([typeof line === 'string' ? line : expect.stringMatching(line)])
}
