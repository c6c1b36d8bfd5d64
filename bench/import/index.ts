import { copyFileSync, createReadStream, rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { withAccess } from '../dialects/access.ts'
import type { Documents } from '../dialects/dialect.ts'
import { dialects } from '../dialects/index.ts'
import { ADMIN_TOKEN, type Gateway, startGateway } from '../kit/gateway.ts'
import { load } from '../kit/load.ts'
import { peakMemory } from '../kit/memory.ts'
import { median, times, whole } from '../kit/numbers.ts'
import { data, ROOT, removeDatabase } from '../kit/paths.ts'
import type { Options } from '../options.ts'
import { bareExport, bareInserts } from './bare.ts'
import { type Format, formats, writeRows } from './files.ts'

type Say = (line: string) => void
/** MiB of heap for the gateway. */
const HEAP = 256
const variables = {
  NODE_OPTIONS: `--max-old-space-size=${HEAP} ${process.env.BENCH_NODE_OPTIONS ?? ''}`,
  IMPORT_MAX_BYTES: '100000000000',
}
const HEADERS = { Authorization: `Bearer ${ADMIN_TOKEN}` }
const pause = (ms: number) => new Promise((resume) => setTimeout(resume, ms))

interface Round {
  readonly import: number
  readonly bare: number
  readonly export: number
  readonly bareExport: number
}

/**
 * Rows per second that a gateway imports and exports, next to the same inserts and reads directly with
 * better-sqlite3; then the effect of an import on concurrent registrations.
 */
export async function importing(options: Options, say: Say): Promise<null> {
  const rows = options.devices
  const chosen = formats.filter(
    ({ name }) => options.only.length === 0 || options.only.some((part) => name.includes(part)),
  )
  for (const format of chosen) {
    const path = join(data('work'), `${process.pid}.${format.name}`)
    const bytes = writeRows(path, format, rows)
    say(`${format.name}: ${whole(rows)} rows, ${whole(bytes / 1e6)} MB, heap ${HEAP} MiB`)
    try {
      const rounds: Round[] = []
      for (let round = 0; round < options.rounds; round++)
        rounds.push(await oneRound(format, path, rows, say))
      const of = (name: keyof Round) => median(rounds.map((one) => one[name]))
      const ratio = (one: keyof Round, other: keyof Round) =>
        times(median(rounds.map((round) => round[one] / round[other])))
      say(
        `${format.name}: import ${whole(of('import'))} rows/s, bare ${whole(of('bare'))}, ratio ${ratio('import', 'bare')}`,
      )
      say(
        `${format.name}: export ${whole(of('export'))} rows/s, bare ${whole(of('bareExport'))}, ratio ${ratio('export', 'bareExport')}`,
      )
      if (format === chosen[0]) await beside(format, path, options, say)
    } finally {
      rmSync(path, { force: true })
    }
  }
  return null
}

interface Opened {
  readonly gateway: Gateway
  readonly documents: Documents
}

async function opened(file: string): Promise<Opened> {
  const gateway = await startGateway(file, ROOT, variables)
  const every = Object.fromEntries(dialects.map(({ name }) => [name, {}]))
  const app = await gateway.admin<{ id: string; dialects: Documents['dialects'] }>('POST', '/apps', {
    name: 'bench',
    dialects: every,
  })
  const bare = { app: app.id, dialects: app.dialects, accessToken: '', adminToken: ADMIN_TOKEN }
  const documents = await withAccess(bare, ({ method, path, headers, body }) =>
    fetch(`http://127.0.0.1:${gateway.port}${path}`, { method, headers, ...(body !== '' && { body }) }),
  )
  return { gateway, documents }
}

async function oneRound(format: Format, path: string, rows: number, say: Say): Promise<Round> {
  const file = join(data('work'), `${process.pid}-import.db`)
  const second = join(data('work'), `${process.pid}-bare.db`)
  const copy = join(data('work'), `${process.pid}-export`)
  try {
    const begun = await opened(file)
    await begun.gateway.stop()
    copyFileSync(file, second)
    const gateway = await startGateway(file, ROOT, variables)
    const { app } = begun.documents
    const took = await imported(gateway, app, format, path, rows)
    const exported = await exportOf(gateway, app)
    const peak = peakMemory(gateway.pid)
    await gateway.stop()
    const inserted = bareInserts(file, second)
    const read = bareExport(file, app, 'pushwoosh', copy, exported.bytes)
    const rate = (ms: number) => (rows * 1000) / ms
    const round = {
      import: rate(took),
      bare: rate(inserted),
      export: rate(exported.took),
      bareExport: rate(read),
    }
    say(
      `  import ${whole(round.import)}/s beside ${whole(round.bare)}/s, export ${whole(round.export)}/s beside ${whole(round.bareExport)}/s; peak ${whole(peak / 2 ** 20)} MiB; load ${loadavg()[0]?.toFixed(1)}`,
    )
    return round
  } finally {
    for (const one of [file, second]) removeDatabase(one)
    rmSync(copy, { force: true })
    rmSync(`${file}.imports`, { force: true, recursive: true })
  }
}

interface Shown {
  readonly id: string
  readonly state: string
  readonly startedAt: string
  readonly finishedAt: string | null
  readonly outcomes: { readonly created: number }
}

async function sent({ port }: Gateway, app: string, { query }: Format, path: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/admin/v1/apps/${app}/imports?${query}`, {
    method: 'POST',
    headers: HEADERS,
    body: Readable.toWeb(createReadStream(path)) as BodyInit,
    duplex: 'half',
  } as RequestInit)
  if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`)
  return ((await answer.json()) as { id: string }).id
}

