import { withAccess } from '../dialects/access.ts'
import type { Documents } from '../dialects/dialect.ts'
import { answer, type Served, serve } from '../kit/child.ts'
import { type Gateway, startGateway } from '../kit/gateway.ts'
import { load } from '../kit/load.ts'
import { built, ROOT } from '../kit/paths.ts'
import type { Direct, DirectJob } from '../limits/direct.ts'
import type { Loaded, LoadJob } from '../load/job.ts'
import { isDone, type Shot } from '../load/shot.ts'
import type { Measure } from '../measures.ts'
import type { Seed } from '../seed/kept.ts'
import { throughJobs } from './bulk.ts'

/** The measurements of one contender in one round. */
export type Run = Loaded | Direct

export interface Round {
  readonly measure: Measure
  readonly connections: number
  readonly seconds: number
}

/** A server that gets the same load as the others. */
export interface Contender {
  readonly name: string
  run(round: Round): Promise<Run>
}

/** The product over a seed; it runs for the whole suite. */
export interface Ours extends Contender {
  readonly seed: Seed
  readonly gateway: Gateway
  /** Its answer to a measure's request. */
  sample(measure: Measure): Promise<unknown>
}

const sent = (port: number, { method, path, headers, body }: Shot): Promise<Response> =>
  fetch(`http://127.0.0.1:${port}${path}`, { method, headers, ...(body !== '' && { body }) })

/**
 * The reference besides the bare servers: for SQLite the statements without a gateway, for PostgreSQL the
 * same load over SQLite.
 */
export const STATEMENTS = 'its statements alone'
export const ON_SQLITE = 'SQLite'

let jobs = 0
/** A number that is unique to the job within this run. */
export const nextJob = (): number => ++jobs

/** Over the seed's file, or over a PostgreSQL database with the same content. */
export async function startOurs(seed: Seed, { url }: { readonly url?: string } = {}): Promise<Ours> {
  const gateway = await startGateway(seed.file, ROOT, url === undefined ? {} : { DATABASE_URL: url })
  const { port } = gateway
  const documents = await withAccess(seed.documents, (shot) => sent(port, shot))
  const target = () => ({ documents, devices: seed.devices, job: nextJob() })
  return {
    name: `ours, ${seed.devices.toLocaleString('en')} devices`,
    seed,
    gateway,
    run: ({ measure, ...round }) =>
      measure.rows === undefined
        ? load({ ...round, port, measure: measure.name, target: target() })
        : throughJobs((shot) => sent(port, shot), measure, target(), round.seconds),
    async sample(measure) {
      const response = await sent(port, measure.shot(target(), 0))
      const text = await response.text()
      if (!isDone(response, text)) throw new Error(`${measure.name}: ${response.status} ${text}`)
      return text === '' ? {} : JSON.parse(text)
    },
  }
}

export interface Echo extends Contender {
  stop(): Promise<void>
}

/** A bare server that returns the answers of the product. */
export async function startEcho(kind: 'node:http' | 'hono', ours: Ours): Promise<Echo> {
  const served: Served = await serve(process.execPath, [built('echo'), kind], {
    env: { PATH: process.env.PATH },
  })
  const answers = new Map<string, unknown>()
  return {
    name: kind === 'hono' ? 'bare Hono' : `bare ${kind}`,
    async run({ measure, ...round }) {
      const known = answers.get(measure.name) ?? (await ours.sample(measure))
      answers.set(measure.name, known)
      const headers = { 'Content-Type': 'application/json' }
      await sent(served.port, { method: 'PUT', path: '/answer', headers, body: JSON.stringify(known) })
      const job: LoadJob = {
        ...round,
        port: served.port,
        measure: measure.name,
        target: { documents: withToken(ours.seed.documents), devices: ours.seed.devices, job: nextJob() },
      }
      return load(job)
    },
    stop: () => served.stop(),
  }
}

/** A bare server checks no token, but its requests are as long as the product's. */
const withToken = (documents: Documents): Documents => ({ ...documents, accessToken: 'x'.repeat(700) })

/** The statements alone, over a copy of the same seed. */
export const direct = (seed: Seed): Contender => ({
  name: STATEMENTS,
  run: ({ measure, connections, seconds }) => {
    const target = { documents: seed.documents, devices: seed.devices, job: nextJob() }
    const job: DirectJob = { file: seed.file, measure: measure.name, target, group: connections, seconds }
    return answer<Direct>(built('direct'), job)
  },
})
