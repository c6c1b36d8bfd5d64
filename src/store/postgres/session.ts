import type { ClientBase } from 'pg'
import type { Known } from './plan-query.ts'

/** A connection, for one plan at a time. */
export interface Session {
  readonly client: Pick<ClientBase, 'query'>
  /** What it has prepared; null where that is not worth keeping. */
  readonly known: Known | null
  /** Gives it back; one that is of no use any more is closed. */
  release(useless: boolean): void
}
