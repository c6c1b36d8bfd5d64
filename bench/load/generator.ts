// The load generator: autocannon in a separate process, which builds each request when it is sent. Prints the
// results.
import autocannon from 'autocannon'
import { percentile } from '../kit/numbers.ts'
import { measureNamed } from '../measures.ts'
import type { Loaded, LoadJob } from './job.ts'

/** Milliseconds of warm-up that do not count: connections open, code is compiled. */
const WARM_UP = 300

const job: LoadJob = JSON.parse(process.argv[2] ?? '{}')
const measure = measureNamed(job.measure)
let made = 0
const times: number[] = []
const refused = new Map<number, number>()
const begin = performance.now() + WARM_UP
const end = begin + job.seconds * 1000
let cpu: NodeJS.CpuUsage | undefined

await autocannon({
  url: `http://127.0.0.1:${job.port}`,
  connections: job.connections,
  duration: (WARM_UP + job.seconds * 1000) / 1000,
  sampleInt: 50,
  requests: [{ setupRequest: (request) => Object.assign(request, measure.shot(job.target, made++)) }],
})
  .on('response', (_client, status, _bytes, milliseconds) => {
    const now = performance.now()
    if (now < begin || now > end) return
    cpu ??= process.cpuUsage()
    if (status < 200 || status > 299) refused.set(status, (refused.get(status) ?? 0) + 1)
    else times.push(milliseconds)
  })
  .on('reqError', (error) => {
    throw error
  })

if (refused.size > 0) throw new Error(`${job.measure}: answered ${[...refused].join(' times, ')} times`)
if (times.length === 0) throw new Error(`${job.measure}: nothing was answered`)
const { user, system } = process.cpuUsage(cpu)
const sorted = Float64Array.from(times).sort()
const loaded: Loaded = {
  generator: 'autocannon',
  rate: times.length / job.seconds,
  answers: times.length,
  total: made,
  p50: percentile(sorted, 0.5),
  p99: percentile(sorted, 0.99),
  p999: percentile(sorted, 0.999),
  clientCpu: (user + system) / 1e6 / job.seconds,
}
process.stdout.write(JSON.stringify(loaded))
process.exit(0)
