import { resolve } from 'node:path'
import { type Contender, nextJob, type Ours, startOurs } from '../calls/contenders.ts'
import { play, secondsEach } from '../calls/rounds.ts'
import { type Served, serve } from '../kit/child.ts'
import { generator, load } from '../kit/load.ts'
import { peakMemory } from '../kit/memory.ts'
import { measures } from '../measures.ts'
import type { Options } from '../options.ts'
import type { Measurement } from '../report/report.ts'
import { type Seed, seeded } from '../seed/kept.ts'
import { seededPostgres } from '../seed/postgres.ts'
import { installParse, installPostgres, PARSE } from './install.ts'
import { PAIRS } from './measures.ts'
import { type Cluster, freePort, startCluster } from './postgres.ts'
import { sections, THEIRS } from './sections.ts'
import { checkPeer, seededPeer } from './seed.ts'

const WORK = 'work'

/** The same load on Parse Server and on the product, alternated, over databases with the same devices. */
export async function peer(options: Options, say: (line: string) => void): Promise<Measurement> {
  const folder = await installParse(say)
  const bin = await installPostgres(say)
  const stops: (() => Promise<void> | void)[] = []
  try {
    const cluster = await startCluster(bin)
    stops.push(() => cluster.stop())
    const start = (database: string) => startParse(folder, cluster, database)
    const kept = await seededPeer(cluster, start, options.devices, say)
    await cluster.sql('postgres', `DROP DATABASE IF EXISTS ${WORK}`)
    await cluster.sql('postgres', `CREATE DATABASE ${WORK} TEMPLATE ${kept} STRATEGY FILE_COPY`)
    stops.push(async () => void (await cluster.sql('postgres', `DROP DATABASE ${WORK}`)))
    const parse = await start(WORK)
    stops.push(() => parse.stop())
    await checkPeer(cluster, WORK, parse.port, options.devices)
    const seed = await seeded(options.devices, say)
    stops.push(() => seed.remove())
    const own = options.store === 'postgres' ? await seededPostgres(cluster, seed, say) : null
    if (own) stops.push(() => own.remove())
    const ours = await startOurs(seed, own ?? {})
    stops.push(() => ours.gateway.stop())

    const played = await compete(options, ours, contender(parse, seed), say)
    const measured = {
      ...played,
      memory: { ours: peakMemory(ours.gateway.pid), theirs: peakMemory(parse.pid) },
      bytes: { ours: own?.bytes ?? seed.bytes, theirs: await bytesOf(cluster) },
    }
    return {
      suite: own ? 'peer-postgres' : 'peer',
      title: own ? 'The peer beside us, both on one PostgreSQL' : 'The peer beside us',
      settings: `Parse Server ${PARSE} over PostgreSQL ${cluster.version}, with indexes on installationId and deviceToken; ${played.figures[0]?.rounds} alternated rounds of ${played.seconds.toFixed(1)} s, medians; load by ${generator()} from a second process; both sync every commit to the disk`,
      sections: sections(measured, options, ours.name),
      figures: measured,
    }
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

async function compete(options: Options, ours: Ours, theirs: Contender, say: (line: string) => void) {
  const chosen = measures.filter(
    ({ name }) =>
      Object.hasOwn(PAIRS, name) &&
      (options.only.length === 0 || options.only.some((part) => name.includes(part))),
  )
  const matches = options.connections.flatMap((connections) =>
    chosen.map((measure) => ({ measure, connections, contenders: [ours, theirs] })),
  )
  const seconds = secondsEach(options.minutes, options.rounds, matches)
  say(`${options.rounds} rounds of ${seconds.toFixed(1)} s each, ${matches.length} situations.`)
  // Not measured: lets both compile their code first.
  for (const measure of chosen) {
    for (const one of [ours, theirs]) await one.run({ measure, connections: 16, seconds: 3 })
  }
  return { figures: await play(matches, { ...options, seconds, say }), seconds }
}

const startParse = async (folder: string, { port }: Cluster, database: string): Promise<Served> => {
  const script = resolve('bench', 'peer', 'parse-server.mjs')
  const url = `postgres://bench@127.0.0.1:${port}/${database}?max=20`
  return serve(process.execPath, [script, folder, url, String(await freePort())], {
    // Its own files go to a separate folder.
    cwd: folder,
    env: { PATH: process.env.PATH, NODE_ENV: 'production' },
  })
}

const contender = ({ port }: Served, { devices, documents }: Seed): Contender => ({
  name: THEIRS,
  run: ({ measure, ...round }) => {
    const pair = PAIRS[measure.name]
    if (!pair) throw new Error(`the peer has nothing like ${measure.name}`)
    return load({ ...round, port, measure: pair.name, target: { documents, devices, job: nextJob() } })
  },
})

const bytesOf = async ({ sql }: Cluster): Promise<number> =>
  Number(await sql(WORK, `SELECT pg_total_relation_size('"_Installation"')`))
