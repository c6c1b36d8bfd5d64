// Runs what the image runs, without Docker: the package in a folder that its user cannot write to, with the
// Dockerfile's commands.
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run, temporaryFolder } from '../harness/process.ts'
import { freePort } from '../harness/server.ts'
import { installed, packed } from './packed.ts'

const NOBODY = 65534
const isRoot = process.getuid?.() === 0
/** Runs a command as a user without privileges: as another user if the tests run as root. */
const AS_USER = isRoot
  ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--no-new-privs']
  : []

const lines = readFileSync('Dockerfile', 'utf8')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')))
/** The last instruction of this name. */
const instruction = (name: string): string =>
  last.findLast((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? ''
const command = (text: string): string[] => JSON.parse(text.slice(text.indexOf('['))) as string[]

/** The folders of the image; only the data folder belongs to the user. */
function image(file: string) {
  const folder = temporaryFolder()
  chmodSync(folder, 0o755)
  const [app, data] = [join(folder, 'app'), join(folder, 'data')]
  cpSync(join(installed(file), 'node_modules'), join(app, 'node_modules'), { recursive: true })
  // Copied, because the user may not read the checkout.
  for (const name of ['better-sqlite3', 'bindings', 'file-uri-to-path'])
    cpSync(join('node_modules', name), join(app, 'node_modules', name), {
      recursive: true,
      dereference: true,
    })
  mkdirSync(data)
  if (isRoot) chownSync(data, NOBODY, NOBODY)
  spawnSync('chmod', ['-R', 'a+rX,a-w', app])
  return { app, data }
}

const filesOf = (folder: string) => readdirSync(folder, { recursive: true }).map(String).sort()

test('the commands of the image serve as a user without rights who may write to the data alone', async () => {
  const { app, data } = image(packed().file)
  const before = filesOf(app)
  const [touch = '', ...touched] = [...AS_USER, 'touch', 'x']
  const written = spawnSync(touch, touched, { cwd: app })
  expect(written.status).not.toBe(0)

  const environment = Object.fromEntries(
    instruction('ENV')
      .split(/\s+/)
      .map((pair) => pair.split(/=(.*)/s) as [string, string]),
  )
  expect(environment.PUSHPORT_HOST).toBe('0.0.0.0')
  const port = String(await freePort())
  const env = {
    ...environment,
    PUSHPORT_HOST: '127.0.0.1',
    PUSHPORT_PORT: port,
    PUSHPORT_DATABASE_URL: String(environment.PUSHPORT_DATABASE_URL).replace('/data/', `${data}/`),
  }
  const healthy = () => {
    const [program = '', ...args] = [...AS_USER, ...command(instruction('HEALTHCHECK'))]
    return spawnSync(program, args, { cwd: app, env: { PATH: process.env.PATH, ...env } }).status
  }
  expect(healthy()).toBe(1)
  const [program = '', ...args] = [
    ...AS_USER,
    ...command(instruction('ENTRYPOINT')),
    ...command(instruction('CMD')),
  ]
  const gateway = run('env', ['-C', app, program, ...args], env)
  await gateway.printed(/listens on|"msg":"listens/)
  expect(healthy()).toBe(0)
  expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200)
  gateway.signal('SIGTERM')
  expect((await gateway.exited).code).toBe(0)
  expect(healthy()).toBe(1)
  expect(filesOf(app)).toEqual(before)
  expect(filesOf(data)).toEqual(expect.arrayContaining(['admin-token', 'master-key', 'pushport.db']))
  spawnSync('chmod', ['-R', 'u+w', app])
  rmSync(app, { recursive: true, force: true })
})
