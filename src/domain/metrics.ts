import type { Activity } from './activity.ts'
import type { MeteredRequest, Tally } from './meter.ts'

/** Names (after `pushport_`) and descriptions of the metrics that both runtimes export. */
export const METRICS = {
  build_info: 'The version of Pushport; always 1.',
  requests_total: 'Answered requests.',
  registrations_total: 'Registrations of devices.',
  sends_total: 'Attempts to reach a phone.',
  app_lookups_total: 'App lookups.',
  queue_waiting: 'Items waiting in a queue, counted up to 10,000.',
  queue_oldest_seconds: 'Age of the oldest item in a queue.',
  push_services: 'Credentials of push services by state.',
  webhooks: 'Receivers of webhooks by state.',
  devices: 'Devices, counted at most once a minute.',
  database_bytes: 'Size of the database, if known.',
} as const
export type MetricName = keyof typeof METRICS

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** States exported for every push service and kind of receiver, including those with a count of 0. */
export const STATES = {
  push_services: ['ok', 'refused', 'resting'],
  webhooks: ['ok', 'resting', 'stopped'],
} as const

/** The labels of a request. Once there are as many combinations as allowed (no `room`), only dialect and status remain. */
export const requestLabels = ({ dialect, method, route, status, code }: MeteredRequest, room: boolean) => ({
  dialect: dialect ?? '',
  method: room && METHODS.has(method) ? method : 'other',
  route: room ? route : 'other',
  status: String(status),
  code: room ? (code ?? '') : 'other',
})

/** The metric of an activity; null if requests already count it. Dialects, platforms and push services are closed lists. */
export function activityTally(
  kind: Activity,
  dialect: string,
  facet: string,
  amount: number,
): (Tally & { readonly metric: 'sends_total' | 'registrations_total' }) | null {
  if (kind === 'refused') return null
  if (kind === 'accepted' || kind === 'failed')
    return { metric: 'sends_total', labels: { provider: facet, outcome: kind }, amount }
  const known = kind === 'registered' ? 'new' : 'known'
  return { metric: 'registrations_total', labels: { dialect, platform: facet, kind: known }, amount }
}

/** The age of the oldest waiting item, in seconds. */
export const waitedSeconds = (since: Date | null, now: Date): number =>
  since === null ? 0 : Math.max(0, (now.getTime() - since.getTime()) / 1000)
