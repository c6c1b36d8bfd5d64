import type { Occasion } from './occasion.ts'

/** The push tokens that a report may be about: those that one of the hashes has with one of its providers, or a device's. */
export type FeedbackTarget =
  | { readonly device: string }
  | { readonly hashes: readonly { readonly hash: string; readonly providers: readonly string[] }[] }

/** What whoever sends learned of a push token. */
export interface FeedbackReport {
  readonly target: FeedbackTarget
  readonly outcome: 'dead' | 'delivered'
  readonly at: Date
  /** What the registration must have been noted before `at`, in milliseconds, for the token to be dead (identity R11). */
  readonly tolerance: number
  readonly reason: string | null
}

/** How many reports were applied, were ignored for newer knowledge, and named nothing that is known. */
export interface FeedbackCounts {
  readonly applied: number
  readonly ignored: number
  readonly unknown: number
}

/** What comes back from the push services. */
export interface FeedbackStore {
  /** Identity R11: whether a token is dead is decided in the write, so that a registration beside it wins. Many reports go in pieces. */
  report(appId: string, reports: readonly FeedbackReport[], occasion: Occasion): Promise<FeedbackCounts>
}
