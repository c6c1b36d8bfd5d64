import type { TargetOutcome } from '../../../domain/message.ts'
import type { TextPlace } from '../../../domain/page.ts'
import type { Provider } from '../../../domain/push-token.ts'
import type { AuditEntry } from '../../contract/audit.ts'
import type { Accepted, MessageScope, MessageStore, StoredDraft } from '../../contract/messages.ts'
import { NEWEST } from '../keyset.ts'
import { commit, read } from '../plan.ts'
import { ConstraintViolated, type Db } from '../port.ts'
import { call } from '../statement.ts'
import * as S from '../statements/sends.ts'
import { audited } from './audit.ts'
import { countOf, messageOf } from './message-rows.ts'
import { pageOf, timePlace } from './pages.ts'
import { sendPageStore } from './send-pages.ts'
import { planningStore } from './send-planning.ts'
import { json } from './values.ts'

const DAY = 86_400_000
/** A message by local time starts when the first time zone reaches it (UTC+14). */
const EARLIEST_ZONE = 14 * 3_600_000

const scopeValues = ({ appId, dialect }: MessageScope) => ({ app: appId, dialect: dialect ?? '' })

function draftValues(draft: StoredDraft, now: Date) {
  const { schedule = {}, idempotency } = draft
  const at = (schedule.at?.getTime() ?? 0) - (schedule.local ? EARLIEST_ZONE : 0)
  const later = at > now.getTime()
  return {
    id: draft.id,
    externalId: draft.externalId,
    body: json(draft.body),
    audience: json(draft.audience),
    dialects: json(draft.dialects),
    parts: json(draft.parts),
    schedule: json(schedule),
    ttl: draft.ttl ?? null,
    priority: draft.priority === 'high' ? 0 : 1,
    ignored: json(draft.ignored ?? []),
    key: idempotency?.key ?? null,
    keyHash: idempotency?.hash ?? null,
    keyUntil: idempotency ? now.getTime() + idempotency.days * DAY : 0,
    state: later ? 'scheduled' : 'planning',
    dueAt: later ? at : now.getTime(),
    runAt: later ? null : now.getTime(),
    now: now.getTime(),
  }
}

async function accept(
  db: Db,
  scope: MessageScope,
  drafts: readonly StoredDraft[],
  now: Date,
  entry: AuditEntry | undefined,
): Promise<readonly Accepted[] | null> {
  const plan = {
    drafts: drafts.map((draft) => {
      const values = { ...scopeValues(scope), ...draftValues(draft, now) }
      return {
        forgotten: call(S.forgetKey, values),
        inserted: call(S.acceptSend, values),
        noted: audited(entry),
        stands: call(S.acceptedSend, values),
      }
    }),
  }
  const outcomes = await commit(db, plan, {
    repeatable: drafts.every((one) => one.idempotency !== undefined),
  })
  const accepted: Accepted[] = []
  for (const [at, draft] of drafts.entries()) {
    const row = outcomes.drafts[at]?.stands[0]
    if (!row) return null
    const same = row.hash === (draft.idempotency?.hash ?? null)
    accepted.push({ id: row.id, externalId: row.external_id, repeated: row.id !== draft.id, same })
  }
  return accepted
}

/**
 * Messages: storing, showing, cancelling and deleting them; planning and sending are in the other two files.
 */
export function messageStore(db: Db): MessageStore {
  return {
    ...planningStore(db),
    ...sendPageStore(db),
    ...endings(db),

    async accept(scope, drafts, now, entry) {
      try {
        return await accept(db, scope, drafts, now, entry)
      } catch (error) {
        // A concurrent call with the same idempotency key was faster; its message is now stored.
        if (!(error instanceof ConstraintViolated)) throw error
        return accept(db, scope, drafts, now, entry)
      }
    },

    async find(scope, externalId) {
      const [[row]] = await db.read([call(S.findSend, { ...scopeValues(scope), externalId })])
      return row ? messageOf(row) : null
    },

    async known(dialect, externalId) {
      const [rows] = await db.read([call(S.knownSend, { dialect, externalId })])
      return rows.length > 0
    },

    async get(appId, id) {
      const [[row]] = await db.read([call(S.getSend, { app: appId, id })])
      return row ? messageOf(row) : null
    },

    async report(appId, id) {
      const values = { app: appId, id }
      const {
        message: [row],
        counts,
      } = await read(db, { message: call(S.getSend, values), counts: call(S.countsOfSend, values) })
      if (!row) return null
      const [reports] = await db.read([call(S.reportsOfSend, { app: appId, externalId: row.external_id })])
      const of = (kind: string) => reports.find((one) => one.kind === kind)?.n ?? 0
      return {
        message: messageOf(row),
        counts: counts.map(countOf),
        delivered: of('delivered'),
        opened: of('opened'),
      }
    },

    async list(appId, states, { after, limit }) {
      const values = { app: appId, states: states && json(states), ...NEWEST.values(after), limit }
      const [rows] = await db.read([call(S.listSends, values)])
      return pageOf(rows, limit, messageOf, timePlace)
    },

    async failures(appId, id, { after, limit }) {
      const values = { app: appId, id, ...S.FAILURES.values(after), limit }
      const [rows] = await db.read([call(S.failuresOfSend, values)])
      return pageOf(
        rows,
        limit,
        (row) => ({
          tokenId: row.push_token_id,
          deviceId: row.device_id,
          provider: row.provider as Provider,
          outcome: row.outcome as TargetOutcome,
          reason: row.reason,
          attempts: row.attempts,
          at: new Date(row.at),
        }),
        (row): TextPlace => [row.push_token_id],
      )
    },
  }
}

/** Operations that end messages. */
function endings(db: Db): Pick<MessageStore, 'cancel' | 'forget' | 'prune'> {
  return {
    async cancel(appId, id, now, entry) {
      const values = { app: appId, id, now: now.getTime() }
      const { cancelled, known } = await commit(db, {
        cancelled: call(S.cancelSend, values),
        noted: audited(entry),
        known: call(S.getSend, values),
      })
      return cancelled.length > 0 ? true : known.length > 0 ? false : null
    },

    async forget(scope, externalId) {
      const [rows] = await db.commit([call(S.forgetSend, { ...scopeValues(scope), externalId })])
      return rows.length > 0
    },

    async prune(before, limit) {
      const values = { before: before.getTime(), limit }
      const rows = await db.commit(S.pruneSends.map((one) => call(one, values)))
      return rows.some((deleted) => deleted.length === limit)
    },
  }
}
