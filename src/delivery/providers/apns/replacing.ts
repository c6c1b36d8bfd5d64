import type { Clock } from '../../../domain/ids.ts'
import type { Connection } from '../../transport/transport.ts'

/** Answers that a connection is unusable arrive in bursts; one replacement covers all of them. */
const REPLACED_MILLISECONDS = 5000

/** Replaces connections, each at most once per burst. */
export function replacing(now: Clock): (connection: Connection) => void {
  const replaced = new WeakMap<Connection, number>()
  return (connection) => {
    const at = now().getTime()
    if (Math.abs(at - (replaced.get(connection) ?? 0)) < REPLACED_MILLISECONDS) return
    replaced.set(connection, at)
    connection.replace()
  }
}
