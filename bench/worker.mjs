// The costs of the Worker: D1 round trips by endpoint (counted by the tests in workerd), the size of its
// bundle, and the time of a cold start and of registrations. Uses local workerd and local D1; on Cloudflare,
// network latency is added.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { startVitest } from 'vitest/node'

const require = createRequire(import.meta.url)
// Miniflare, which is installed with wrangler, runs workerd.
const { Miniflare } = createRequire(require.resolve('wrangler'))('miniflare')

const ADMIN_TOKEN = 'bench-admin-token-0123456789'
const ORIGIN = 'http://gateway.test'
const RUNS = 5
const say = (line = '') => process.stdout.write(`${line}\n`)
const ms = (time) => `${time.toFixed(1)} ms`
const median = (times) => times.sort((a, b) => a - b)[times.length >> 1]
const folder = mkdtempSync(join(tmpdir(), 'pushport-bench-'))
const late = setTimeout(() => {
  console.error('The bench did not end within two minutes.')
  process.exit(1)
}, 120_000)

try {
  const bundle = bundled()
  await roundTrips()
  await times(bundle)
} finally {
  clearTimeout(late)
  rmSync(folder, { recursive: true, force: true })
}

/** The bundle as wrangler deploys it. */
function bundled() {
  const wrangler = join('node_modules', 'wrangler', 'bin', 'wrangler.js')
  execFileSync(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', folder], {
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const name = readdirSync(folder).find((file) => file.endsWith('.js'))
  const contents = readFileSync(join(folder, name), 'utf8')
  const kib = (bytes) => `${(bytes / 1024).toFixed(0)} KiB`
  say(
    `bundle      ${kib(Buffer.byteLength(contents))}, compressed ${kib(gzipSync(contents).byteLength)} (at most 300 KiB)`,
  )
  return contents
}

/** Runs the tests that count round trips, and prints the counts. */
async function roundTrips() {
  const options = { config: 'test/vitest.config.ts', project: 'workers', watch: false, reporters: [{}] }
  const vitest = await startVitest('test', ['test/edge/round-trips'], options)
  const rows = vitest.state
    .getTestModules()
    .flatMap((module) => [...module.children.allTests()])
    .flatMap((test) => test.meta().roundTrips ?? [])
  const failed = vitest.state.getCountOfFailedTests()
  await vitest.close()
  say('\nround trips (bound)')
  for (const { dialect, endpoint, situation, trips, bound } of rows) {
    say(`${String(trips).padStart(5)} (${bound})  ${dialect}: ${situation.padEnd(40)} ${endpoint}`)
  }
  if (failed > 0)
    throw new Error(`${failed} endpoints take more round trips than they may, or were not counted`)
}

function workerd(contents) {
  return new Miniflare({
    modules: [{ type: 'ESModule', path: 'worker.js', contents }],
    compatibilityDate: '2026-04-01',
    d1Databases: { DB: 'bench' },
    d1Persist: join(folder, 'state'),
    bindings: { ADMIN_TOKEN, MASTER_KEY: 'A'.repeat(43), LOG_LEVEL: 'silent', RATE_LIMIT: 'off' },
  })
}

/**
 * The time from the start of the process to the first answer; an empty Worker shows the share of workerd
 * itself.
 */
async function coldStart(contents) {
  const from = performance.now()
  const worker = workerd(contents)
  try {
    await (await worker.dispatchFetch(`${ORIGIN}/healthz`)).text()
    return performance.now() - from
  } finally {
    await worker.dispose()
  }
}

async function times(contents) {
  const empty = `export default { fetch: () => new Response('ok') }`
  const [ours, theirs] = [[], []]
  for (let run = 0; run < RUNS; run++) {
    ours.push(await coldStart(contents))
    theirs.push(await coldStart(empty))
  }
  const [own, bare] = [median(ours), median(theirs)]
  say(
    `\ncold start  ${ms(own - bare)} more than an empty Worker (${ms(own)} against ${ms(bare)}, workerd's own start included)`,
  )

  const { adapters, exampleRequest } = await dialects()
  const requests = await provisioned(contents, adapters, exampleRequest)
  say('\nregistrations in local workerd: first in a fresh isolate, then where nothing is new')
  for (const [dialect, request] of requests) {
    const worker = workerd(contents)
    try {
      await (await worker.dispatchFetch(`${ORIGIN}/healthz`)).text()
      const first = await timed(worker, request)
      const later = []
      for (let n = 0; n < 200; n++) later.push(await timed(worker, request))
      say(`${dialect.padEnd(14)} ${ms(first).padStart(10)} ${ms(median(later)).padStart(10)}`)
    } finally {
      await worker.dispose()
    }
  }
}

async function timed(worker, { method, path, headers, body }) {
  const from = performance.now()
  const response = await worker.dispatchFetch(`${ORIGIN}${path}`, { method, headers, body })
  await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status}`)
  return performance.now() - from
}

/** Each dialect's example request, for a separate app. */
async function provisioned(contents, adapters, exampleRequest) {
  const worker = workerd(contents)
  try {
    const d1 = await worker.getD1Database('DB')
    for (const file of readdirSync('schema/migrations')
      .filter((name) => name.endsWith('.sql'))
      .sort()) {
      const statements = readFileSync(join('schema/migrations', file), 'utf8').split(
        '--> statement-breakpoint',
      )
      await d1.batch(statements.map((statement) => d1.prepare(statement)))
    }
    const requests = []
    for (const adapter of adapters) {
      const response = await worker.dispatchFetch(`${ORIGIN}/admin/v1/apps`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ name: adapter.name, dialects: { [adapter.name]: {} } }),
      })
      const app = await response.json()
      const sent = ({ path, ...init }) => worker.dispatchFetch(`${ORIGIN}${path}`, init)
      requests.push([adapter.name, await exampleRequest(adapter, app.dialects[adapter.name], sent)])
    }
    return requests
  } finally {
    await worker.dispose()
  }
}

async function dialects() {
  const contents = `export { adapters } from './adapters/index.ts'; export { exampleRequest } from './test/harness/example.ts'`
  await build({
    stdin: { contents, resolveDir: '.', loader: 'ts' },
    outfile: 'dist/bench-dialects.js',
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  })
  return import('../dist/bench-dialects.js')
}
