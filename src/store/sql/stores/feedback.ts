import type { FeedbackStore } from '../../contract/feedback.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as F from '../statements/feedback.ts'
import { json, occasionValues } from './values.ts'

export function feedbackStore(db: Db): FeedbackStore {
  return {
    async report(app, reports, occasion) {
      const targets = json(reports.map(({ target }) => target))
      // What a token is called never changes, so that it may be looked up before; all else is decided in the write.
      const [found] = await db.read([call(F.reportedTokens, { app, targets })])
      const named = found.flatMap(({ place, token }) => {
        const report = reports[place]
        if (!report || token === null) return []
        const { outcome, at, tolerance, reason } = report
        return [{ place, token, outcome, at: at.getTime(), tolerance, reason }]
      })
      const values = { ...occasionValues(occasion), reports: json(named) }
      // Sent again, it finds the same reports newer than what the registrations say, and nobody left to bury.
      const [outcomes] = await db.commit(
        [
          call(F.reportOutcomes, values),
          call(F.countDying, values),
          call(F.logDead, values),
          call(F.markDead, values),
          call(F.markDelivered, values),
        ],
        { repeatable: true },
      )
      const known = new Set(found.map(({ place }) => place)).size
      const applied = outcomes.filter((one) => one.applied === 1).length
      return { applied, ignored: known - applied, unknown: reports.length - known }
    },
  }
}
