import type { Meter } from '../../domain/meter.ts'
import type { Db } from '../../store/sql/port.ts'

/** Wraps a database so that its plans are timed. */
export function measured<Opened extends Db>(db: Opened, meter: Meter): Opened {
  async function timed<Answer>(what: 'read' | 'commit', work: () => Promise<Answer>) {
    const began = performance.now()
    let failed = true
    try {
      const answer = await work()
      failed = false
      return answer
    } finally {
      meter.stored(what, performance.now() - began, failed)
    }
  }
  return {
    ...db,
    read: (plan) => timed('read', () => db.read(plan)),
    commit: (plan, options) => timed('commit', () => db.commit(plan, options)),
  }
}
