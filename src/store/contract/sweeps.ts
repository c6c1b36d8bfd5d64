import type { AppRetention } from '../../domain/app.ts'
import type { Occasion } from './occasion.ts'

/** A due cleanup: data that an app keeps for less long than the gateway does. */
export interface Sweep {
  readonly appId: string
  readonly kind: keyof AppRetention
  readonly days: number
  /** The start of its next batch; null for the first. */
  readonly place: readonly (string | number)[] | null
}

export interface SweepPiece {
  readonly lease: string
  /** Older data is deleted. */
  readonly before: Date
  /** When the next pass is due after the last batch. */
  readonly again: Date
}

/** Cleanups by apps' own retention periods, in batches. */
export interface SweepStore {
  /** Claims the cleanup that has waited longest; null if none is due. */
  claim(claim: { readonly lease: string; readonly until: Date }, now: Date): Promise<Sweep | null>
  /** Deletes one bounded batch and stores the position. Safe to repeat. */
  proceed(sweep: Sweep, piece: SweepPiece, occasion: Occasion): Promise<void>
}
