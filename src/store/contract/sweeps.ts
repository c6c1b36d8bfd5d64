import type { AppRetention } from '../../domain/app.ts'
import type { Occasion } from './occasion.ts'

/** Something that an app keeps for less long than the gateway does, whose turn it is. */
export interface Sweep {
  readonly appId: string
  readonly kind: keyof AppRetention
  readonly days: number
  /** Where its next piece begins; null for the first. */
  readonly place: readonly (string | number)[] | null
}

export interface SweepPiece {
  readonly lease: string
  /** What is older goes. */
  readonly before: Date
  /** When it is looked at again after its last piece. */
  readonly again: Date
}

/** Goes through what apps keep for less long than the gateway does, piece by piece. */
export interface SweepStore {
  /** The one that has waited longest; null where nothing is due. */
  claim(claim: { readonly lease: string; readonly until: Date }, now: Date): Promise<Sweep | null>
  /** A bounded piece: removes what is too old, and notes where to go on. May be done twice. */
  proceed(sweep: Sweep, piece: SweepPiece, occasion: Occasion): Promise<void>
}
