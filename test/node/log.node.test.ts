import { execFileSync, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { run, temporaryFolder } from '../harness/process.ts'
import { ADMIN_TOKEN, freePort } from '../harness/server.ts'

/** One stop by a signal, and one right after an answer, before the event loop turns. */
const FAULTS = `
  import { subscribe } from 'node:diagnostics_channel'
  process.on('SIGUSR2', () => setImmediate(() => { throw new Error('a fault') }))
  subscribe('http.server.response.finish', ({ request }) => {
    if (request.url === '/last') process.exit(1)
  })`

/**
 * A server started by a shell: `where` redirects its output. Its pid is the shell's, which becomes the
 * server.
 */
async function started(where: string, setup = '', env: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder()
  const port = await freePort()
  const fault = join(folder, 'fault.mjs')
  writeFileSync(fault, FAULTS)
  const server = `node --import ${fault} dist/node.js`
  const script = `cd "${process.cwd()}"; ${setup} ${where}`
    .replaceAll('SERVER', server)
    .replaceAll('FOLDER', folder)
  const program = run('bash', ['-c', script], {
    PORT: String(port),
    DATABASE_URL: `file:${folder}/pushport.db`,
    ADMIN_TOKEN,
    LOG_LEVEL: 'info',
    ...env,
  })
  const origin = `http://127.0.0.1:${port}`
  const answers = async (path = '/readyz') => {
    const response = await fetch(`${origin}${path}`, { signal: AbortSignal.timeout(30_000) })
    await response.arrayBuffer()
    return response.status
  }
  for (let tries = 0; tries < 600; tries++) {
    if (await answers('/healthz').catch(() => 0)) break
    await new Promise((resume) => setTimeout(resume, 100))
  }
  const pid = () => Number(readFileSync(join(folder, 'pid'), 'utf8'))
  onTestFinished(() => {
    try {
      process.kill(pid(), 'SIGKILL')
    } catch {
      // It has ended as it should.
    }
  })
  return { folder, program, answers, pid, origin }
}

/** Whether a process ends within the time. */
async function ends(pid: number, seconds: number): Promise<boolean> {
  for (const late = performance.now() + seconds * 1000; performance.now() < late; ) {
    try {
      process.kill(pid, 0)
    } catch {
      return true
    }
    await new Promise((resume) => setTimeout(resume, 50))
  }
  return false
}

const many = async (answers: (path?: string) => Promise<number>, count: number) => {
  const codes = new Set<number>()
  for (let at = 0; at < count; at += 50) {
    for (const code of await Promise.all(Array.from({ length: 50 }, () => answers(`/nothing-${at}`))))
      codes.add(code)
  }
  return [...codes]
}

const KEEP_PID = 'echo $BASHPID > FOLDER/pid; exec SERVER'

test.each([
  ['its reader took four lines', `(${KEEP_PID}) 2>&1 | head -4 >/dev/null`],
  ['its reader never read', `(${KEEP_PID}) 2>&1 | true`],
  ['its reader is dead, standard error only', `(${KEEP_PID}) 2> >(true) >/dev/null`],
  ['the disk is full', `(${KEEP_PID}) >/dev/full 2>&1`],
  ['it is closed', `(${KEEP_PID}) >&- 2>&-`],
  ['nobody reads, and the pipe stays open', `(${KEEP_PID}) 2>&1 | sleep 60`],
])(
  'where %s, requests are answered and a signal ends the gateway (newcomer F1, hostile F6)',
  async (_, where) => {
    const server = await started(where)
    expect(await many(server.answers, 500)).toEqual([404])
    expect(await server.answers()).toBe(200)
    process.kill(server.pid(), 'SIGTERM')
    expect(await ends(server.pid(), 30)).toBe(true)
    await expect(server.answers()).rejects.toThrow()
  },
)

test.each([
  ['a closed pipe', `(${KEEP_PID}) 2>&1 | true`],
  ['a full disk', `(${KEEP_PID}) >/dev/full 2>&1`],
  ['a pipe that nobody reads', `(${KEEP_PID}) 2>&1 | sleep 60`],
])('after a fatal fault the process ends within a bounded time over %s (newcomer F1)', async (_, where) => {
  const server = await started(where)
  process.kill(server.pid(), 'SIGUSR2')
  expect(await ends(server.pid(), 30)).toBe(true)
})

test('lines for which a dead reader leaves no room are dropped, and counted once there is room (hostile F6)', async () => {
  // The shell keeps the pipe's other end open and does not read until asked.
  const server = await started(
    `(${KEEP_PID} 3<&- >FOLDER/log) & wait`,
    'mkfifo FOLDER/log; exec 3<>FOLDER/log;',
  )
  const count = 2500
  expect(await many(server.answers, count)).toEqual([404])
  const path = join(server.folder, 'log')
  const reader = run('cat', [path])
  const [, dropped = '0'] = await reader.printed(/"dropped":([0-9]+),"msg":"log lines were dropped"/)
  await server.answers('/nothing')
  await reader.printed(/were dropped"[\s\S]*"msg":"request".*\n/)
  reader.signal('SIGTERM')
  await reader.exited
  const lines = reader.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { msg: string })
  const requests = lines.filter(({ msg }) => msg === 'request').length
  expect(Number(dropped)).toBeGreaterThan(100)
  // Every line is complete, and either present or counted: those before, the last one, and the probes at the
  // start of this test.
  expect(requests + Number(dropped)).toBeGreaterThanOrEqual(count + 1)
  process.kill(server.pid(), 'SIGTERM')
  expect(await ends(server.pid(), 30)).toBe(true)
})

test('a log on a full disk of its own goes on when there is room, with the count of what was dropped (hostile F6)', async ({
  skip,
}) => {
  const disk = temporaryFolder()
  skip(
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]).status !== 0,
    'mounting is not permitted',
  )
  onTestFinished(() => void execFileSync('umount', ['-l', disk]))
  const server = await started(`(${KEEP_PID}) >>${disk}/log 2>FOLDER/err`)
  expect(await many(server.answers, 2500)).toEqual([404])
  expect(await server.answers(`/device_api/v1/instances/${randomUUID()}/devices/fcm`)).toBe(404)
  expect(await server.answers()).toBe(200)
  execFileSync('truncate', ['-s', '0', join(disk, 'log')])
  execFileSync('mount', ['-o', 'remount,size=8m', disk])
  for (let tries = 0; tries < 600; tries++) {
    if (readFileSync(join(disk, 'log'), 'utf8').includes('log lines were dropped')) break
    await new Promise((resume) => setTimeout(resume, 50))
  }
  expect(readFileSync(join(disk, 'log'), 'utf8')).toMatch(/"dropped":[0-9]+,"msg":"log lines were dropped"/)
  process.kill(server.pid(), 'SIGTERM')
  expect(await ends(server.pid(), 30)).toBe(true)
})

