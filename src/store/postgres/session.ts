import type { ClientBase } from 'pg'
import type { Known } from './plan-query.ts'

/** A connection, for one plan at a time. */
export interface Session {
  readonly client: Pick<ClientBase, 'query'>
  /** Statements prepared on it; null if they are not worth keeping. */
  readonly known: Known | null
  /** Returns the connection to the pool; an unusable one is closed. */
  release(useless: boolean): void
}
