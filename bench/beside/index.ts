import { basename, resolve } from 'node:path'
import { type Contender, nextJob } from '../calls/contenders.ts'
import type { Figure } from '../calls/figures.ts'
import { play, secondsEach } from '../calls/rounds.ts'
import { generator, load } from '../kit/load.ts'
import { milliseconds, shown, times, whole } from '../kit/numbers.ts'
import { ROOT } from '../kit/paths.ts'
import { measures } from '../measures.ts'
import type { Options } from '../options.ts'
import type { Measurement, Section } from '../report/report.ts'
import { startVersion, type Version } from './store.ts'

/** Cursors and work after the answer differ between versions. */
const LEFT_OUT = ['topic page', 'topic count', 'bulk registration']
const OURS = 'this checkout'
/** Most phones, which are registered one call after another. */
const MOST = 20_000

/**
 * The same load on this checkout and on another one, alternated, over databases that their own calls filled.
 */
export async function beside(options: Options, say: (line: string) => void): Promise<Measurement> {
  const folder = options.beside
  const devices = Math.min(options.devices, MOST)
  if (folder === null) throw new Error('no other checkout')
  const chosen = measures.filter(
    ({ name }) =>
      !LEFT_OUT.includes(name) &&
      (options.only.length === 0 || options.only.some((part) => name.includes(part))),
  )
  const versions: Version[] = []
  try {
    for (const [name, root] of [
      [OURS, ROOT],
      [basename(resolve(folder)), resolve(folder)],
    ] as const) {
      versions.push(await startVersion(name, root, devices))
    }
    const contenders = versions.map((version) => contender(version, devices))
    const matches = options.connections.flatMap((connections) =>
      chosen.map((measure) => ({ measure, connections, contenders })),
    )
    const seconds = secondsEach(options.minutes, options.rounds, matches)
    say(`${options.rounds} rounds of ${seconds.toFixed(1)} s each, ${matches.length} situations.`)
    // Not measured: lets both compile their code first.
    for (const measure of chosen) {
      for (const one of contenders) await one.run({ measure, connections: 16, seconds: 1 })
    }
    const figures = await play(matches, { ...options, seconds, say })
    return {
      suite: 'beside',
      title: `This checkout beside ${versions[1]?.name}`,
      settings: `${figures[0]?.rounds} alternated rounds of ${seconds.toFixed(1)} s, medians; load by ${generator()} from a second process; ${devices.toLocaleString('en')} devices, file databases, \`synchronous=FULL\``,
      sections: options.connections.map((connections) => section(figures, versions, connections)),
      figures,
    }
  } finally {
    for (const { gateway } of versions) await gateway.stop()
    for (const { remove } of versions) remove()
  }
}

const contender = ({ name, gateway, documents }: Version, devices: number): Contender => ({
  name,
  run: ({ measure, ...round }) =>
    load({
      ...round,
      port: gateway.port,
      measure: measure.name,
      target: { documents, devices, job: nextJob() },
    }),
})

function section(figures: readonly Figure[], versions: readonly Version[], connections: number): Section {
  const [ours = '', theirs = ''] = versions.map(({ name }) => name)
  const find = (measure: string, name: string) =>
    figures.find(
      (one) => one.measure === measure && one.contender === name && one.connections === connections,
    )
  const names = [...new Set(figures.map(({ measure }) => measure))]
  return {
    title: `${connections} connections`,
    text: 'The ratio is of rates in the same rounds: above 1, this checkout is faster.',
    table: {
      head: [
        '',
        `per second, ${theirs}`,
        `per second, ${ours}`,
        'ratio',
        `p99 ms, ${theirs}`,
        `p99 ms, ${ours}`,
      ],
      rows: names.map((measure) => {
        const [own, other] = [find(measure, ours), find(measure, theirs)]
        return [
          measure,
          shown(other?.rate, whole),
          shown(own?.rate, whole),
          shown(own && other ? own.rate / other.rate : null, times),
          shown(other?.p99, milliseconds),
          shown(own?.p99, milliseconds),
        ]
      }),
    },
  }
}
