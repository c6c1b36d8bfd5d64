import { DAY } from './clock.ts'
import { readinessOf, type Target } from './readiness.ts'
import { World, type WorldOptions } from './world.ts'

/** An estimate, and the actual result. */
export interface Estimated {
  readonly seed: number
  readonly target: Target
  /** The day on which the share was reached; null if it was not reached in time. */
  readonly reached: string | null
  readonly within: boolean
}

export type EstimateOptions = Pick<WorldOptions, 'phones' | 'seed' | 'file' | 'threaded'> & {
  readonly share: number
}

const DIALECT = 'pushwoosh'
/** Days with the vendor only, and days until the estimate is read: one whole week, and two more days. */
const [BEFORE, COUNTED] = [10, 9]
/** Twice the longest estimated period; a share that is not reached by then counts as not reached. */
const MOST = 30

/**
 * Phones with identical usage patterns move after an import that names all of them, without a mirror, on
 * which a date does not depend. Nine days later the gateway estimates when a share of them will have called,
 * and the following days show whether it was right.
 */
export async function estimate(options: EstimateOptions): Promise<Estimated> {
  const { seed, share } = options
  const world = await World.open({
    ...options,
    ...{ habits: 'even', dialects: [DIALECT], moves: 'host name', sockets: false },
    start: '2026-09-07T00:00:00.000Z',
  })
  try {
    await world.before(BEFORE)
    const since = new Date(world.clock.now().getTime() + 1)
    await world.imported(world.exported())
    await world.days(COUNTED)
    const look = () => readinessOf(world, { dialect: DIALECT, since, targets: [share] })
    const [target] = (await look()).estimate.targets
    if (!target) throw new Error('there is no estimate')
    const { earliest, latest } = target
    for (let days = 0; days < MOST; days++) {
      const reached = (await look()).curve.find((one) => (one.share ?? 0) >= share)?.date ?? null
      const isLate = latest ? world.clock.now().getTime() > Date.parse(latest) + 2 * DAY : days > 0
      if (reached !== null || isLate) {
        const within = Boolean(reached && earliest && latest && earliest <= reached && reached <= latest)
        return { seed, target, reached, within }
      }
      await world.days(1)
    }
    return { seed, target, reached: null, within: false }
  } finally {
    await world.close()
  }
}
