import type { Device } from '../../../domain/device.ts'
import type { Environment, Provider } from '../../../domain/push-token.ts'
import { turn } from '../../../domain/turn.ts'
import { RESULT_KINDS } from '../../../domain/webhook.ts'
import type { LeasedPage, MessageStore, Phone, Settlement } from '../../contract/messages.ts'
import type { Occasion } from '../../contract/occasion.ts'
import { commit } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as F from '../statements/feedback.ts'
import { announceResults, hastenAttempt } from '../statements/message-calls.ts'
import * as P from '../statements/send-pages.ts'
import { anyDueIn, claimedByApp } from './claiming.ts'
import { messageOf } from './message-rows.ts'
import { claimValues, json, occasionValues } from './values.ts'

/** Phones per read where the thread that serves requests reads. */
const PIECE = 100

type Pages = Pick<MessageStore, 'claim' | 'endLeases' | 'phones' | 'settle'>

/** The push services' verdicts on tokens, in the form of external feedback (identity R11, R12). */
function reportsOf({ dead, accepted }: Settlement, now: Date) {
  const died = dead.map(({ tokenId, at, reason, tolerance = 0 }, place) => ({
    place,
    token: tokenId,
    outcome: 'dead',
    at: at.getTime(),
    tolerance,
    reason,
  }))
  const reached = accepted.map((token, place) => ({
    place: dead.length + place,
    token,
    outcome: 'delivered',
    at: now.getTime(),
    tolerance: 0,
    reason: null,
  }))
  return json([...died, ...reached])
}

async function settle(db: Db, settlement: Settlement, occasion: Occasion): Promise<boolean> {
  const {
    page,
    lease,
    result,
    attempts,
    counts,
    failures,
    environments,
    ends,
    until,
    told = [],
    replaced = [],
  } = settlement
  const values = {
    ...occasionValues(occasion),
    send: page.send,
    app: page.appId,
    run: page.run,
    number: page.number,
    provider: page.provider,
    lease,
    result,
    attempts: json(attempts),
    counts: json(counts),
    failures: json(failures),
    told: json(told),
    replaced: json(replaced),
    environments: json(environments),
    reports: reportsOf(settlement, occasion.at),
    settled: ends === null ? 1 : 0,
    ends: ends === undefined ? 0 : 1,
    againAt: ends?.getTime() ?? null,
    until: until.getTime(),
  }
  const feedback = [F.countDying, F.logDead, F.markDead].map((one) => call(one, values))
  const { written } = await commit(db, {
    counted: counts.length > 0 ? [call(P.countOutcomes, values)] : [],
    failed: failures.length > 0 ? [call(P.noteFailures, values)] : [],
    dead: settlement.dead.length > 0 ? feedback : [],
    reached: settlement.accepted.length > 0 ? [call(F.markDelivered, values)] : [],
    environments: environments.length > 0 ? [call(P.noteEnvironments, values)] : [],
    replaced: replaced.length > 0 ? [call(P.logReplaced, values), call(P.replaceTokens, values)] : [],
    told: told.length > 0 ? [call(announceResults, values)] : [],
    closed: call(P.closePage, values),
    hastened: ends === null && settlement.hasten ? [call(hastenAttempt, values)] : [],
    written: call(P.writePage, values),
  })
  return written.length > 0
}

const pageOf = (row: P.PageRow): LeasedPage => ({
  send: row.id,
  appId: row.app_id,
  run: row.page_run,
  number: row.page_number,
  dialects: JSON.parse(row.dialects),
  provider: row.provider as Provider,
  tokens: JSON.parse(row.tokens),
  result: row.result,
  attempts: JSON.parse(row.attempts),
  told: JSON.parse(row.told),
  message: messageOf(row),
})

const phoneOf = (row: P.PhoneRow): Phone => ({
  tokenId: row.token_id,
  token: row.token,
  provider: row.provider as Provider,
  environment: row.environment as Environment,
  keys: row.keys === null ? null : JSON.parse(row.keys),
  dialect: row.dialect,
  deviceId: row.device_id,
  externalId: row.external_id,
  platform: row.platform as Device['platform'],
  language: row.language,
  timezone: row.timezone,
  user: row.user_id,
  details: JSON.parse(row.details),
  tags: JSON.parse(row.tags),
  lastSeenAt: new Date(row.last_seen_at),
})

export function sendPageStore(db: Db): Pages {
  return {
    async claim({ resting, ...claim }, now) {
      const values = {
        ...claimValues(claim, now),
        resting: json(resting),
        results: json(RESULT_KINDS),
        each: claim.each,
        most: claim.limit,
        app: '',
      }
      if (!(await anyDueIn(db, [P.anyDue], values))) return []
      const rows = await claimedByApp(
        db,
        { dueLanes: P.dueLanes, anyStray: P.anyStray },
        values,
        async (of) => {
          const plan = {
            taken: of
              ? [call(P.claimPagesIn, { ...values, ...of })]
              : [call(P.freeStrays, values), call(P.claimPages, values)],
            leased: call(P.leasedPages, { ...values, ...of }),
          }
          return (await commit(db, plan)).leased
        },
      )
      return rows.map(pageOf)
    },

    async endLeases(now) {
      await db.commit([call(P.freePages, { now: now.getTime() })])
    },

    async phones({ appId, dialects }, tokens, tags, now) {
      const piece = db.inThread ? PIECE : Math.max(1, tokens.length)
      const phones: Phone[] = []
      for (let at = 0; at < tokens.length; at += piece) {
        if (at > 0) await turn()
        const values = {
          app: appId,
          dialects: json(dialects),
          tokens: json(tokens.slice(at, at + piece)),
          tags: json(tags),
          now: now.getTime(),
        }
        const [rows] = await db.read([call(P.phonesOf, values)])
        for (const row of rows) phones.push(phoneOf(row))
      }
      return phones
    },

    settle: (settlement, occasion) => settle(db, settlement, occasion),
  }
}
