/** Work that is done in bounded steps after its request was answered: many registrations, one by one. */
export interface JobProgress {
  readonly id: string
  readonly state: 'pending' | 'completed'
  /** Rows in all; those that were registered; those that could not be. */
  readonly total: number
  readonly done: number
  readonly failed: number
}

export interface JobItemRef {
  readonly job: string
  readonly position: number
}

/** What became of one row. */
export interface JobItem {
  readonly position: number
  /** As the request called it. */
  readonly label: string
  readonly state: 'pending' | 'done' | 'failed'
  readonly reason: string | null
}
