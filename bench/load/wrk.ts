// The load generator with wrk: the requests are built in advance, into a file that a wrk script reads.
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { output } from '../kit/child.ts'
import { measureNamed } from '../measures.ts'
import type { Loaded, LoadJob } from './job.ts'
import { wire } from './shot.ts'

/** More than any server here answers per second, so that no change is sent twice; reads are repeated. */
const A_SECOND = 12_000

/** The output of load/wrk.lua at the end, in microseconds. */
interface Told {
  readonly requests: number
  readonly duration: number
  readonly refused: number
  readonly unanswered: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
}

const job: LoadJob = JSON.parse(process.argv[2] ?? '{}')
const folder = mkdtempSync(join(tmpdir(), 'pushport-load-'))
try {
  const [file, report] = [join(folder, 'requests'), join(folder, 'report.json')]
  await writeRequests(file)
  await output('wrk', [
    ...[
      '--threads',
      '1',
      '--connections',
      String(job.connections),
      '--duration',
      `${Math.ceil(job.seconds)}s`,
    ],
    ...['--timeout', '10s', '--script', join('bench', 'load', 'wrk.lua'), `http://127.0.0.1:${job.port}`],
    ...['--', file, report],
  ])
  const told: Told = JSON.parse(readFileSync(report, 'utf8'))
  const { refused, unanswered } = told
  if (refused + unanswered > 0)
    throw new Error(`${job.measure}: ${refused} of ${told.requests} refused, ${unanswered} not answered`)
  const loaded: Loaded = {
    generator: 'wrk',
    rate: told.requests / (told.duration / 1e6),
    answers: told.requests,
    total: told.requests,
    p50: told.p50 / 1000,
    p99: told.p99 / 1000,
    p999: told.p999 / 1000,
    clientCpu: null,
  }
  process.stdout.write(JSON.stringify(loaded))
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** Each request, preceded by its length. */
async function writeRequests(file: string): Promise<void> {
  const measure = measureNamed(job.measure)
  const most = (Math.ceil(job.seconds) * A_SECOND) / (measure.rows ?? 1)
  const out = createWriteStream(file)
  for (let k = 0; k < most; k++) {
    const request = Buffer.from(wire(measure.shot(job.target, k)))
    out.write(`${request.length}\n`)
    if (!out.write(request)) await once(out, 'drain')
  }
  await finished(out.end())
}
