// Runs on other versions of Node.js, too, because Node parses the arguments.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../harness/process.ts'
import { spawnServer, startServer } from '../harness/server.ts'
import { refused } from './refused.ts'

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }

test.each([
  [['--help'], /--port PORT/],
  [['-h'], /--demo/],
  [['--version'], new RegExp(`^${version.replaceAll('.', '\\.')}\n$`)],
])('%j is answered without a start (newcomer N7)', async (args, expected) => {
  const folder = temporaryFolder()
  const program = spawnServer({ folder, args })
  expect(await program.exited).toEqual({ code: 0, signal: null })
  expect(program.stdout).toMatch(expected)
  expect(program.stderr).toBe('')
  expect(existsSync(join(folder, 'pushport.db'))).toBe(false)
})

test.each([
  [['--prot', '9000'], /^Unknown option '--prot'\. See --help\.\n$/],
  [['serve'], /^Unexpected argument 'serve'\. See --help\.\n$/],
  [['--port'], /--port.*\. See --help\.\n$/],
  [['--port', 'abc'], /^Configuration: PUSHPORT_PORT: must be a whole number from 0 to 65535\n$/],
])('%j ends the start with one line (newcomer N7)', async (args, line) => {
  const folder = temporaryFolder()
  expect(await refused({ folder, args })).toMatch(line)
  expect(existsSync(join(folder, 'pushport.db'))).toBe(false)
})

test('--port and --host win over the environment', async () => {
  const server = await startServer({
    env: { PORT: '1', PUSHPORT_HOST: '203.0.113.1' },
    args: ['--port', '0', '--host=127.0.0.1'],
  })
  expect((await fetch(`${server.origin}/healthz`)).status).toBe(200)
  await server.stop()
})
