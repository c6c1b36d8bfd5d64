import type { MirrorTotal } from './mirror-report.ts'

/** Counts of a mirror, or of one of its routes. */
export interface MirrorCounts {
  readonly requests: number
  readonly compared: number
  readonly equal: number
  readonly differing: number
}

export interface MirrorSummary extends MirrorCounts {
  readonly sent: number
  readonly notComparable: number
  readonly failed: { readonly unreachable: number; readonly timeout: number; readonly refused: number }
  readonly notSent: { readonly never: number; readonly loop: number; readonly backlog: number }
  readonly diverged: number
  readonly dropped: number
  readonly latency: { readonly ours: Percentiles; readonly vendor: Percentiles }
  readonly routes: readonly (MirrorCounts & { readonly route: string })[]
}

/** In milliseconds. */
interface Percentiles {
  readonly p50: number
  readonly p99: number
}

/** The bucket of a time in milliseconds. Each doubling has four buckets, so percentiles are off by a tenth at most. */
export const bucketOf = (ms: number): number => Math.round(Math.log2(Math.max(0, ms) + 1) * 4)
const timeOf = (bucket: number): number => Math.round(2 ** (bucket / 4) - 1)

/** Sums counters by route and name. */
export function summaryOf(totals: readonly MirrorTotal[]): MirrorSummary {
  const all = new Map<string, number>()
  const routes = new Map<string, Map<string, number>>()
  for (const { route, name, amount } of totals) {
    all.set(name, (all.get(name) ?? 0) + amount)
    const own = routes.get(route) ?? new Map<string, number>()
    routes.set(route, own.set(name, (own.get(name) ?? 0) + amount))
  }
  const of = (name: string) => all.get(name) ?? 0
  return {
    ...countsOf(all),
    sent: of('sent'),
    notComparable: of('notComparable'),
    failed: {
      unreachable: of('failed.unreachable'),
      timeout: of('failed.timeout'),
      refused: of('failed.refused'),
    },
    notSent: { never: of('notSent.never'), loop: of('notSent.loop'), backlog: of('notSent.backlog') },
    diverged: of('diverged'),
    dropped: of('dropped'),
    latency: { ours: percentiles(all, 'ours.'), vendor: percentiles(all, 'vendor.') },
    routes: [...routes]
      .map(([route, names]) => ({ route, ...countsOf(names) }))
      .sort((one, other) => other.requests - one.requests || (one.route < other.route ? -1 : 1)),
  }
}

const countsOf = (names: ReadonlyMap<string, number>): MirrorCounts => ({
  requests: names.get('requests') ?? 0,
  compared: names.get('compared') ?? 0,
  equal: names.get('equal') ?? 0,
  differing: names.get('differing') ?? 0,
})

function percentiles(names: ReadonlyMap<string, number>, prefix: string): Percentiles {
  const buckets = [...names]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, amount]) => [Number(name.slice(prefix.length)), amount] as const)
    .sort(([one], [other]) => one - other)
  const calls = buckets.reduce((sum, [, amount]) => sum + amount, 0)
  const at = (share: number) => {
    let before = 0
    const found = buckets.find(([, amount]) => {
      before += amount
      return before >= calls * share
    })
    return found ? timeOf(found[0]) : 0
  }
  return { p50: at(0.5), p99: at(0.99) }
}
