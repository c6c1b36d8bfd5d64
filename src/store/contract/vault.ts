import type { Claim } from './queue.ts'

/** The key of a row with an encrypted column; parts that its table has not are empty. */
export type SealedKey = readonly [one: string, two: string, three: string]

/** An encrypted value, and what it is bound to. */
export interface SealedValue {
  readonly key: SealedKey
  readonly appId: string
  readonly dialect: string
  readonly kind: string
  readonly name: string
  readonly version: string
  readonly sealed: string
}

/** How far a change of the master key is: so many of the sealed columns are done, and of the next one up to a row. */
export interface RotationPlace {
  readonly columns: number
  readonly after: SealedKey
}

export interface Rotation {
  /** Of the key that it is for. */
  readonly mark: string
  readonly state: 'running' | 'completed'
  readonly place: RotationPlace
  /** Values looked at; those of them that were sealed anew; and those that no key opens. */
  readonly done: number
  readonly resealed: number
  readonly failed: number
  readonly startedAt: Date
  readonly finishedAt: Date | null
}

/** Values that are sealed anew: each only where it is still what it was. */
export interface Resealing {
  readonly column: string
  readonly values: readonly { readonly key: SealedKey; readonly stale: string; readonly fresh: string }[]
}

/** What belongs to the master key. */
export interface VaultStore {
  /** The encrypted key of keyed hashes; null where none is kept. */
  marks(): Promise<string | null>
  /** Keeps it, unless one is kept. */
  keepMarks(sealed: string, now: Date): Promise<void>
  rotation(): Promise<Rotation | null>
  /** Begins one from the start, unless one for the same key is there; `anew`: all the same. */
  begin(mark: string, anew: boolean, now: Date): Promise<Rotation>
  /** One that is running and that nobody else works on. */
  claim(claim: Claim, now: Date): Promise<readonly Rotation[]>
  /** The next values of a column. */
  page(column: string, after: SealedKey, limit: number): Promise<readonly SealedValue[]>
  /** Seals anew and moves on, as long as the lease holds; it ends with it. */
  settle(lease: string, resealing: Resealing, to: Omit<Rotation, 'mark' | 'startedAt'>): Promise<void>
}
