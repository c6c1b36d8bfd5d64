import type { MirrorMode } from './mirror.ts'

/** From worst to mildest. */
export const SEVERITIES = ['major', 'minor', 'info'] as const
export type Severity = (typeof SEVERITIES)[number]

export const DIFFERENCE_KINDS = [
  'status',
  'type',
  'missing',
  'form',
  'value',
  'extra',
  'header',
  'order',
] as const
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number]

/** Where two answers differ. */
export interface Difference {
  /** With `*` in place of indexes and of member names that are data. */
  readonly path: string
  readonly kind: DifferenceKind
  readonly ours?: unknown
  readonly vendor?: unknown
  /** The stated reason, if the difference is intended. */
  readonly declared?: string
}

/** One side of a compared call. */
export interface Side {
  readonly status: number
  readonly ms: number
}

/** A call on which both sides differed, masked. */
export interface MirrorDiff {
  readonly id: string
  readonly at: Date
  readonly dialect: string
  readonly mode: MirrorMode
  readonly route: string
  readonly severity: Severity
  readonly signature: string
  readonly ours: Side
  readonly vendor: Side
  readonly differences: readonly Difference[]
  /** Null if it is not kept. */
  readonly sample: { readonly request: unknown; readonly ours: unknown; readonly vendor: unknown } | null
}

/** Differences with the same signature, counted. */
export interface MirrorSignature {
  readonly signature: string
  readonly route: string
  readonly severity: Severity
  readonly count: number
  readonly firstAt: Date
  readonly lastAt: Date
  readonly differences: readonly Omit<Difference, 'ours' | 'vendor'>[]
  /** The id of one such diff. */
  readonly example: string | null
  /** Whether an operator accepted the difference. */
  readonly accepted: boolean
  readonly note: string | null
}

/** One counter of a mirror: `name` is what was counted, `route` the counted calls. */
export interface MirrorTotal {
  readonly route: string
  readonly name: string
  readonly amount: number
}
