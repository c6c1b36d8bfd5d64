import type { MirrorSettings } from '../domain/mirror.ts'
import type { MirrorDiff, MirrorSignature } from '../domain/mirror-report.ts'
import type { MirrorSummary } from '../domain/mirror-summary.ts'
import type { Answer } from './answers/answer.ts'
import type * as A from './answers/index.ts'

/** The report of a dialect's mirror; zeros without one. */
export function presentSummary(of: {
  readonly dialect: string
  readonly mirror: MirrorSettings | null
  readonly summary: MirrorSummary
  readonly waiting: number
  readonly signatures: readonly MirrorSignature[]
}): Answer<typeof A.MirrorSummary> {
  const { dialect, mirror, summary, waiting, signatures } = of
  return {
    dialect,
    mode: mirror?.mode ?? 'local',
    upstream: mirror?.upstream ?? null,
    since: mirror?.since ?? null,
    ...summary,
    waiting,
    signatures: signatures.map(presentSignature),
  }
}

export function presentSignature(of: MirrorSignature): Answer<typeof A.MirrorSignature> {
  const { firstAt, lastAt, differences, ...rest } = of
  return {
    ...rest,
    firstAt: firstAt.toISOString(),
    lastAt: lastAt.toISOString(),
    differences: differences.map(({ path, kind, declared }) => ({
      path,
      kind,
      ...(declared !== undefined && { declared }),
    })),
  }
}

export const presentDiff = ({ at, ...rest }: MirrorDiff): Answer<typeof A.MirrorDiff> => ({
  ...rest,
  at: at.toISOString(),
})
