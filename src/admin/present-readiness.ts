import type { ReadinessRecord } from '../domain/readiness.ts'
import type { MirrorState, ReadinessReport } from '../domain/readiness-report.ts'
import type { Curves } from '../gateway/readiness.ts'
import type { Answer } from './answers/answer.ts'
import type * as A from './answers/index.ts'

export function presentReadiness(
  of: { readonly app: string; readonly dialect: string },
  report: ReadinessReport,
): Answer<typeof A.Readiness> {
  const { groups, curve, estimate, verdict, cost, unseen, warnings, totals, coverage } = report
  return {
    ...of,
    at: report.at.toISOString(),
    since: report.since.toISOString(),
    exportedAt: report.exportedAt?.toISOString() ?? null,
    activeDays: report.activeDays,
    totals,
    coverage: { all: rounded(coverage.all), active: rounded(coverage.active) },
    byPlatform: groups.platform,
    byAppVersion: groups.appVersion,
    bySdkVersion: groups.sdkVersion,
    byCountry: groups.country,
    curve: shown(curve),
    estimate: { ...estimate, hazard: rounded(estimate.hazard) },
    verdict,
    cost: { ...cost, idle: rounded(cost.idle) },
    unseen,
    mirror: mirrorOf(report.mirror),
    warnings,
  }
}

export const presentCurves = (
  dialect: string,
  { at, since }: Pick<ReadinessReport, 'at' | 'since'>,
  curves: Curves,
): Answer<typeof A.ReadinessCurves> => ({
  dialect,
  at: at.toISOString(),
  since: since.toISOString(),
  curves: curves.map(({ curve, ...rest }) => ({ ...rest, curve: shown(curve) })),
})

export const presentRecord = ({
  document,
  digest,
  at,
  ...rest
}: ReadinessRecord): Answer<typeof A.ReadinessRecord> => ({
  ...rest,
  at: at.toISOString(),
  sha256: digest,
  document: JSON.parse(document),
})

/** Rounds shares to four decimal places: 0.0001 of a million devices is a hundred. */
const rounded = <T extends number | null>(share: T): T =>
  (share === null ? null : Math.round(share * 10_000) / 10_000) as T
const shown = (curve: ReadinessReport['curve']) => curve.map((one) => ({ ...one, share: rounded(one.share) }))

const mirrorOf = ({ mode, faulty, ...counts }: MirrorState): Answer<typeof A.Readiness>['mirror'] => ({
  mode: mode as Answer<typeof A.Readiness>['mirror']['mode'],
  ...counts,
})
