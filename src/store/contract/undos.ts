import type { Page, PageRequest } from '../../domain/page.ts'
import type { JudgedEvent, Undo } from '../../domain/undo.ts'
import type { AuditEntry } from './audit.ts'
import type { Occasion } from './occasion.ts'

export type UndoDraft = Pick<
  Undo,
  'id' | 'appId' | 'about' | 'from' | 'until' | 'dryRun' | 'forced' | 'actor' | 'createdAt'
>

export interface UndoStore {
  /** Null where the same was taken back before, or is being. */
  begin(draft: UndoDraft, entry?: AuditEntry): Promise<Undo | null>
  find(appId: string, id: string): Promise<Undo | null>
  /** Newest first. */
  list(appId: string, page: PageRequest): Promise<Page<Undo>>
  /** The oldest one that is under way. */
  open(): Promise<Undo | null>
  /** Drops undos that are over and older; how many, no more than `limit`. */
  prune(before: Date, limit: number): Promise<number>
  /** Takes back the next piece, no more than so many events of all apps; the undo as it is then. Null for one that has gone. */
  proceed(undo: Undo, limit: number, at: Date): Promise<Undo | null>
  /** What one event would become; null for an unknown one. */
  judge(appId: string, event: number, forced: boolean): Promise<JudgedEvent | null>
  /** Takes one event back, as far as it still can be; what became of it. */
  takeBack(
    appId: string,
    event: number,
    options: { readonly id: string; readonly forced: boolean },
    occasion: Occasion,
    entry?: AuditEntry,
  ): Promise<JudgedEvent | null>
}
