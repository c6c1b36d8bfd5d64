import type { Bound } from '../../sql/port.ts'

/*
 * What the thread of the requests and the one that writes tell each other. A statement's text crosses once, and so do the
 * names of its columns; after that it is a number.
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

/** `sqlite`: with SQLite's message and code. `unavailable`: nothing of it has happened. `bug`: every other error. */
export interface Fault {
  readonly kind: 'sqlite' | 'unavailable' | 'bug'
  readonly text: string
}

export interface Answered {
  readonly columns: readonly (readonly [statement: number, names: readonly string[] | null])[]
  /** The rows of each step, each a list. */
  readonly done: readonly (readonly [plan: number, rows: unknown[][][]])[]
  readonly failed: readonly (readonly [plan: number, fault: Fault])[]
}
