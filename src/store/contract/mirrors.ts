import type { Once } from '../../domain/mirror.ts'
import type { MirrorDiff, MirrorSignature, MirrorTotal, Severity } from '../../domain/mirror-report.ts'
import type { Page, PageRequest, TimePlace } from '../../domain/page.ts'
import type { AuditEntry } from './audit.ts'
import type { Scope } from './listing.ts'
import type { Occasion } from './occasion.ts'

/** Ids that a vendor assigned to a device and its subscriptions. */
export interface VendorIds {
  /** The device's current id here. */
  readonly externalId: string
  /** Its new id, unless another device has it. The previous id becomes an alias, if any client may know it. */
  readonly renamed?: string | undefined
  /** The line of copies under the previous id (`CopyDraft.device`). */
  readonly line?: string | undefined
  /** By topic. */
  readonly subscriptions?: Readonly<Record<string, string>> | undefined
}

export interface MirrorCount extends MirrorTotal {
  readonly appId: string
  readonly dialect: string
  /** The time of the mirror's settings. */
  readonly since: Date
  /** Whole hours since 1970. */
  readonly hour: number
}

/** A difference to store. */
export interface MirrorDiffDraft extends Omit<MirrorDiff, 'dialect'> {
  readonly since: Date
  readonly dropAt: Date
  /** Keyed hashes of the users that it mentions. */
  readonly subjects: readonly string[]
  /** Stored only while this copy exists; absent for calls without a copy. */
  readonly copy?: string | undefined
}

export interface MirrorDiffFilter {
  readonly route?: string | undefined
  readonly signature?: string | undefined
  readonly severity?: Severity | undefined
}

/** Data of mirrors: vendor ids, counts and differences. */
export interface MirrorStore {
  /** The current id of the device with this former id, if it exists; records the use, at most hourly. */
  aliased(scope: Scope, alias: string, now: Date): Promise<string | null>
  /** Deletes a batch of aliases not used since a time. */
  pruneAliases(before: Date, limit: number): Promise<number>
  /** Sets ids, except those in use by another device or subscription. */
  adopt(scope: Scope, ids: VendorIds, occasion: Occasion): Promise<void>
  /** True on the first call for each mark and kind. */
  mark(scope: Scope, kind: Once, mark: string, now: Date): Promise<boolean>
  /** Removes a mark in all dialects of the app, so that `mark` returns true again. */
  unmark(appId: string, kind: Once, mark: string): Promise<void>
  count(counts: readonly MirrorCount[]): Promise<void>
  totals(scope: Scope, since: Date): Promise<readonly MirrorTotal[]>
  /** Counts the signature and stores up to 100 differences with it. */
  note(scope: Scope, diff: MirrorDiffDraft): Promise<void>
  /** Signatures seen since a time, most frequent first. */
  signatures(scope: Scope, since: Date, limit: number): Promise<readonly MirrorSignature[]>
  /** Null for an unknown signature. */
  accept(
    scope: Scope,
    signature: string,
    verdict: { readonly accepted: boolean; readonly note: string | null },
    entry?: AuditEntry,
  ): Promise<MirrorSignature | null>
  /** Newest first. */
  diffs(
    scope: Scope,
    filter: MirrorDiffFilter,
    page: PageRequest<TimePlace>,
  ): Promise<Page<MirrorDiff, TimePlace>>
  /** Deletes a batch of expired data: differences by their own time, counts by hour. Returns the differences' number. */
  prune(now: Date, hour: number, limit: number): Promise<number>
  /** Deletes the differences and marks of any of these subjects. */
  forget(appId: string, subjects: readonly string[]): Promise<void>
  /** Deletes all data of an app's mirrors, or of the mirror of one dialect. */
  drop(appId: string, dialect: string | null): Promise<void>
}
