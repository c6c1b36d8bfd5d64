import type { Message, Schedule, TargetOutcome } from '../../../domain/message.ts'
import type { Provider } from '../../../domain/push-token.ts'
import type { CountDraft } from '../../contract/messages.ts'
import type { SendRow } from '../statements/sends.ts'

/** The domain value of a row. Values of closed unions were checked before they were written. */
export function messageOf(row: SendRow): Message {
  const { at, until, ...schedule } = JSON.parse(row.schedule) as Omit<Schedule, 'at' | 'until'> & {
    at?: string
    until?: string
  }
  return {
    id: row.id,
    appId: row.app_id,
    dialect: row.dialect === '' ? null : row.dialect,
    externalId: row.external_id,
    body: JSON.parse(row.body),
    audience: JSON.parse(row.audience),
    schedule: {
      ...schedule,
      ...(at !== undefined && { at: new Date(at) }),
      ...(until !== undefined && { until: new Date(until) }),
    },
    ...(row.ttl !== null && { ttl: row.ttl }),
    priority: row.priority === 0 ? 'high' : 'normal',
    ignored: JSON.parse(row.ignored),
    state: row.state as Message['state'],
    createdAt: new Date(row.created_at),
    startedAt: row.run_at === null ? null : new Date(row.run_at),
    finishedAt: row.finished_at === null ? null : new Date(row.finished_at),
    counts: JSON.parse(row.counts),
  }
}

interface CountRow {
  readonly provider: string
  readonly platform: string
  readonly outcome: string
  readonly hour: number
  readonly count: number
}
export const countOf = (row: CountRow): CountDraft => ({
  ...row,
  provider: row.provider as Provider,
  outcome: row.outcome as TargetOutcome,
})
