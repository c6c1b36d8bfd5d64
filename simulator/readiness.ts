import type { World } from './world.ts'

export interface Target {
  readonly share: number
  readonly date: string | null
  readonly reachedAt?: string | null
  readonly earliest?: string | null
  readonly latest?: string | null
  readonly reason?: string | null
}

/** The parts of a dialect's readiness report that a simulation checks (docs/readiness.md). */
export interface Readiness {
  readonly dialect: string
  /** When its devices were counted. */
  readonly at: string
  readonly totals: Readonly<Record<string, number>>
  readonly coverage: { readonly all: number | null; readonly active: number | null }
  readonly curve: readonly { readonly date: string; readonly seen: number; readonly share: number | null }[]
  readonly estimate: { readonly hazard: number | null; readonly targets: readonly Target[] }
  readonly verdict: { readonly state: string; readonly reasons: readonly string[] }
  readonly warnings: readonly string[]
}

/** Large numbers of devices are counted in the background, so this repeats until there is a count of now. */
const TRIES = 1000

export async function readinessOf(
  world: Pick<World, 'gateway' | 'clock' | 'path'>,
  {
    dialect,
    since,
    targets,
  }: { readonly dialect: string; readonly since: Date; readonly targets: readonly number[] },
): Promise<Readiness> {
  const { gateway, clock } = world
  const query = new URLSearchParams({ dialect, since: since.toISOString(), targets: targets.join() })
  for (let tries = 0; tries < TRIES; tries++) {
    const found = await gateway.admin('GET', world.path(`/readiness?${query}`))
    // Until a count has ended, the answer is the last one, of another day.
    if ('verdict' in found && Date.parse(String(found.at)) >= clock.now().getTime()) {
      return found as unknown as Readiness
    }
  }
  throw new Error(`the readiness of ${dialect} is still being counted`)
}
