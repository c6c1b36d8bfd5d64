import type { FeedbackReport, FeedbackStore } from '../../contract/feedback.ts'
import type { Occasion } from '../../contract/occasion.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as F from '../statements/feedback.ts'
import { json, occasionValues } from './values.ts'

/** Reports per batch if statements block all requests: each report is a row of four statements, with a device or two. */
const PIECE = 100

export function feedbackStore(db: Db): FeedbackStore {
  const most = db.inThread ? PIECE : Number.POSITIVE_INFINITY

  async function piece(app: string, reports: readonly FeedbackReport[], occasion: Occasion) {
    const targets = json(reports.map(({ target }) => target))
    // A token's id never changes, so it is looked up before; everything else is decided in the write.
    const [found] = await db.read([call(F.reportedTokens, { app, targets })])
    const named = found.flatMap(({ place, token }) => {
      const report = reports[place]
      if (!report || token === null) return []
      const { outcome, at, tolerance, reason } = report
      return [{ place, token, outcome, at: at.getTime(), tolerance, reason }]
    })
    const values = { ...occasionValues(occasion), reports: json(named) }
    // A second run finds the same reports newer than the registrations, and no token left to mark.
    const plan = {
      outcomes: call(F.reportOutcomes, values),
      writes: [F.countDying, F.logDead, F.markDead, F.markDelivered].map((one) => call(one, values)),
    }
    const { outcomes } = await commit(db, plan, { repeatable: true })
    const known = new Set(found.map(({ place }) => place)).size
    const applied = outcomes.filter((one) => one.applied === 1).length
    return { applied, ignored: known - applied, unknown: reports.length - known }
  }

  return {
    // A repeated report changes nothing, so an interrupted call may be repeated.
    async report(app, reports, occasion) {
      const sum = { applied: 0, ignored: 0, unknown: 0 }
      for (let from = 0; from < reports.length; from += most) {
        const { applied, ignored, unknown } = await piece(app, reports.slice(from, from + most), occasion)
        sum.applied += applied
        sum.ignored += ignored
        sum.unknown += unknown
      }
      return sum
    },
  }
}
