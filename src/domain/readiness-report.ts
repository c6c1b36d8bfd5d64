/** The readiness report of a move from a vendor: figures, dates and a verdict, computed from counts. */
import {
  type Counted,
  GROUPINGS,
  type Group,
  type Grouping,
  MOST_CURVES,
  MOST_GROUPS,
  type Tally,
} from './readiness.ts'
import { curveOf, type Estimate, estimateOf, type Point } from './readiness-curve.ts'

/** State of the dialect's mirror; zeros without one. */
export interface MirrorState {
  readonly mode: string
  readonly requests: number
  readonly differing: number
  readonly diverged: number
  readonly dropped: number
  readonly waiting: number
  /** Whether major differences that no operator has accepted occurred within the last week. */
  readonly faulty: boolean
}

export interface ReadinessTerms {
  readonly since: Date
  readonly exportedAt: Date | null
  readonly activeDays: number
  readonly targets: readonly number[]
  /** The share of active devices at which the vendor can be turned off. */
  readonly readyShare: number
  readonly mirror: MirrorState
  /** When the count finished. */
  readonly at: Date
}

export type Warning = 'hazard_falling' | 'first_calls_unknown'
export const VERDICTS = ['not_started', 'running', 'stalled', 'ready'] as const

export interface Verdict {
  readonly state: (typeof VERDICTS)[number]
  readonly safeFrom: string | null
  /** Full sentences. */
  readonly reasons: readonly string[]
}

export interface ShownTally extends Tally {
  readonly residue: number
}

export interface ReadinessReport {
  readonly at: Date
  readonly since: Date
  readonly exportedAt: Date | null
  readonly activeDays: number
  readonly totals: ShownTally & {
    readonly live: number
    readonly dead: number
    readonly placeholders: number
  }
  readonly coverage: { readonly all: number | null; readonly active: number | null }
  readonly groups: Readonly<Record<Grouping, readonly (ShownTally & { readonly value: string | null })[]>>
  readonly curve: readonly Point[]
  readonly estimate: Omit<Estimate, 'falling'>
  readonly verdict: Verdict
  readonly cost: Cost
  readonly unseen: Counted['unseen']
  readonly mirror: MirrorState
  readonly warnings: readonly Warning[]
}

/** The number of devices that the vendor bills for, compared with the reachable ones here. */
export interface Cost {
  /** Rows of the vendor's export. */
  readonly billed: number
  /** Devices that a message would reach. */
  readonly reachable: number
  /** The share of billed rows without a reachable phone; null without rows. */
  readonly idle: number | null
}

const ratio = (part: number, of: number): number | null => (of === 0 ? null : part / of)

const withResidue = ({ imported, both, liveOnly, active, activeSeen }: Tally): ShownTally => ({
  ...{ imported, both, residue: imported - both },
  ...{ liveOnly, active, activeSeen },
})

export function reportOf(counted: Counted, terms: ReadinessTerms): ReadinessReport {
  const { since, exportedAt, activeDays, at, mirror } = terms
  const cohort = { active: counted.active, days: counted.days, since, at }
  const shares = [...new Set([...terms.targets, terms.readyShare])]
  const { falling, targets, ...estimate } = estimateOf(cohort, shares)
  const { dead, placeholders } = counted
  const totals = withResidue(counted)
  const coverage = {
    all: ratio(counted.both, counted.imported),
    active: ratio(counted.activeSeen, counted.active),
  }
  return {
    ...{ at, since, exportedAt, activeDays, coverage, mirror },
    totals: { ...totals, live: counted.both + counted.liveOnly, dead, placeholders },
    groups: Object.fromEntries(
      GROUPINGS.map((by) => [by, groupsOf(counted.groups[by], counted)]),
    ) as unknown as ReadinessReport['groups'],
    curve: curveOf(cohort),
    estimate: { ...estimate, targets: targets.filter(({ share }) => terms.targets.includes(share)) },
    verdict: verdictOf(
      counted,
      terms,
      targets.find(({ share }) => share === terms.readyShare),
    ),
    cost: costOf(counted),
    unseen: counted.unseen,
    warnings: [
      ...(falling ? (['hazard_falling'] as const) : []),
      ...(counted.early > 0 ? (['first_calls_unknown'] as const) : []),
    ],
  }
}

