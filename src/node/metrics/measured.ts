import type { Meter } from '../../domain/meter.ts'
import type { Call, Db, Results } from '../../store/sql/port.ts'

/** A database whose plans are timed. */
export function measured<Opened extends Db>(db: Opened, meter: Meter): Opened {
  async function timed<const Plan extends readonly Call[]>(what: 'read' | 'commit', plan: Plan) {
    const began = performance.now()
    let failed = true
    try {
      const results: Results<Plan> = await db[what](plan)
      failed = false
      return results
    } finally {
      meter.stored(what, performance.now() - began, failed)
    }
  }
  return { ...db, read: (plan) => timed('read', plan), commit: (plan) => timed('commit', plan) }
}
