import type { EventKind } from './event.ts'

/** An operator's undo: of all events of one cause, or of all events in a period. */
export interface Undo {
  readonly id: string
  readonly appId: string
  /** The cause of the events (`import …`, or the id of a request); empty for any. */
  readonly about: string
  /** The kind of the events; null for any. */
  readonly kind: EventKind | null
  readonly from: Date
  readonly until: Date
  /** Only counts; changes nothing. */
  readonly dryRun: boolean
  /** Whether to undo takeovers even if the phone has called since. */
  readonly forced: boolean
  readonly actor: string
  readonly createdAt: Date
  /** The id of the event before which the next batch begins. */
  readonly place: number
  readonly finishedAt: Date | null
  /** Numbers of events and devices by outcome or reason. */
  readonly counts: Readonly<Record<string, number>>
}

/**
 * Outcomes of events that were undone; any other value is the reason why one was not. `revived`: a removed device exists
 * again.
 */
export const UNDO_OUTCOMES = ['removed', 'restored', 'undone', 'revived'] as const

export const UNDO_REASONS = [
  'live_since',
  'later_import',
  'changed_since',
  'called_since',
  'token_erased',
  'value_not_kept',
  'proved_user',
  'erased',
  'gone',
  'not_undoable',
] as const
export type UndoReason = (typeof UNDO_REASONS)[number]

/** A part of a device that an undo leaves as it is, with its value and the former value; null for none. */
export interface UndoConflict {
  /** Such as `pushToken`, `user`, `tags.NAME` or `device` for all of it. */
  readonly path: string
  readonly reason: UndoReason
  readonly now: unknown
  readonly would: unknown
}

/** An event and the result of undoing it. */
export interface JudgedEvent {
  readonly id: number
  readonly deviceId: string
  readonly kind: string
  readonly at: Date
  /** Null for an event that was already undone, or that records an undo. */
  readonly verdict: (typeof UNDO_OUTCOMES)[number] | UndoReason | null
  /** What is not undone; a limited number. */
  readonly conflicts: readonly UndoConflict[]
}

/** A state kept for an undo: the text of a token, or a removed device. `document` until it is sealed, then `sealed`. */
export interface KeptState {
  /** The id of the push token, or of the device. */
  readonly subject: string
  readonly appId: string
  readonly at: Date
  readonly document: string | null
  readonly sealed: string | null
}