const costOf = ({ imported, reachable }: Counted): Cost => ({
  billed: imported,
  reachable,
  idle: imported === 0 ? null : Math.max(0, imported - reachable) / imported,
})

/** The largest groups; the rest is summed as `other`, so that the groups add up to the totals. */
function groupsOf(groups: readonly Group[], all: Tally) {
  const named = groups.filter(({ value }) => value !== '*').slice(0, MOST_GROUPS)
  const rest = named.reduce(
    (left, one) => ({
      imported: left.imported - one.imported,
      both: left.both - one.both,
      liveOnly: left.liveOnly - one.liveOnly,
      active: left.active - one.active,
      activeSeen: left.activeSeen - one.activeSeen,
    }),
    all,
  )
  const shown = named.map(({ value, ...tally }) => ({ value, ...withResidue(tally) }))
  return rest.imported + rest.liveOnly > 0 ? [...shown, { value: 'other', ...withResidue(rest) }] : shown
}

/** Curves of the largest groups by each property. */
export const curvesOf = (counted: Counted, terms: Pick<ReadinessTerms, 'since' | 'at'>) =>
  GROUPINGS.flatMap((by) =>
    counted.groups[by]
      .filter(({ days, value }) => days !== undefined && value !== '*')
      .slice(0, MOST_CURVES)
      .map(({ value, active, days = [] }) => ({
        by,
        value,
        active,
        curve: curveOf({ active, days, ...terms }),
      })),
  )

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`
const counting = (n: number, what: string) => `${n.toLocaleString('en-US')} ${what}${n === 1 ? '' : 's'}`

function verdictOf(
  counted: Counted,
  { readyShare, mirror, at }: ReadinessTerms,
  target: Estimate['targets'][number] | undefined,
): Verdict {
  if (counted.imported === 0 && counted.liveOnly === 0) {
    return {
      state: 'not_started',
      safeFrom: null,
      reasons: ['Nothing was imported, and no phone has called'],
    }
  }
  const covered = ratio(counted.activeSeen, counted.active)
  const enough = covered !== null && covered >= readyShare
  const faults = mirrorFaults(mirror)
  const reasons = [...coverageReasons(counted, covered), ...faults, ...residueReasons(counted)]
  if (enough && faults.length === 0) {
    return { state: 'ready', safeFrom: at.toISOString().slice(0, 10), reasons }
  }
  if (target?.reason === 'plateau')
    return { state: 'stalled', safeFrom: null, reasons: [...reasons, PLATEAU] }
  return { state: 'running', safeFrom: enough ? null : (target?.date ?? null), reasons }
}

const PLATEAU =
  'Almost none of the remaining devices call any more: look at the platforms and versions, and at devices that are no longer in use'

function coverageReasons({ activeSeen, active }: Counted, covered: number | null): string[] {
  if (covered === null) return ['No import contains the vendor’s devices, so the share is unknown']
  const left = active - activeSeen
  if (left === 0) return ['All active devices have been seen']
  return [`${percent(left / active)} of the active devices have not been seen`]
}

function mirrorFaults({ waiting, dropped, faulty }: MirrorState): string[] {
  return [
    ...(waiting > 0
      ? [`${counting(waiting, 'copy').replace('copys', 'copies')} still waiting to be sent to the vendor`]
      : []),
    ...(dropped > 0
      ? [`${counting(dropped, 'copy').replace('copys', 'copies')} could not be delivered to the vendor`]
      : []),
    ...(faulty
      ? ['Within the last 7 days the vendor and this gateway differed in a way that no operator has accepted']
      : []),
  ]
}

function residueReasons({ imported, both }: Counted): string[] {
  if (imported === 0) {
    return ['Nothing was imported, so devices that only the vendor knows are lost when it is turned off']
  }
  const residue = imported - both
  if (residue === 0) return []
  return [
    `${counting(residue, 'imported device')} that did not call ${residue === 1 ? 'is' : 'are'} not lost: their tokens are stored here, and messages can be sent to them`,
  ]
}