/** Imports the file; returns the milliseconds from the start of the job to its end. */
async function imported(gateway: Gateway, app: string, format: Format, path: string, rows: number) {
  const id = await sent(gateway, app, format, path)
  for (;;) {
    const job = await gateway.admin<Shown>('GET', `/apps/${app}/imports/${id}`)
    if (job.finishedAt !== null) {
      if (job.state !== 'completed' || job.outcomes.created !== rows) throw new Error(JSON.stringify(job))
      return Date.parse(job.finishedAt) - Date.parse(job.startedAt)
    }
    await pause(250)
  }
}

async function exportOf({ port }: Gateway, app: string): Promise<{ took: number; bytes: number }> {
  const begun = performance.now()
  const answer = await fetch(`http://127.0.0.1:${port}/admin/v1/apps/${app}/export?format=ndjson`, {
    headers: HEADERS,
  })
  if (!answer.body) throw new Error('no body')
  let bytes = 0
  for await (const piece of answer.body) bytes += piece.length
  return { took: performance.now() - begun, bytes }
}

/** Registrations per second with and without an import, in turn. */
async function beside(format: Format, path: string, options: Options, say: Say): Promise<void> {
  const file = join(data('work'), `${process.pid}-live.db`)
  const { gateway, documents } = await opened(file)
  const seconds = 5
  let job = 0
  const registrations = () =>
    load({
      port: gateway.port,
      connections: 16,
      seconds,
      measure: 'fresh pushwoosh',
      target: { documents, devices: 0, job: ++job },
    })
  try {
    await registrations()
    const ratios: number[] = []
    for (let round = 0; round < options.rounds; round++) {
      const before = await registrations()
      const id = await sent(gateway, documents.app, format, path)
      const shown = () =>
        gateway.admin<Shown & { rows: { done: number } }>('GET', `/apps/${documents.app}/imports/${id}`)
      const during = await registrations()
      const { rows, state } = await shown()
      await fetch(`http://127.0.0.1:${gateway.port}/admin/v1/apps/${documents.app}/imports/${id}`, {
        method: 'DELETE',
        headers: HEADERS,
      })
      const after = await registrations()
      const alone = (before.rate + after.rate) / 2
      ratios.push(during.rate / alone)
      say(
        `  live: ${whole(alone)}/s alone (p99 ${whole(before.p99)} ms), ${whole(during.rate)}/s (p99 ${whole(during.p99)} ms) beside an import of ${whole(rows.done / seconds)} rows/s (${state}): ${times(during.rate / alone)}`,
      )
    }
    say(`live registrations beside an import: ${times(median(ratios))} of their rate alone`)
  } finally {
    await gateway.stop()
    removeDatabase(file)
    rmSync(`${file}.imports`, { force: true, recursive: true })
  }
}