test('where the process ends in the middle of a turn, the lines of that turn are written', async () => {
  const server = await started(`(${KEEP_PID}) >FOLDER/log 2>FOLDER/err`)
  const before = readFileSync(join(server.folder, 'log'), 'utf8').length
  await server.answers('/last').catch(() => {})
  expect(await ends(server.pid(), 30)).toBe(true)
  expect(readFileSync(join(server.folder, 'log'), 'utf8').slice(before)).toMatch(/"status":404/)
})

test.each([
  ['all', [200, 404]],
  ['0', [404]],
  ['off', []],
])('LOG_REQUESTS=%s holds for a server', async (value, statuses) => {
  const server = await started(`(${KEEP_PID}) >FOLDER/log 2>FOLDER/err`, '', { LOG_REQUESTS: value })
  for (const path of ['/readyz', '/nothing']) await server.answers(path)
  process.kill(server.pid(), 'SIGTERM')
  expect(await ends(server.pid(), 30)).toBe(true)
  const all = readFileSync(join(server.folder, 'log'), 'utf8').split('\n')
  // The lines before belong to the start, which calls /healthz until it is answered.
  const log = all.filter((line) => !line.includes('"/healthz"')).join('\n')
  expect([...log.matchAll(/"status":([0-9]+)/g)].map(([, status]) => Number(status))).toEqual(statuses)
})

test('the log names its level in a word, its time and its message, and begins with the version (newcomer F16, F17)', async () => {
  const server = await started(`(${KEEP_PID}) >FOLDER/log 2>FOLDER/err`)
  await server.answers()
  process.kill(server.pid(), 'SIGTERM')
  expect(await ends(server.pid(), 30)).toBe(true)
  const lines = readFileSync(join(server.folder, 'log'), 'utf8').trim().split('\n')
  const [first, ...rest] = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  expect(first).toMatchObject({ level: 'info', time: expect.any(String), msg: 'started', version })
  expect(rest.at(-1)).toMatchObject({ level: 'info', msg: 'request', route: '/readyz', status: 200 })
})

test('in a terminal a request is one short line (newcomer N1)', async ({ skip }) => {
  skip(spawnSync('script', ['--version']).status !== 0, 'no `script`: install the Debian package `bsdutils`')
  const server = await started(
    `(echo $BASHPID > FOLDER/pid; exec script -qfec "SERVER" FOLDER/typed </dev/null >/dev/null)`,
  )
  await server.answers('/nothing')
  const look = () => readFileSync(join(server.folder, 'typed'), 'utf8')
  await expect.poll(look).toMatch(/404 - GET \S+ [0-9.]+ ms/)
  // A first start in a terminal creates the demo app without being asked (newcomer F9).
  await expect.poll(look).toContain('A demo app was created')
  expect(look()).not.toContain('{"level"')
})
