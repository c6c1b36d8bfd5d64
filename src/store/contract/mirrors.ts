import type { Once } from '../../domain/mirror.ts'
import type { MirrorDiff, MirrorSignature, MirrorTotal, Severity } from '../../domain/mirror-report.ts'
import type { Page, PageRequest, TimePlace } from '../../domain/page.ts'
import type { AuditEntry } from './audit.ts'
import type { Scope } from './listing.ts'
import type { Occasion } from './occasion.ts'

/** Ids that a vendor gave to a device and its subscriptions. */
export interface VendorIds {
  /** The device's id here so far. */
  readonly externalId: string
  /** The one that it gets, unless another device has it. The former one is its alias then, if anybody can have it. */
  readonly renamed?: string | undefined
  /** The line of copies of the former id (`CopyDraft.device`). */
  readonly line?: string | undefined
  /** By topic. */
  readonly subscriptions?: Readonly<Record<string, string>> | undefined
}

export interface MirrorCount extends MirrorTotal {
  readonly appId: string
  readonly dialect: string
  /** The mirror's own time. */
  readonly since: Date
  /** Whole hours since 1970. */
  readonly hour: number
}

/** A difference to store. */
export interface MirrorDiffDraft extends Omit<MirrorDiff, 'dialect'> {
  readonly since: Date
  readonly dropAt: Date
  /** Whom it mentions, by keyed hashes. */
  readonly subjects: readonly string[]
  /** Stored only as long as this copy waits; absent for a call that was none. */
  readonly copy?: string | undefined
}

export interface MirrorDiffFilter {
  readonly route?: string | undefined
  readonly signature?: string | undefined
  readonly severity?: Severity | undefined
}

/** What mirrors leave behind: ids of the vendor, counts, differences. */
export interface MirrorStore {
  /** The device that has this former id, by its present one, if it is there; noted as used, at most hourly. */
  aliased(scope: Scope, alias: string, now: Date): Promise<string | null>
  /** Drops a batch of aliases that nobody has called by since then. */
  pruneAliases(before: Date, limit: number): Promise<number>
  /** Never takes an id from another device or subscription. */
  adopt(scope: Scope, ids: VendorIds, occasion: Occasion): Promise<void>
  /** True the first time for each mark and kind. */
  mark(scope: Scope, kind: Once, mark: string, now: Date): Promise<boolean>
  /** Takes a mark back, in all dialects of the app: the next time is the first one again. */
  unmark(appId: string, kind: Once, mark: string): Promise<void>
  count(counts: readonly MirrorCount[]): Promise<void>
  totals(scope: Scope, since: Date): Promise<readonly MirrorTotal[]>
  /** Counts the signature, and keeps up to 100 differences of it. */
  note(scope: Scope, diff: MirrorDiffDraft): Promise<void>
  /** Those seen since then, the most frequent first. */
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
  /** Drops a batch of what is over: differences by their own time, counts before an hour. Returns the number of differences. */
  prune(now: Date, hour: number, limit: number): Promise<number>
  /** Drops the differences that mention any of them, and what is remembered to have been done for them once. */
  forget(appId: string, subjects: readonly string[]): Promise<void>
  /** Drops all that mirrors of an app, or of one of its dialects, have left. */
  drop(appId: string, dialect: string | null): Promise<void>
}
