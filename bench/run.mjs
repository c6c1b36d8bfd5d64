// `npm run bench [dialect …]`: registrations per second and their latency, beside the limits measured in the same run. Every
// measurement has processes and a database file of its own; rounds alternate the order, and medians are shown.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const out = join(root, 'dist', 'bench')
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3)
const CONNECTIONS = Number(process.env.BENCH_CONNECTIONS ?? 32)
/** What starting and stopping the processes of one measurement takes, about. */
const START = 2
const ADMIN_TOKEN = 'bench-admin-token-0123456789'

await build({
  entryPoints: ['client', 'direct', 'limits', 'dialects'].map((name) => join(root, 'bench', `${name}.ts`)),
  outdir: out,
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  logLevel: 'warning',
})
const { dialects } = await import(pathToFileURL(join(out, 'dialects.js')).href)
const wanted = process.argv.slice(2)
const chosen = dialects.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
if (chosen.length === 0) {
  console.error(`There is no such dialect here; there are ${dialects.map(({ name }) => name).join(', ')}.`)
  process.exit(1)
}

/** Seconds for the whole bench, starts included. */
const BUDGET = Number(process.env.BENCH_BUDGET ?? 30 + 70 * chosen.length)

const [{ name: sample }] = chosen
const variants = [
  { name: 'limit: node:http, JSON echo', run: (s) => echo('http', s) },
  { name: 'limit: Hono, JSON echo', run: (s) => echo('hono', s) },
  ...chosen.flatMap(({ name }) => [
    { name: `${name}: first registration`, run: (s) => gateway(name, 'first', s) },
    { name: `${name}: steady registration`, run: (s) => gateway(name, 'steady', s) },
    { name: `limit: ${name}, first, statements alone, groups of 1`, run: (s) => direct(name, 'first', 1, s) },
    {
      name: `limit: ${name}, first, statements alone, groups of 64`,
      run: (s) => direct(name, 'first', 64, s),
    },
    { name: `limit: ${name}, steady, statements alone`, run: (s) => direct(name, 'steady', 1, s) },
  ]),
]
const seconds = Math.min(3, Math.max(0.5, BUDGET / ROUNDS / variants.length - START))
console.log(
  `Node ${process.version}, ${cpus().length} CPUs, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${seconds.toFixed(1)} s; a file database, synchronous=FULL.`,
)

const results = new Map(variants.map(({ name }) => [name, []]))
const deadline = performance.now() + BUDGET * 1000
for (let round = 0; round < ROUNDS; round++) {
  // On a busy machine fewer rounds, and never more time.
  if (performance.now() > deadline - (BUDGET * 1000) / ROUNDS / 2) break
  for (const { name, run } of round % 2 ? variants.toReversed() : variants) {
    const folder = mkdtempSync(join(tmpdir(), 'pushport-bench-'))
    try {
      results.get(name).push(await run({ folder, seconds }))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
print()

async function echo(kind, { seconds }) {
  const server = await serve([join(out, 'limits.js'), kind], {})
  try {
    return await load({ port: server.port, dialect: sample, mode: 'first', document: {}, seconds })
  } finally {
    await server.stop()
  }
}

async function gateway(dialect, mode, { folder, seconds }) {
  const server = await serve([join(root, 'dist', 'node.js')], {
    PORT: '0',
    DATABASE_URL: `file:${join(folder, 'bench.db')}`,
    ADMIN_TOKEN,
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'silent',
  })
  try {
    const answer = await fetch(`http://127.0.0.1:${server.port}/admin/v1/apps`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${ADMIN_TOKEN}` },
      body: JSON.stringify({ name: 'bench', dialects: { [dialect]: {} } }),
    })
    const { dialects: documents } = await answer.json()
    return await load({ port: server.port, dialect, mode, document: documents[dialect], seconds })
  } finally {
    await server.stop()
  }
}

function direct(dialect, mode, group, { folder, seconds }) {
  const job = {
    file: join(folder, 'bench.db'),
    migrations: join(root, 'schema', 'migrations'),
    dialect,
    mode,
    group,
    seconds,
  }
  return result([join(out, 'direct.js'), JSON.stringify(job)])
}

function load(job) {
  return result([join(out, 'client.js'), JSON.stringify({ ...job, connections: CONNECTIONS })])
}

/** Runs a program to its end and reads the JSON that it prints. */
async function result(args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part) => {
    text += part
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${args[0]} ended with ${code}`)
  return JSON.parse(text)
}

/** Starts a server and waits for the line in which it says where it listens. */
async function serve(args, env) {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const closed = once(child, 'close')
  const port = await new Promise((resolve, reject) => {
    let text = ''
    child.stderr.setEncoding('utf8').on('data', (part) => {
      text += part
      const match = /listens on http:\/\/\S+:([0-9]+)/.exec(text)
      if (match) resolve(Number(match[1]))
    })
    closed.then(() => reject(new Error(`the server ended: ${text}`)))
  })
  return {
    port,
    async stop() {
      child.kill('SIGTERM')
      await closed
    },
  }
}

function print() {
  const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
  console.log(`${results.get(variants[0].name).length} rounds done.`)
  const rows = variants.map(({ name }) => {
    const runs = results.get(name)
    const of = (key) => median(runs.map((run) => run[key]))
    return {
      name,
      rate: of('rate'),
      p50: of('p50'),
      p99: of('p99'),
      clientCpu: runs[0].clientCpu && of('clientCpu'),
    }
  })
  const http = rows[0].rate
  const table = [
    ['', 'per second', 'p50 ms', 'p99 ms', 'of node:http', 'client CPU'],
    ...rows.map(({ name, rate, p50, p99, clientCpu }) => [
      name,
      Math.round(rate).toLocaleString('en'),
      p50.toFixed(2),
      p99.toFixed(2),
      `${((rate / http) * 100).toFixed(0)} %`,
      clientCpu === undefined ? '-' : `${(clientCpu * 100).toFixed(0)} %`,
    ]),
  ]
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)))
  for (const row of table) {
    console.log(
      row
        .map((cell, n) => (n ? cell.padStart(widths[n]) : cell.padEnd(widths[n])))
        .join('  ')
        .trimEnd(),
    )
  }
  for (const { name } of chosen) {
    const rate = (part) => rows.find((row) => row.name.endsWith(part) && row.name.includes(name)).rate
    const of = (part, whole) => `${((rate(part) / rate(whole)) * 100).toFixed(0)} %`
    console.log(
      `${name}: a first registration reaches ${of(': first registration', 'groups of 64')} of its statements in groups of 64 (${of(': first registration', 'groups of 1')} in groups of 1), a steady one ${of(': steady registration', 'statements alone')}.`,
    )
  }
}
