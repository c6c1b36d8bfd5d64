import type { MirrorMode } from './mirror.ts'

/** From worst to least. */
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
  /** With `*` in place of indexes and of names that are data. */
  readonly path: string
  readonly kind: DifferenceKind
  readonly ours?: unknown
  readonly vendor?: unknown
  /** Set where a contract has it so on purpose: then it is no fault. */
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
  /** Null where it is not kept. */
  readonly sample: { readonly request: unknown; readonly ours: unknown; readonly vendor: unknown } | null
}

/** Equal differences, counted. */
export interface MirrorSignature {
  readonly signature: string
  readonly route: string
  readonly severity: Severity
  readonly count: number
  readonly firstAt: Date
  readonly lastAt: Date
  readonly differences: readonly Omit<Difference, 'ours' | 'vendor'>[]
  /** The id of a diff. */
  readonly example: string | null
  /** An operator has said that it is none of ours. */
  readonly accepted: boolean
  readonly note: string | null
}

/** What was counted: `name` tells of what, and `route` of which calls. */
export interface MirrorTotal {
  readonly route: string
  readonly name: string
  readonly amount: number
}
