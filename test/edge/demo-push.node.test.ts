import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { type Program, run, temporaryFolder } from '../harness/process.ts'
import { freePort } from '../harness/server.ts'

const LEFT_OUT = ['.git', '.wrangler', '.dev.vars', 'data', 'dist', 'node_modules']

interface Locked {
  readonly dev?: boolean
  readonly devOptional?: boolean
}

/** The files of a clone after `npm ci --omit=dev`. */
function productionClone(): string {
  const clone = join(temporaryFolder(), 'pushport')
  cpSync('.', clone, { recursive: true, filter: (file) => !LEFT_OUT.includes(basename(file)) })
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Readonly<Record<string, Locked>>
  }
  // The list includes packages for other platforms, which are not installed.
  const needed = Object.entries(packages).filter(
    ([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional && existsSync(path),
  )
  for (const [path] of needed) {
    if (path.split('node_modules/').length > 2) continue
    mkdirSync(join(clone, dirname(path)), { recursive: true })
    symlinkSync(join(process.cwd(), path), join(clone, path))
  }
  const present = JSON.stringify({ packages: Object.fromEntries(needed) })
  writeFileSync(join(clone, 'node_modules', '.package-lock.json'), present)
  return clone
}

const missing = ['bash', 'curl', 'openssl', 'npm'].filter(
  (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0,
)

/** The command blocks of one section of the README. */
function sectionBlocks(title: string): readonly string[] {
  const [, section = ''] = readFileSync('README.md', 'utf8').split(`## ${title}\n`)
  const text = section.split('\n## ')[0] ?? ''
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code)
}

const PUSH = /a push to phone-of-ann\n(\{\n[\s\S]*?\n\})\n/
const gone = (origin: string) => expect.poll(() => fetch(origin).catch(() => 'gone')).toBe('gone')

test('what the README says to paste in three terminals ends with a push that the test server prints (issue 11)', async ({
  skip,
}) => {
  skip(missing.length > 0, `not installed: ${missing.join(', ')}`)
  const [start = '', server = '', ...rest] = sectionBlocks('See a push arrive')
  expect([start, server]).toEqual(['ALLOW_PRIVATE_TARGETS=on npm start\n', 'npm run demo:push\n'])
  expect(rest.at(-1)?.match(/^curl /gm)).toHaveLength(3)

  const folder = productionClone()
  // The gateway's usual port may be in use on the test machine.
  const port = String(await freePort())
  const terminal = (lines: string): Program =>
    run('bash', ['-c', `cd '${folder}'\n${lines}`], { HOME: folder, PORT: port })
  const gateway = terminal(start)
  await gateway.printed(/listens on/, 60)
  const pushServer = terminal(server)
  const [, origin = ''] = await pushServer.printed(/listens on (\S+)\. /, 30)
  const lines = rest.join('\n').replaceAll('8787', port)
  const send = lines.split(/^(?=curl )/m).at(-1) ?? ''
  const client = terminal([lines, 'until test -e again; do sleep 0.1; done', send].join('\n'))
  const [, printed = ''] = await pushServer.printed(PUSH, 60)
  expect(JSON.parse(printed)).toMatchObject({
    token: 'phone-of-ann',
    notification: { title: 'Hello', body: 'This came through the gateway.' },
    data: { order: '7' },
  })
  expect(statSync(join(folder, 'data', 'demo-push')).mode & 0o077).toBe(0)

  // After a restart, nothing changes for the app; only the access tokens it issued are gone.
  pushServer.signal('SIGTERM')
  await pushServer.exited
  await gone(origin)
  const restarted = terminal(server)
  await restarted.printed(new RegExp(`listens on ${origin}\\. `), 30)
  writeFileSync(join(folder, 'again'), '')
  await restarted.printed(PUSH, 60)
  expect(await client.exited).toMatchObject({ code: 0 })
  expect(client.stdout).toContain(`"endpoint":"${origin}","state":"ok"`)
  expect(client.stdout.match(/"delivered_to":\["android"\]/g)).toHaveLength(2)

  // npm's shells end, and the processes that they started follow.
  for (const program of [gateway, restarted]) program.signal('SIGTERM')
  await Promise.all([gateway.exited, restarted.exited])
  await gone(origin)
})
