import type { Device } from '../../../domain/device.ts'
import type { Provider } from '../../../domain/push-token.ts'
import type { Advance, Candidate, MessageStore, PartSearch } from '../../contract/messages.ts'
import { commit, read } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import { announceAttempt } from '../statements/message-calls.ts'
import { noteUnreachable } from '../statements/send-pages.ts'
import * as P from '../statements/send-planning.ts'
import { messageOf } from './message-rows.ts'
import { json } from './values.ts'

type Planning = Pick<MessageStore, 'planning' | 'candidates' | 'advance'>

/** The values that a part binds; absent ones are never used. */
function partValues({ part }: PartSearch) {
  const none = { dialect: '', topic: '', earlier: '[]', user: '', proved: 0, ids: '[]', hashes: '[]' }
  switch (part.by) {
    case 'dialect':
      return { ...none, dialect: part.dialect }
    case 'topic':
      return { ...none, topic: part.topic, earlier: json(part.earlier) }
    case 'user':
      return { ...none, dialect: part.dialect, user: part.user, proved: part.proved ? 1 : 0 }
    case 'ids':
      return { ...none, dialect: part.dialect, ids: json(part.ids) }
    case 'hashes':
      return { ...none, hashes: json(part.hashes), earlier: json(part.except) }
  }
}

/** Parts given by a list end after one step. */
const isList = ({ part }: PartSearch): boolean => part.by === 'ids' || part.by === 'hashes'

const candidateOf = (row: P.CandidateRow): Candidate => ({
  deviceId: row.id,
  tokenId: row.token_id,
  provider: row.provider as Provider,
  platform: row.platform as Device['platform'],
  platformName: row.platform_name,
  timezone: row.timezone,
  tags: row.tags === '{}' ? NO_TAGS : JSON.parse(row.tags),
  topics: row.topics === '[]' ? NO_TOPICS : JSON.parse(row.topics),
})

const NO_TAGS: Candidate['tags'] = {}
const NO_TOPICS: Candidate['topics'] = []

/** Mostly the rows are in this order already; a sort by the database would still copy them all. */
const byDevice = (one: Candidate, other: Candidate) => (one.deviceId < other.deviceId ? -1 : 1)

function advanceValues(step: Advance, now: Date) {
  return {
    send: step.id,
    app: step.appId,
    run: step.run,
    fromPart: step.from.part,
    fromAfter: step.from.after,
    part: step.to.part,
    after: step.to.after,
    done: step.done ? 1 : 0,
    next: step.next?.getTime() ?? null,
    priority: step.priority === 'high' ? 0 : 1,
    audience: json(step.audience),
    pages: json(
      step.pages.map(({ provider, tokens, dueAt }) => ({
        provider,
        tokens: json(tokens),
        result: 'w'.repeat(tokens.length),
        dueAt: dueAt.getTime(),
      })),
    ),
    counts: json(step.settled),
    users: json(step.users ?? []),
    failures: json(step.failures ?? []),
    now: now.getTime(),
  }
}

export function planningStore(db: Db): Planning {
  return {
    async planning(now) {
      const values = { now: now.getTime() }
      const seen = await read(db, { due: call(P.dueSend, values), row: call(P.planningSend, {}) })
      // Usually nothing becomes due; then nothing is written.
      const { row: rows } =
        seen.due.length > 0
          ? await commit(db, { begun: call(P.beginSend, values), row: call(P.planningSend, {}) })
          : seen
      const [row] = rows
      if (!row) return null
      return {
        message: messageOf(row),
        dialects: JSON.parse(row.dialects),
        parts: JSON.parse(row.parts),
        run: row.run,
        at: new Date(row.run_at ?? row.created_at),
        cursor: { part: row.part, after: row.after },
        pages: row.pages,
      }
    },

    async candidates(search) {
      const values = {
        app: search.appId,
        dialects: json(search.dialects),
        many: search.dialects.length > 1 ? 1 : 0,
        all: json(search.all),
        at: search.at.getTime(),
        now: search.now.getTime(),
        after: search.after,
        limit: search.limit,
        tags: json(search.tags),
        topics: json(search.topics),
        platformMember: search.platformMember === null ? '' : (search.platformMember ?? 'platformName'),
        ...partValues(search),
      }
      const step = P.candidates[search.part.by]
      const { rows, end } = await read(db, { rows: call(step.rows, values), end: call(step.end, values) })
      const last = end[0]
      const more = !isList(search) && last !== undefined && last.n >= search.limit
      return {
        candidates: rows.map(candidateOf).sort(byDevice),
        after: more ? (last?.last ?? null) : null,
      }
    },

    async advance(step: Advance, now) {
      const values = advanceValues(step, now)
      const { moved } = await commit(db, {
        pages: call(P.addPages, values),
        counts: call(P.addCounts, values),
        failed: step.failures?.length ? [call(noteUnreachable, values)] : [],
        told: step.users ? [call(announceAttempt, values)] : [],
        moved: call(P.moveOn, values),
      })
      return moved.length > 0
    },
  }
}
