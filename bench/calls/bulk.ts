import type { Send } from '../dialects/access.ts'
import { BULK } from '../dialects/pushwoosh.ts'
import { percentile } from '../kit/numbers.ts'
import type { Loaded, Target } from '../load/job.ts'
import type { Measure } from '../measures.ts'

/** Rows per second of measuring. */
const ROWS_A_SECOND = 1000
const PATIENCE = 60_000

/**
 * Sends rows in bulk and waits until the last one is registered. The rate counts rows, because an answer only
 * confirms that they are stored. Times are those of the answers.
 */
export async function throughJobs(
  send: Send,
  measure: Measure,
  target: Target,
  seconds: number,
): Promise<Loaded> {
  const rows = measure.rows ?? 1
  const requests = Math.max(1, Math.round((seconds * ROWS_A_SECOND) / rows))
  const begin = performance.now()
  const times: number[] = []
  const waiting: string[] = []
  for (let k = 0; k < requests; k++) {
    const from = performance.now()
    const answer = await send(measure.shot(target, k))
    const { request_id: id } = (await answer.json()) as { request_id?: string }
    if (id === undefined) throw new Error(`${measure.name}: ${answer.status}`)
    times.push(performance.now() - from)
    waiting.push(id)
  }
  for (const id of waiting) await completed(send, id)
  const rate = (requests * rows) / ((performance.now() - begin) / 1000)
  const sorted = times.toSorted((a, b) => a - b)
  return {
    generator: 'fetch',
    rate,
    answers: requests,
    total: requests * rows,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    p999: percentile(sorted, 0.999),
    clientCpu: null,
  }
}

async function completed(send: Send, id: string): Promise<void> {
  const end = performance.now() + PATIENCE
  while (performance.now() < end) {
    const answer = await send({ method: 'GET', path: `${BULK}/${id}`, headers: {}, body: '' })
    const { status, response } = (await answer.json()) as { status?: string; response?: { status?: string } }
    if ((status ?? response?.status) === 'Completed') return
    await new Promise((resume) => setTimeout(resume, 20))
  }
  throw new Error('a bulk registration does not end')
}
