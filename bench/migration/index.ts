import { join } from 'node:path'
import { DIALECTS } from '../../simulator/dialects.ts'
import { estimate } from '../../simulator/estimates.ts'
import { faultsOf, tellMigration } from '../../simulator/story.ts'
import { temporaryFolder } from '../../simulator/temporary.ts'
import type { Options } from '../options.ts'

const SEEDS = 10
/** Each seed of the estimates uses this share of the phones, up to a limit; all of them if nothing else is run. */
const PART = 50
const LEAST = 2000
const MOST = 20_000
const LEAST_RIGHT = 9

/**
 * A whole migration, simulated: throws where something was lost or doubled, or where the estimates of readiness are wrong in
 * more than one seed of ten. Phones call the app in this process, without sockets: what is measured is the outcome.
 */
export async function migration(
  { phones, only, quick }: Options,
  say: (line: string) => void,
): Promise<null> {
  const asked = (name: string) => only.length === 0 || only.includes(name)
  if (asked('story')) await story(phones, say)
  const part = Math.max(quick ? 200 : LEAST, Math.min(MOST, Math.round(phones / PART)))
  if (asked('estimates')) await estimates(only.length > 0 ? phones : part, say)
  return null
}

async function story(phones: number, say: (line: string) => void): Promise<void> {
  const { folder, remove } = temporaryFolder(phones)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const began = performance.now()
  try {
    const { world, gateway, vendors, starts } = await tellMigration({
      ...{ phones, seed: 1, habits: 'mixed', moves: 'host name', port: null, say },
      ...{ dialects: DIALECTS.map(({ script }) => script.dialect), sockets: false, threaded: true },
      file: join(folder, 'pushport.db'),
      start: '2026-09-07T00:00:00.000Z',
      schedule: { before: 30, forward: 1, record: [3, 1, 6], shadow: 3, local: 2 },
    })
    await world.close()
    const seconds = (performance.now() - began) / 1000
    const rate = Math.round(starts / seconds).toLocaleString('en')
    const memory = Math.round(process.memoryUsage.rss() / 2 ** 20).toLocaleString('en')
    say(
      `${starts.toLocaleString('en')} starts in ${seconds.toFixed(0)} s (${rate} a second); ${memory} MiB in use`,
    )
    const faults = [vendors, gateway].flatMap(faultsOf)
    if (faults.length > 0) throw new Error(`these do not hold what phones sent:\n${faults.join('\n')}`)
  } finally {
    remove()
  }
}

async function estimates(phones: number, say: (line: string) => void): Promise<void> {
  say('')
  say(
    `When will 80 % have called? ${SEEDS} seeds of ${phones.toLocaleString('en')} phones, nine days after the import:`,
  )
  let right = 0
  for (let seed = 1; seed <= SEEDS; seed++) {
    const began = performance.now()
    const { target, reached, within } = await estimate({
      seed,
      phones,
      share: 0.8,
      file: ':memory:',
      threaded: false,
    })
    const interval = `${target.earliest} to ${target.latest}`
    const took = `${((performance.now() - began) / 1000).toFixed(0)} s`
    say(
      `  seed ${seed}: ${target.date} (${interval}), and it was ${reached}: ${within ? 'within' : 'NOT within'} (${took})`,
    )
    if (within) right++
  }
  say(`${right} of ${SEEDS} within their interval`)
  if (right < LEAST_RIGHT) throw new Error(`only ${right} of ${SEEDS} estimates were right`)
}
