import type { Bound } from '../../sql/port.ts'

/*
 * Messages between the main thread and the writing thread. A statement's text and column names are sent once; afterwards it
 * is referred to by a number.
 */

/** One call: its statement, and the values in the order of its question marks. */
export interface Step {
  readonly statement: number
  readonly values: readonly Bound[]
}

export interface Asked {
  readonly texts: readonly (readonly [statement: number, text: string])[]
  readonly plans: readonly (readonly [plan: number, steps: readonly Step[]])[]
  readonly tasks: readonly (readonly [task: number, what: Task])[]
}
export type Task = 'drain' | 'scrub' | 'close'

/** `sqlite`: SQLite's message and code. `unavailable`: nothing was written. `bug`: any other error. */
export interface Fault {
  readonly kind: 'sqlite' | 'unavailable' | 'bug'
  readonly text: string
}

export interface Answered {
  readonly columns: readonly (readonly [statement: number, names: readonly string[] | null])[]
  /** The rows of each step, each as a list. */
  readonly done: readonly (readonly [plan: number, rows: unknown[][][]])[]
  readonly failed: readonly (readonly [plan: number, fault: Fault])[]
}
