// The package as npm publishes it, installed into an empty folder.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { readyNodes } from '../../.scripts/nodes.mjs'
import { run } from '../harness/process.ts'
import { ADMIN_TOKEN } from '../harness/server.ts'
import { installed, packed } from './packed.ts'

const CODE = 'AAAAA-BBBBB'

/** `npx pushport` without the shell that npm adds. */
async function started(folder: string, node: string) {
  const began = performance.now()
  const program = run(node, [join(folder, 'node_modules', '.bin', 'pushport'), '--port', '0'], {
    ...{ ADMIN_TOKEN, LOG_LEVEL: 'error', DATABASE_URL: `file:${folder}/data/pushport.db` },
  })
  const [, origin = ''] = await program.printed(/listens on (\S+)/)
  return { program, origin, ms: Math.round(performance.now() - began) }
}

const post = async (url: string, body: unknown, headers = {}) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return response.json()
}

const list = (node: string, folder: string, origin: string, app: string) =>
  execFileSync(node, ['--input-type=module', '-e', LIST, origin, ADMIN_TOKEN, app], {
    cwd: folder,
    encoding: 'utf8',
  }).trim()

const LIST = `
import { createClient } from 'pushport/client'
const [url, token, app] = process.argv.slice(1)
const { data } = await createClient({ url, token }).GET('/apps/{app}/devices', { params: { path: { app } } })
console.log(data.devices.map(({ externalId }) => externalId).join())`

const nodes = readyNodes()
const WAYS: readonly { name: string; node: string; addon?: string; sqlite: RegExp | null }[] = [
  { name: 'this Node.js', node: process.execPath, addon: '', sqlite: null },
  ...nodes.flatMap(({ name, program }) => [
    {
      ...{ name: `${name} without better-sqlite3`, node: program },
      sqlite: /SQLite: the one in Node\.js 2[0-9.]+, because better-sqlite3 is not installed/,
    },
  ]),
]

describe('the package', () => {
  let it: ReturnType<typeof packed>
  beforeAll(() => {
    it = packed()
  })

  test('has the programs, their licences and nothing of the sources or tests', () => {
    const paths = it.about.files.map(({ path }) => path)
    expect(paths).toEqual(
      expect.arrayContaining([
        ...['LICENSE', 'README.md', 'CHANGELOG.md', 'dist/npm/cli.js', 'dist/npm/node.js'],
        ...['dist/npm/client.js', 'dist/npm/client.d.ts', 'dist/npm/LICENSES.txt'],
        ...['dist/npm/migrations/0000_house.sql', 'dist/npm/postgres/0000_house.sql'],
        'dist/npm/assets/console/index.html',
      ]),
    )
    const rest = paths.filter(
      (path) => !/^(dist\/npm\/|(LICENSE|(README|CHANGELOG)\.md|package\.json)$)/.test(path),
    )
    expect(rest).toEqual([])
    expect(paths.filter((path) => /\.map$|_snapshot|test/.test(path))).toEqual([])
    expect(it.about.size).toBeLessThan(1_500_000)
  })

  test('needs nothing but better-sqlite3, and not even that', () => {
    const read = (name: string) =>
      execFileSync('tar', ['xzOf', it.file, `package/${name}`], { encoding: 'utf8' })
    const manifest = JSON.parse(read('package.json'))
    expect(manifest).not.toHaveProperty('private')
    expect(manifest).not.toHaveProperty('dependencies')
    expect(Object.keys(manifest.optionalDependencies)).toEqual(['better-sqlite3'])
    const licences = read('dist/npm/LICENSES.txt')
    for (const name of ['hono', 'zod', 'pino', 'pg', 'undici', 'openapi-fetch'])
      expect(licences).toMatch(new RegExp(`^${name} [0-9.]+ \\(`, 'm'))
  })

  test('leaves the package.json of the checkout as it was', () => {
    expect(it.after).toBe(it.before)
  })

  test.each(WAYS)(
    'is installed, started, and registers a device: $name',
    async ({ name, node, addon, sqlite }) => {
      const folder = installed(it.file, addon)
      const first = await started(folder, node)
      process.stderr.write(`the package on ${name}: listens after ${first.ms} ms\n`)
      if (sqlite) expect(first.program.stderr).toMatch(sqlite)
      else expect(first.program.stderr).not.toContain('SQLite:')
      expect(first.program.stderr).not.toContain('Warning')
      const app = await post(
        `${first.origin}/admin/v1/apps`,
        { name: 'shop', dialects: { pushwoosh: { applicationCode: CODE } } },
        { Authorization: `Bearer ${ADMIN_TOKEN}` },
      )
      const device = { application: CODE, hwid: 'phone-1', push_token: 'ab'.repeat(32), device_type: 1 }
      const answer = await post(`${first.origin}/json/1.3/registerDevice`, { request: device })
      expect(answer).toMatchObject({ status_code: 200 })
      const page = await fetch(`${first.origin}/console/`)
      expect(await page.text()).toContain('<title>Pushport</title>')
      first.program.signal('SIGTERM')
      expect((await first.program.exited).code).toBe(0)

      const second = await started(folder, node)
      expect(list(node, folder, second.origin, (app as { id: string }).id)).toBe('phone-1')
      second.program.signal('SIGTERM')
      expect((await second.program.exited).code).toBe(0)
    },
  )

  test.skipIf(nodes.length === 0)('a backup of one SQLite is restored by the other', async () => {
    const [folder, other] = [installed(it.file), installed(it.file, '')]
    const node = nodes.at(-1)?.program ?? ''
    const { program, origin } = await started(folder, node)
    const bin = (of: string) => join(of, 'node_modules', '.bin', 'pushport')
    const env = {
      PATH: process.env.PATH,
      PUSHPORT_URL: origin,
      PUSHPORT_ADMIN_TOKEN: ADMIN_TOKEN,
      HOME: folder,
    }
    const backup = join(folder, 'backup.db')
    const made = spawnSync(node, [bin(folder), 'backup', backup], { env, encoding: 'utf8' })
    expect([made.status, made.stderr]).toEqual([0, expect.anything()])
    program.signal('SIGTERM')
    await program.exited
    const target = join(other, 'restored.db')
    mkdirSync(join(other, 'data'))
    const restored = spawnSync(process.execPath, [bin(other), 'restore', backup, '--to', target], {
      env,
      encoding: 'utf8',
    })
    expect([restored.status, restored.stderr]).toEqual([0, ''])
  })

  test('its client has types that say which calls there are', () => {
    const folder = installed(it.file)
    writeFileSync(
      join(folder, 'use.mts'),
      `import { createClient } from 'pushport/client'
const client = createClient({ url: 'https://push.example.com' })
const { data } = await client.GET('/apps')
export const id: string | undefined = data?.apps[0]?.id
// @ts-expect-error: there is no such call.
await client.GET('/nothing')
`,
    )
    const tsc = join(process.cwd(), 'node_modules', 'typescript', 'bin', 'tsc')
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', 'use.mts']
    const told = spawnSync(process.execPath, [tsc, ...options], { cwd: folder, encoding: 'utf8' })
    expect([told.stdout, told.status]).toEqual(['', 0])
  })
})
