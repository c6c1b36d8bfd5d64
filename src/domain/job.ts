/** A bulk registration, processed in bounded steps after its request has been answered. */
export interface JobProgress {
  readonly id: string
  readonly state: 'pending' | 'completed'
  /** Number of rows. */
  readonly total: number
  /** Rows registered so far. */
  readonly done: number
  /** Rows that could not be registered. */
  readonly failed: number
}

export interface JobItemRef {
  readonly job: string
  readonly position: number
}

/** The state of one row. */
export interface JobItem {
  readonly position: number
  /** The row's name in the request. */
  readonly label: string
  readonly state: 'pending' | 'done' | 'failed'
  readonly reason: string | null
}
