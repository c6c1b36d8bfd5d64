import type { Page, PageRequest } from '../../domain/page.ts'
import type { JudgedEvent, Undo } from '../../domain/undo.ts'
import type { AuditEntry } from './audit.ts'
import type { Occasion } from './occasion.ts'

export type UndoDraft = Pick<
  Undo,
  'id' | 'appId' | 'about' | 'from' | 'until' | 'dryRun' | 'forced' | 'actor' | 'createdAt'
>

export interface UndoStore {
  /** Null if the same undo exists already, finished or running. */
  begin(draft: UndoDraft, entry?: AuditEntry): Promise<Undo | null>
  find(appId: string, id: string): Promise<Undo | null>
  /** Newest first. */
  list(appId: string, page: PageRequest): Promise<Page<Undo>>
  /** The oldest running undo. */
  open(): Promise<Undo | null>
  /** Deletes finished undos older than a time, at most `limit`; returns their number. */
  prune(before: Date, limit: number): Promise<number>
  /** Undoes the next batch, at most `limit` events of all apps; returns the undo's new state, null if it was deleted. */
  proceed(undo: Undo, limit: number, at: Date): Promise<Undo | null>
  /** The outcome of undoing one event; null for an unknown event. */
  judge(appId: string, event: number, forced: boolean): Promise<JudgedEvent | null>
  /** Undoes one event as far as still possible; returns the outcome. */
  takeBack(
    appId: string,
    event: number,
    options: { readonly id: string; readonly forced: boolean },
    occasion: Occasion,
    entry?: AuditEntry,
  ): Promise<JudgedEvent | null>
}
