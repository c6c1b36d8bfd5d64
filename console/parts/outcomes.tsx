import { useMemo } from 'preact/hooks'
import type { Schemas } from '../lib/api.ts'
import { number, providerName } from '../lib/format.ts'
import { Card } from './page.tsx'
import { Plot, type Series } from './plot.tsx'
import { Table } from './table.tsx'

type Breakdown = Schemas['MessageReport']['breakdown']
const HOUR = 3600
/** Beyond this number, hours are combined into days. */
const MOST_BARS = 72

const hourly = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' })

/** Outcomes over time, by class and by push service. */
export function Outcomes({ of }: { of: Breakdown }) {
  const settled = useMemo(() => of.filter(({ outcome }) => outcome !== 'waiting'), [of])
  const bars = useMemo(() => barsOf(settled), [settled])
  const byOutcome = useMemo(() => seriesOf(settled, bars, ({ outcome }) => outcome), [settled, bars])
  const byProvider = useMemo(
    () => seriesOf(settled, bars, ({ provider }) => providerName(provider)),
    [settled, bars],
  )
  if (settled.length === 0) return null
  const label = (time: number) => hourly.format(time * 1000)
  return (
    <div class="grid two">
      <Card title="Results by hour">
        <Plot title="Phones by outcome" times={bars.times} series={byOutcome} label={label} />
      </Card>
      <Card title="By push service">
        <Plot title="Phones by push service" times={bars.times} series={byProvider} label={label} />
      </Card>
    </div>
  )
}

interface Bars {
  readonly times: readonly number[]
  readonly width: number
}
const secondsOf = ({ hour }: Breakdown[number]): number => Date.parse(hour) / 1000

const MEANINGS: Readonly<Record<string, string>> = {
  waiting: 'not sent yet, or the service asked to wait',
  accepted: 'the push service accepted it',
  dead: 'the push service no longer knows the token',
  mismatch: 'the token belongs to another credential: another project, team or key',
  payload: 'the push service refused the message itself',
  expired: 'it expired before it could be sent',
  skipped: 'nothing to send to this phone',
  cancelled: 'cancelled before it was sent',
  unconfigured: 'no credential for its push service is set',
  unsupported: 'the gateway does not send to such phones',
  failed: 'retried until no time was left',
}

/** A description of each class of outcome, by push service. */
export function Classes({ of }: { of: Breakdown }) {
  const sums = new Map<string, { provider: string; outcome: string; count: number }>()
  for (const { provider, outcome, count } of of) {
    const key = `${provider} ${outcome}`
    sums.set(key, { provider, outcome, count: count + (sums.get(key)?.count ?? 0) })
  }
  return (
    <Table
      caption="Outcomes"
      rows={[...sums.values()].sort((one, other) => other.count - one.count)}
      keyOf={({ provider, outcome }) => `${provider} ${outcome}`}
      columns={[
        { name: 'Push service', of: ({ provider }) => providerName(provider) },
        {
          ...{ name: 'Outcome', kind: 'wide' },
          of: ({ outcome }) => (
            <>
              {outcome} <span class="muted">{MEANINGS[outcome]}</span>
            </>
          ),
        },
        { name: 'Phones', kind: 'number', of: ({ count }) => number(count) },
      ]}
    />
  )
}

/**
 * All hours from the first to the last, with a few more, so that a single hour is not shown as one wide bar.
 */
function barsOf(settled: Breakdown): Bars {
  const all = settled.map(secondsOf)
  const last = Math.max(...all)
  const span = last - Math.min(...all)
  const width = span / HOUR > MOST_BARS ? 24 * HOUR : HOUR
  const begin = Math.floor((last - Math.max(span, 5 * width)) / width) * width
  const count = Math.floor((last - begin) / width) + 1
  return { times: Array.from({ length: count }, (_, at) => begin + at * width), width }
}

function seriesOf(
  settled: Breakdown,
  { times, width }: Bars,
  by: (one: Breakdown[number]) => string,
): Series[] {
  const found = new Map<string, number[]>()
  for (const one of settled) {
    const values = found.get(by(one)) ?? times.map(() => 0)
    const at = Math.floor((secondsOf(one) - (times[0] ?? 0)) / width)
    values[at] = (values[at] ?? 0) + one.count
    found.set(by(one), values)
  }
  return [...found].map(([name, values]) => ({ name, values }))
}
