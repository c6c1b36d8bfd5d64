import type { Scope } from './listing.ts'
import type { LaneClaim } from './queue.ts'

/** A call that waits to be copied to an app's vendor. */
export interface CopyDraft {
  /** Later ones are greater. */
  readonly id: string
  readonly scope: Scope
  /** A hash of the device: its calls keep their order. */
  readonly device: string
  /** The device's id here; null for none. */
  readonly externalId: string | null
  /** Users and, behind `h:`, push tokens and ids of devices that the call names, by keyed hashes. */
  readonly subjects: readonly string[]
  readonly route: string
  /** A hash of the call. */
  readonly same: string
  /** It must not arrive twice. */
  readonly once: boolean
  /** The request, encrypted. */
  readonly sealed: string
  readonly at: Date
}

/** A claimed copy. */
export interface TakenCopy extends Omit<CopyDraft, 'same' | 'externalId' | 'subjects'> {
  /** Of the claim: the app and the dialect. */
  readonly line: string
  /** How often it was begun, this time included. */
  readonly tries: number
  /** An older one has to end before: it names the same device by its token or id, or one of both removes the user whom the other one names. */
  readonly behind: boolean
  /** Of its device: what we gave out, and the vendor's own for the same. */
  readonly ids: readonly VendorId[]
}

export interface VendorId {
  readonly ours: string
  readonly vendor: string
}

export interface CopyClaim extends LaneClaim {
  /** Lines from which nothing is claimed. */
  readonly resting: readonly string[]
}

/** Calls on their way to vendors: in order for each device, each claimed by one gateway. */
export interface CopyStore {
  /**
   * The copies, which are asked for only then, are written with whatever plan is committed next for the cause, so that there is
   * never one without the other. Returns a function that ends this, and says whether there was such a plan.
   */
  carry(copies: () => Promise<readonly CopyDraft[]>, cause: string): () => boolean
  /** Writes copies by themselves, in their order and in one plan. */
  add(...copies: readonly CopyDraft[]): Promise<void>
  claim(claim: CopyClaim, now: Date): Promise<readonly TakenCopy[]>
  /** Ends a copy; the next one of its device is due. `gone`: the ids of its device are forgotten. */
  end(
    copy: Pick<CopyDraft, 'id' | 'device' | 'scope'>,
    learnt: { readonly ids: readonly VendorId[]; readonly gone: boolean },
    now: Date,
  ): Promise<void>
  /** It is due again then; `tries` is how often it counts as begun. */
  postpone(copy: Pick<TakenCopy, 'id' | 'scope'>, dueAt: Date, tries: number): Promise<void>
  waiting(scope: Scope): Promise<number>
  /** Whether any waits that names one of these. */
  naming(scope: Scope, subjects: readonly string[]): Promise<boolean>
  /** Whose copies wait. */
  scopes(): Promise<readonly Scope[]>
  /** Drops the devices that wait longest, where more wait than may; the routes of what was dropped. */
  trim(scope: Scope, most: number, now: Date): Promise<readonly string[]>
}
