import type { Claim } from './queue.ts'

/** The key of a row with an encrypted column; unused parts are empty. */
export type SealedKey = readonly [one: string, two: string, three: string]

/** An encrypted value with its context. */
export interface SealedValue {
  readonly key: SealedKey
  readonly appId: string
  readonly dialect: string
  readonly kind: string
  readonly name: string
  readonly version: string
  readonly sealed: string
}

/** The position of a rotation: the number of finished sealed columns, and the last row processed in the next one. */
export interface RotationPlace {
  readonly columns: number
  readonly after: SealedKey
}

export interface Rotation {
  /** Identifies the new master key. */
  readonly mark: string
  readonly state: 'running' | 'completed'
  readonly place: RotationPlace
  /** Values processed, of these re-encrypted, and of these not decryptable with any key. */
  readonly done: number
  readonly resealed: number
  readonly failed: number
  readonly startedAt: Date
  readonly finishedAt: Date | null
}

/** Re-encrypted values; each is only written if the old value is still stored. */
export interface Resealing {
  readonly column: string
  readonly values: readonly { readonly key: SealedKey; readonly stale: string; readonly fresh: string }[]
}

/** State of the master key. */
export interface VaultStore {
  /** The encrypted key of keyed hashes; null if none is stored. */
  marks(): Promise<string | null>
  /** Stores the key unless there is one. */
  keepMarks(sealed: string, now: Date): Promise<void>
  rotation(): Promise<Rotation | null>
  /** Starts a rotation unless one for the same key exists; with `anew`, in any case. */
  begin(mark: string, anew: boolean, now: Date): Promise<Rotation>
  /** Claims the running rotation, unless another process has it. */
  claim(claim: Claim, now: Date): Promise<readonly Rotation[]>
  /** The next values of a column. */
  page(column: string, after: SealedKey, limit: number): Promise<readonly SealedValue[]>
  /** Writes the values and the position while the lease holds, and ends the lease. */
  settle(lease: string, resealing: Resealing, to: Omit<Rotation, 'mark' | 'startedAt'>): Promise<void>
}
