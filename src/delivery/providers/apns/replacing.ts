import type { Clock } from '../../../domain/ids.ts'
import type { Connection } from '../../transport/transport.ts'

/** Replies that a connection is of no more use come in crowds: one replacement serves them all. */
const REPLACED_MILLISECONDS = 5000

/** Replaces connections, each as often as it helps. */
export function replacing(now: Clock): (connection: Connection) => void {
  const replaced = new WeakMap<Connection, number>()
  return (connection) => {
    const at = now().getTime()
    if (Math.abs(at - (replaced.get(connection) ?? 0)) < REPLACED_MILLISECONDS) return
    replaced.set(connection, at)
    connection.replace()
  }
}
