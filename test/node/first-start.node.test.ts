import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { run, temporaryFolder } from '../harness/process.ts'
import { ADMIN_TOKEN, startServer } from '../harness/server.ts'

/** The content of each file that a first start creates. */
const kept = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8').trim()

test('the first start makes the secrets, names the admin token once and keeps both for their owner', async () => {
  const env = { ADMIN_TOKEN: undefined, MASTER_KEY: undefined }
  const first = await startServer({ env, args: ['--demo'] })
  await first.program.printed(/A demo app was created/)
  const token = kept(first.folder, 'admin-token')
  const masterKey = kept(first.folder, 'master-key')
  expect(token).toMatch(/^[0-9a-f]{64}$/)
  for (const file of ['admin-token', 'master-key', 'pushport.db']) {
    expect(statSync(join(first.folder, file)).mode & 0o777, file).toBe(0o600)
  }
  const opens = (origin: string) =>
    fetch(`${origin}/admin/v1/apps`, { headers: { Authorization: `Bearer ${token}` } })
  expect((await opens(first.origin)).status).toBe(200)
  await first.stop()
  expect(first.program.stderr.split(token)).toHaveLength(2)
  expect(first.program.stderr + first.program.stdout).not.toContain(masterKey)
  expect(first.program.stdout).not.toContain(token)

  const second = await startServer({ folder: first.folder, env, args: ['--demo'] })
  await second.program.printed(/no demo app: there already is an app/)
  const apps = (await (await opens(second.origin)).json()) as { apps: unknown[] }
  expect(apps.apps, 'the demo app is made once').toHaveLength(1)
  await second.stop()
  expect(second.program.stderr).not.toContain(token)
  expect(second.program.stderr).toContain(`admin token: in ${join(first.folder, 'admin-token')}\n`)
})

test('every command that the first start prints registers a device when it is pasted', async ({ skip }) => {
  if (spawnSync('curl', ['--version']).error) skip('no `curl`: install the Debian package `curl`')
  const server = await startServer({ args: ['--demo'] })
  await server.program.printed(/# See it[^\n]*\n[^\n]*\n/)
  expect(server.program.stdout, 'the gateway logs no calls of its own (N1)').not.toContain('"msg":"request"')
  const commands = [...server.program.stderr.matchAll(/^# (\S+)\n((?:[^#\n].*\n)+)/gm)]
  expect(commands.map(([, dialect]) => dialect)).toEqual(adapters.map(({ name }) => name))
  for (const [, dialect, command = ''] of commands) {
    const script = command.replaceAll('curl ', 'curl --fail-with-body ')
    const answer = spawnSync('bash', ['-ec', script], { encoding: 'utf8', timeout: 60_000 })
    expect(answer.status, `${dialect}: ${answer.stdout}${answer.stderr}`).toBe(0)
  }
  const { apps } = (await server.admin('GET', '/apps')) as { apps: { id: string }[] }
  const { devices } = (await server.admin('GET', `/apps/${apps[0]?.id}/devices`)) as {
    devices: { dialect: string }[]
  }
  expect(new Set(devices.map(({ dialect }) => dialect))).toEqual(new Set(adapters.map(({ name }) => name)))
  const [, told, see = ''] = /# See it: (.*)\n(curl .*)\n/.exec(server.program.stderr) ?? []
  expect(told).toBe('5 devices, 1 phone')
  const seen = spawnSync('bash', ['-ec', see], { encoding: 'utf8', env: { ...process.env, ADMIN_TOKEN } })
  const { installations } = JSON.parse(seen.stdout) as { installations: { devices: unknown[] }[] }
  expect(installations.map((one) => one.devices.length)).toEqual([5])
  await server.stop()
})

test('a signal to npm stops the server that it started', async () => {
  const npm = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim()
  const folder = temporaryFolder()
  const started = run(npm, ['start'], { PORT: '0', DATABASE_URL: `file:${folder}/p.db`, HOME: folder })
  const [, origin = ''] = await started.printed(/listens on (\S+)/, 60)
  started.signal('SIGTERM')
  await started.exited
  await expect(fetch(`${origin}/healthz`)).rejects.toThrow()
})
