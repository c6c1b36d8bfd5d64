import type { Scope } from './listing.ts'
import type { LaneClaim } from './queue.ts'

/** A call to be copied to an app's vendor. */
export interface CopyDraft {
  /** Later calls have greater ids. */
  readonly id: string
  readonly scope: Scope
  /** A hash of the device, whose calls keep their order. */
  readonly device: string
  /** The device's id here; null for none. */
  readonly externalId: string | null
  /** Keyed hashes of the users and, with the prefix `h:`, of the push tokens and device ids that the call names. */
  readonly subjects: readonly string[]
  readonly route: string
  /** A hash of the call. */
  readonly same: string
  /** The copy must not arrive twice. */
  readonly once: boolean
  /** The request, encrypted. */
  readonly sealed: string
  readonly at: Date
}

/** A claimed copy. */
export interface TakenCopy extends Omit<CopyDraft, 'same' | 'externalId' | 'subjects'> {
  /** App and dialect of the claim. */
  readonly line: string
  /** The number of attempts, this one included. */
  readonly tries: number
  /** Whether an older copy must finish first: it names the same device, or the same user and either removes that user. */
  readonly behind: boolean
  /** The device's ids here with the vendor's ids for the same objects. */
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

/** Calls to be copied to vendors: in order per device, each claimed by one gateway. */
export interface CopyStore {
  /**
   * Writes the copies with the next plan committed for the cause, so that neither exists without the other; `copies` is only
   * called then. The returned function ends this and returns whether there was such a plan.
   */
  carry(copies: () => Promise<readonly CopyDraft[]>, cause: string): () => boolean
  /** Writes copies in one plan of their own, in order. They are taken in the order of their ids, even if a later one was written first. */
  add(...copies: readonly CopyDraft[]): Promise<void>
  claim(claim: CopyClaim, now: Date): Promise<readonly TakenCopy[]>
  /** Ends a copy, and makes the next one of its device due. `gone`: the device's ids are deleted. */
  end(
    copy: Pick<CopyDraft, 'id' | 'device' | 'scope'>,
    learnt: { readonly ids: readonly VendorId[]; readonly gone: boolean },
    now: Date,
  ): Promise<void>
  /** Makes a copy due again at that time; `tries` is its new number of attempts. */
  postpone(copy: Pick<TakenCopy, 'id' | 'scope'>, dueAt: Date, tries: number): Promise<void>
  waiting(scope: Scope): Promise<number>
  /** Whether any waiting copy names one of these. */
  naming(scope: Scope, subjects: readonly string[]): Promise<boolean>
  /** The apps and dialects with waiting copies. */
  scopes(): Promise<readonly Scope[]>
  /** Drops the devices that have waited longest if there are too many copies; returns the routes of the dropped copies. */
  trim(scope: Scope, most: number, now: Date): Promise<readonly string[]>
}
