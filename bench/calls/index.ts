import { generator } from '../kit/load.ts'
import { peakMemory } from '../kit/memory.ts'
import { type Measure, measures } from '../measures.ts'
import type { Options } from '../options.ts'
import type { Measurement } from '../report/report.ts'
import { type Seed, seeded } from '../seed/kept.ts'
import { type Contender, direct, type Echo, type Ours, startEcho, startOurs } from './contenders.ts'
import { type Match, play, secondsEach } from './rounds.ts'
import { sections } from './sections.ts'
import { syncsPerRequest } from './syncs.ts'

/** As good as empty, but with phones that can register again. */
const FEW = 1000
const STEPS = [FEW, 10_000, 100_000]

/** What a request costs, at several sizes, beside the limits measured in the same rounds. */
export async function calls(options: Options, say: (line: string) => void): Promise<Measurement> {
  const chosen = measures.filter(({ name, grows }) =>
    options.only.length > 0 ? options.only.some((part) => name.includes(part)) : grows || !options.quick,
  )
  if (chosen.length === 0) throw new Error(`no such measure: ${measures.map(({ name }) => name).join(', ')}`)
  const sizes = [...STEPS.filter((step) => step < options.devices), options.devices]
  const seeds: Seed[] = []
  const ours: Ours[] = []
  const echoes: Echo[] = []
  try {
    for (const size of sizes) seeds.push(await seeded(size, say))
    const alone = await seeded(options.devices, say)
    for (const seed of seeds) ours.push(await startOurs(seed))
    seeds.push(alone)
    const large = ours.at(-1)
    if (!large) throw new Error('no size')
    for (const kind of ['node:http', 'hono'] as const) echoes.push(await startEcho(kind, large))

    // A request that is refused would be fast.
    for (const measure of chosen) await large.sample(measure)
    const matches = matchesOf(options, chosen, ours, [...echoes, direct(alone)])
    const seconds = secondsEach(options.minutes, options.rounds, matches)
    say(`${options.rounds} rounds of ${seconds.toFixed(1)} s each, ${matches.length} situations.`)
    const syncs = await syncsPerRequest(large, chosen, options)
    const figures = await play(matches, { ...options, seconds, say })
    const stores = ours.map(({ seed, gateway }) => ({
      devices: seed.devices,
      bytes: seed.bytes,
      parts: seed.parts,
      memory: peakMemory(gateway.pid),
    }))
    const measured = { figures, syncs, stores }
    return {
      suite: 'calls',
      title: 'What a request costs',
      settings: `${figures[0]?.rounds} alternated rounds of ${seconds.toFixed(1)} s, medians; load by ${generator()} from a second process; a file database, \`synchronous=FULL\``,
      sections: sections(measured, options),
      figures: measured,
    }
  } finally {
    for (const one of [...echoes, ...ours.map(({ gateway }) => gateway)]) await one.stop()
    for (const seed of seeds) seed.remove()
  }
}

/** Who is measured with what: everything at the full size, some of it at each size and with more connections. */
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
    // A limit knows nothing of work that goes on after the answer.
    return measure.rows === undefined ? [...new Set([...sizes, ...limits])] : sizes
  }
  return connections.flatMap((count, index) =>
    chosen
      .filter(({ pressed }) => index === 0 || full || pressed)
      .map((measure) => ({ measure, connections: count, contenders: at(measure, index === 0) })),
  )
}
