import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { run, temporaryFolder } from '../harness/process.ts'

const LEFT_OUT = ['.git', '.wrangler', '.dev.vars', 'data', 'dist', 'node_modules']

/** What a fresh clone has after `npm ci`. */
function freshClone(): string {
  const clone = join(temporaryFolder(), 'pushport')
  cpSync('.', clone, { recursive: true, filter: (file) => !LEFT_OUT.includes(file) })
  symlinkSync(join(process.cwd(), 'node_modules'), join(clone, 'node_modules'))
  return clone
}

/** The programs that the page's commands use, as far as they are not there. */
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

test('the commands of docs/deploy-cloudflare.md end with a device registered through each dialect', async ({
  skip,
}) => {
  skip(missing.length > 0, `not installed: ${missing.join(', ')}`)
  const page = readFileSync('docs/deploy-cloudflare.md', 'utf8')
  const commands = /```sh local\n(.*?)```/s.exec(page)?.[1] ?? ''
  expect(commands).toContain('wrangler dev --local')
  const folder = freshClone()
  // Job control gives the Worker that the lines leave running a process group of its own, which ends with the shell.
  const script = [
    `cd '${folder}'`,
    `set -em; trap 'kill -- -$! 2>&-; wait' EXIT`,
    commands.replaceAll('8787', await freePort()),
    `printf '\\nthe end\\n'`,
  ]
  const program = run('bash', ['-c', script.join('\n')], {
    HOME: folder,
    CI: 'true',
    WRANGLER_SEND_METRICS: 'false',
  })
  try {
    await program.printed(/\nthe end\n/, 100)
  } finally {
    program.signal('SIGTERM')
    await program.exited
  }
  // The Worker's log is among what the commands print: only a device has an external id.
  const registered = [...program.stdout.matchAll(/"dialect":"([^"]+)","externalId":/g)].map(
    ([, name]) => name,
  )
  expect(registered.sort()).toEqual(adapters.map(({ name }) => name).sort())
  expect(program.stdout).toContain('{"status":"ready"}')
}, 120_000)
