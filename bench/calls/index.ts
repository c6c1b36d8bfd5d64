import { generator } from '../kit/load.ts'
import { peakMemory } from '../kit/memory.ts'
import { type Measure, measures } from '../measures.ts'
import type { Options } from '../options.ts'
import { installPostgres } from '../peer/install.ts'
import { startCluster } from '../peer/postgres.ts'
import type { Measurement } from '../report/report.ts'
import { type Seed, seeded } from '../seed/kept.ts'
import { type PostgresSeed, seededPostgres } from '../seed/postgres.ts'
import {
  type Contender,
  direct,
  type Echo,
  ON_SQLITE,
  type Ours,
  startEcho,
  startOurs,
} from './contenders.ts'
import { type Match, play, secondsEach } from './rounds.ts'
import { sections } from './sections.ts'
import { syncsPerRequest } from './syncs.ts'

/** Nearly empty, but with phones that can register again. */
const FEW = 1000
const STEPS = [FEW, 10_000, 100_000]

/** The cost of a request at several sizes, next to the limits measured in the same rounds. */
export async function calls(options: Options, say: (line: string) => void): Promise<Measurement> {
  const chosen = measures.filter(({ name, grows }) =>
    options.only.length > 0 ? options.only.some((part) => name.includes(part)) : grows || !options.quick,
  )
  if (chosen.length === 0) throw new Error(`no such measure: ${measures.map(({ name }) => name).join(', ')}`)
  const sizes = [...STEPS.filter((step) => step < options.devices), options.devices]
  const postgres = options.store === 'postgres' ? await startCluster(await installPostgres(say)) : null
  const seeds: Seed[] = []
  const copies: PostgresSeed[] = []
  const ours: Ours[] = []
  const others: (Contender & { stop?(): Promise<void> })[] = []
  const echoes: Echo[] = []
  try {
    for (const size of sizes) seeds.push(await seeded(size, say))
    const alone = await seeded(options.devices, say)
    for (const seed of seeds) {
      const copy = postgres && (await seededPostgres(postgres, seed, say))
      if (copy) copies.push(copy)
      ours.push(await startOurs(seed, copy ?? {}))
    }
    seeds.push(alone)
    others.push(postgres ? await onSqlite(alone) : direct(alone))
    const large = ours.at(-1)
    if (!large) throw new Error('no size')
    for (const kind of ['node:http', 'hono'] as const) echoes.push(await startEcho(kind, large))

    // A refused request would be fast, so refusals are errors.
    for (const measure of chosen) await large.sample(measure)
    const matches = matchesOf(options, chosen, ours, [...echoes, ...others])
    const seconds = secondsEach(options.minutes, options.rounds, matches)
    say(`${options.rounds} rounds of ${seconds.toFixed(1)} s each, ${matches.length} situations.`)
    // The processes of a database server are not included.
    const syncs = postgres ? {} : await syncsPerRequest(large, chosen, options)
    const figures = await play(matches, { ...options, seconds, say })
    const stores = ours.map(({ seed, gateway }, at) => ({
      devices: seed.devices,
      bytes: copies[at]?.bytes ?? seed.bytes,
      parts: seed.parts,
      memory: peakMemory(gateway.pid),
    }))
    const measured = { figures, syncs, stores }
    return {
      suite: postgres ? 'calls-postgres' : 'calls',
      title: postgres ? 'What a request costs over PostgreSQL' : 'What a request costs',
      settings: `${figures[0]?.rounds} alternated rounds of ${seconds.toFixed(1)} s, medians; load by ${generator()} from a second process; ${postgres ? `PostgreSQL ${postgres.version} on the same machine, \`synchronous_commit=on\`` : 'a file database, `synchronous=FULL`'}`,
      sections: sections(measured, options),
      figures: measured,
    }
  } finally {
    for (const one of [...echoes, ...others, ...ours.map(({ gateway }) => gateway)]) await one.stop?.()
    for (const seed of seeds) seed.remove()
    for (const copy of copies) await copy.remove()
    await postgres?.stop()
  }
}

async function onSqlite(seed: Seed): Promise<Contender & { stop(): Promise<void> }> {
  const { run, gateway } = await startOurs(seed)
  return { name: ON_SQLITE, run, stop: () => gateway.stop() }
}

/**
 * The combinations to measure: all measures at the full size, some at each size and with more connections.
 */
function matchesOf(
  { connections, full }: Options,
  chosen: readonly Measure[],
  ours: readonly Ours[],
  limits: readonly Contender[],
): Match[] {
  const [few] = ours
  const large = ours.at(-1)
  const at = (measure: Measure, first: boolean): readonly Contender[] => {
    const all = full || (first && measure.grows) ? ours : [few, large].filter((one) => one !== undefined)
    const sizes = first && !full && !measure.grows ? all.slice(-1) : all
    // A bare server does no work after the answer.
    const able = limits.filter(({ name }) => measure.rows === undefined || name === ON_SQLITE)
    return [...new Set([...sizes, ...able])]
  }
  return connections.flatMap((count, index) =>
    chosen
      .filter(({ pressed }) => index === 0 || full || pressed)
      .map((measure) => ({ measure, connections: count, contenders: at(measure, index === 0) })),
  )
}
