import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { run, temporaryFolder } from '../harness/process.ts'

const LEFT_OUT = ['.git', '.wrangler', '.dev.vars', 'data', 'dist', 'node_modules']

/** In seconds. Two busy cores need thirty; only a command that hangs takes longer. */
const PATIENCE = 240

/** The files of a fresh clone after `npm ci`. */
function freshClone(): string {
  const clone = join(temporaryFolder(), 'pushport')
  cpSync('.', clone, { recursive: true, filter: (file) => !LEFT_OUT.includes(basename(file)) })
  symlinkSync(join(process.cwd(), 'node_modules'), join(clone, 'node_modules'))
  return clone
}

/** The programs in the page's commands, as far as they are missing here. */
const missing = ['bash', 'curl', 'openssl'].filter(
  (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0,
)

const freePort = () =>
  new Promise<string>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(String(typeof address === 'object' && address ? address.port : 0)))
    })
  })

const localCommands = () =>
  /```sh local\n(.*?)```/s.exec(readFileSync('docs/deploy-cloudflare.md', 'utf8'))?.[1] ?? ''

test('the commands of docs/deploy-cloudflare.md end with a device registered through each dialect', async ({
  skip,
}) => {
  skip(missing.length > 0, `not installed: ${missing.join(', ')}`)
  const commands = localCommands()
  expect(commands).toContain('wrangler dev --local')
  // Two Workers that start together would both choose the usual port, and one of them would end.
  expect(commands).toContain('--inspector-port 0')
  const folder = freshClone()
  // With job control, the Worker that the commands leave running has its own process group, which ends with
  // the shell.
  const script = [
    `cd '${folder}'`,
    `set -em; trap 'kill -- -$! 2>&-; wait' EXIT`,
    commands.replaceAll('8787', await freePort()),
    `printf '\\nthe end\\n'`,
  ]
  const env = { HOME: folder, WRANGLER_SEND_METRICS: 'false' }
  const program = run('bash', ['-c', script.join('\n')], { ...env, CI: 'true' })
  try {
    await program.printed(/\nthe end\n/, PATIENCE)
  } finally {
    program.signal('SIGTERM')
    await program.exited
  }
  expect(registeredIn(program.stdout)).toEqual(adapters.map(({ name }) => name).sort())
  expect(program.stdout).toContain('{"status":"ready"}')
  for (const file of ['.dev.vars', 'data']) expect(statSync(join(folder, file)).mode & 0o077, file).toBe(0)
}, 600_000)

/** The dialects of the devices that the last command shows: only a device has an external id. */
const registeredIn = (text: string) =>
  [...text.matchAll(/"dialect":"([^"]+)","externalId":/g)].map(([, name]) => name).sort()

test('the same commands, pasted whole into a terminal, end the same way (newcomer F2)', async ({ skip }) => {
  const lacking = [...missing, ...(spawnSync('script', ['--version']).error ? ['script'] : [])]
  skip(lacking.length > 0, `not installed: ${lacking.join(', ')}`)
  const folder = freshClone()
  const paste = [
    `cd '${folder}'`,
    localCommands().replaceAll('8787', await freePort()),
    // Distinguished from its own echo.
    `printf '\\n%s end\\n' the`,
    'kill %1; wait; exit',
    '',
  ]
  writeFileSync(join(folder, 'paste'), paste.join('\n'))
  // An interactive shell in its own terminal: everything pasted waits in the terminal for the first reader.
  const terminal = `script -qec 'bash --norc --noprofile -i' /dev/null < '${folder}/paste'`
  const program = run('bash', ['-c', terminal], {
    HOME: folder,
    WRANGLER_SEND_METRICS: 'false',
    TERM: 'dumb',
  })
  await program.printed(/\nthe end\r?\n/, PATIENCE)
  await program.exited
  expect(program.stdout).not.toMatch(/Stopped/)
  expect(new Set(registeredIn(program.stdout))).toEqual(new Set(adapters.map(({ name }) => name)))
}, 600_000)
