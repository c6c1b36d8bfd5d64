import type { OutboxStore, TakenCall } from '../../contract/webhooks.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as O from '../statements/outbox.ts'
import { claimedByApp } from './claiming.ts'
import { claimValues, json } from './values.ts'

const SECOND = 1000
/** Most stray leases freed per claim; after a clock change there may be as many as waiting calls. */
const STRAYS = 500

export function outboxStore(db: Db): OutboxStore {
  return {
    async due({ horizon, each }, now) {
      const values = { now: now.getTime(), horizon: horizon.getTime(), each }
      const [rows] = await db.read([call(O.anyDue, values)])
      return rows.length > 0
    },

    async claim(claim, now) {
      const values = { ...claimValues(claim, now), each: claim.each, most: STRAYS }
      const claimed = await claimedByApp(
        db,
        { dueLanes: O.dueLanes, anyStray: O.anyStray },
        values,
        async (of) => {
          if (of) return (await commit(db, { claimed: call(O.claimCallsIn, { ...values, ...of }) })).claimed
          const plan = { freed: call(O.freeStrays, values), claimed: call(O.claimCalls, values) }
          return (await commit(db, plan)).claimed
        },
      )
      return claimed.flatMap(
        ({ event, looked_up, identifier, tries, app_id, webhook_id, wanted, ...row }): TakenCall[] => {
          if (identifier === null) return []
          const told = { ...JSON.parse(event), ...JSON.parse(looked_up ?? '{}') }
          return [
            {
              ...row,
              appId: app_id,
              webhookId: webhook_id,
              identifier,
              wanted: wanted === 1 && told.devices?.length !== 0,
              attempts: tries + 1,
              event: told,
              at: now,
            },
          ]
        },
      )
    },

    async settle({ appId, done, arrived, again, failing }, { threshold, longestWait }, now) {
      const values = {
        app: appId,
        finished: json(done),
        arrived: json(arrived),
        again: json(
          again.map((one) => ({ ...one, dueAt: one.dueAt.getTime(), counted: Number(one.counted) })),
        ),
        failing: json(failing),
        threshold,
        longest: longestWait,
        second: SECOND,
        now: now.getTime(),
      }
      // Failures first: if one of several calls was delivered, the receiver works.
      const failed = [call(O.noteFailures, values), call(O.postponeCalls, values)]
      const plan = [
        ...(failing.length > 0 || again.length > 0 ? failed : []),
        call(O.noteArrivals, values),
        call(O.settleCalls, values),
      ]
      // Failures are counted, so a plan with failures must not run twice.
      await db.commit(plan, { repeatable: failing.length === 0 && again.length === 0 })
    },

    async dropAbandoned(most, limit, now) {
      const [rows] = await db.commit([call(O.dropAbandoned, { most, limit, now: now.getTime() })])
      return rows.length
    },
  }
}
