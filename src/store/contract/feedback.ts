import type { Occasion } from './occasion.ts'

/** The push tokens of a report: a device's, or every token with one of the hashes and one of that hash's providers. */
export type FeedbackTarget =
  | { readonly device: string }
  | { readonly hashes: readonly { readonly hash: string; readonly providers: readonly string[] }[] }

/** A sender's report about push tokens. */
export interface FeedbackReport {
  readonly target: FeedbackTarget
  readonly outcome: 'dead' | 'delivered'
  readonly at: Date
  /** The token is dead only if `at` is at least this many milliseconds after its registration (identity R11). */
  readonly tolerance: number
  readonly reason: string | null
}

/** Numbers of reports: applied, ignored because newer information exists, and for unknown tokens or devices. */
export interface FeedbackCounts {
  readonly applied: number
  readonly ignored: number
  readonly unknown: number
}

/** Feedback from push services. */
export interface FeedbackStore {
  /**
   * Decides inside the write whether a token is dead, so that a concurrent registration wins (identity R11). Many
   * reports are applied in batches.
   */
  report(appId: string, reports: readonly FeedbackReport[], occasion: Occasion): Promise<FeedbackCounts>
}
