/** What an operator takes back: everything of one cause, or what happened within a time. */
export interface Undo {
  readonly id: string
  readonly appId: string
  /** The cause of the events (`import …`, or the id of a request); empty for any. */
  readonly about: string
  readonly from: Date
  readonly until: Date
  /** Counts alone. */
  readonly dryRun: boolean
  /** Also where the phone of a takeover called since. */
  readonly forced: boolean
  readonly actor: string
  readonly createdAt: Date
  /** The event before which the next piece begins. */
  readonly place: number
  readonly finishedAt: Date | null
  /** Events and devices by what became of them: outcomes and reasons. */
  readonly counts: Readonly<Record<string, number>>
}

/** What is done; everything else is why it is not. */
export const UNDO_OUTCOMES = ['removed', 'restored', 'undone'] as const

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

/** One event, and what would become of it. */
export interface JudgedEvent {
  readonly id: number
  readonly deviceId: string
  readonly kind: string
  readonly at: Date
  /** Null: it has been taken back, or tells of that itself. */
  readonly verdict: (typeof UNDO_OUTCOMES)[number] | UndoReason | null
}
