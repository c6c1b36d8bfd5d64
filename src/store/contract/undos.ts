import type { Page, PageRequest } from '../../domain/page.ts'
import type { JudgedEvent, KeptState, Undo } from '../../domain/undo.ts'
import type { AuditEntry } from './audit.ts'
import type { Occasion } from './occasion.ts'

export type UndoDraft = Pick<
  Undo,
  'id' | 'appId' | 'about' | 'kind' | 'from' | 'until' | 'dryRun' | 'forced' | 'actor' | 'createdAt'
>

/** Opens a kept state; null if that is no longer possible. */
export type Reveal = (kept: KeptState) => Promise<string | null>

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
  proceed(undo: Undo, limit: number, at: Date, reveal: Reveal): Promise<Undo | null>
  /** The outcome of undoing one event; null for an unknown event. */
  judge(appId: string, event: number, forced: boolean, reveal: Reveal): Promise<JudgedEvent | null>
  /** Undoes one event as far as still possible; returns the outcome. */
  takeBack(
    appId: string,
    event: number,
    options: { readonly id: string; readonly forced: boolean },
    occasion: Occasion,
    reveal: Reveal,
    entry?: AuditEntry,
  ): Promise<JudgedEvent | null>
  /** The oldest states that are kept as text, at most `limit`, and of `bytes` unless a single one has more. */
  unsealed(limit: number, bytes: number): Promise<readonly KeptState[]>
  /** Replaces the texts of states by their sealed form, unless a newer state has replaced them. */
  seal(
    states: readonly (Pick<KeptState, 'subject' | 'appId' | 'at'> & { readonly sealed: string })[],
  ): Promise<void>
  /** Deletes states kept until a time, at most `limit`; returns their number. */
  dropKept(before: Date, limit: number): Promise<number>
}
