import { useMemo } from 'preact/hooks'
import { barsOf, type Kind, layersOf, RANGES, useActivity } from '../lib/activity.ts'
import { dialectName, platformName, providerName } from '../lib/format.ts'
import { useQuery } from '../lib/query.ts'
import { Skeleton } from './empty.tsx'
import { ProblemNotice } from './notice.tsx'
import { Card } from './page.tsx'
import { Plot } from './plot.tsx'

type By = 'dialect' | 'facet'
interface Drawn {
  readonly title: string
  readonly lead: string
  readonly kinds: readonly Kind[]
  readonly by: By
  readonly name: (text: string) => string
}

const REFUSALS: Readonly<Record<string, string>> = {
  ...{
    unauthorized: 'wrong key',
    app_unknown: 'unknown app',
    invalid: 'not valid',
    bad_body: 'malformed body',
  },
  ...{ bad_path: 'malformed address', rate_limited: 'too many calls', not_found: 'no such call' },
  ...{ device_unknown: 'unknown device', forbidden: 'not allowed', limit: 'over a limit' },
}
const DRAWN: readonly Drawn[] = [
  {
    title: 'New devices',
    lead: 'Registered for the first time',
    kinds: ['registered'],
    by: 'facet',
    name: platformName,
  },
  {
    title: 'App starts',
    lead: 'All registrations, by dialect',
    kinds: ['registered', 'refreshed'],
    by: 'dialect',
    name: dialectName,
  },
  {
    title: 'Refused calls',
    lead: 'By reason',
    kinds: ['refused'],
    by: 'facet',
    name: (code) => REFUSALS[code] ?? code.replaceAll('_', ' '),
  },
  {
    title: 'Messages accepted',
    lead: 'Phones, by push service',
    kinds: ['accepted'],
    by: 'facet',
    name: providerName,
  },
]

const hourly = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' })
const daily = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' })

/** Activity in four charts, for the period in the address. */
export function ActivityPlots({ app }: { app?: string }) {
  const { query, set } = useQuery()
  const hours = Number(RANGES.find(([one]) => one === query.hours)?.[0] ?? 24)
  const { data, problem, reload } = useActivity(app, hours)
  const bars = useMemo(() => (data ? barsOf(data.from, hours) : undefined), [data, hours])
  return (
    <>
      <div class="section-head">
        <h2>Activity</h2>
        <fieldset class="segments" aria-label="Time">
          {RANGES.map(([value, name]) => (
            <button
              key={value}
              type="button"
              aria-pressed={Number(value) === hours}
              onClick={() => set({ hours: value === '24' ? undefined : value })}
            >
              {name}
            </button>
          ))}
        </fieldset>
      </div>
      <ProblemNotice problem={problem} retry={reload} />
      <div class="grid two">
        {DRAWN.map(({ title, lead, kinds, by, name }) => (
          <Card key={title} title={title} lead={lead}>
            {data && bars ? (
              <Drawing {...{ title, kinds, by, name, bars, counts: data.counts }} />
            ) : (
              !problem && <Skeleton />
            )}
          </Card>
        ))}
      </div>
    </>
  )
}

interface DrawingProps extends Omit<Drawn, 'lead'> {
  readonly bars: ReturnType<typeof barsOf>
  readonly counts: Parameters<typeof layersOf>[0]
}

function Drawing({ title, kinds, by, name, bars, counts }: DrawingProps) {
  const series = useMemo(
    () => layersOf(counts, kinds, (one) => name(one[by]) || 'operators', bars),
    [counts, bars, kinds, by, name],
  )
  if (series.length === 0) return <p class="quiet">Nothing in this period.</p>
  const format = bars.width > 3600 ? daily : hourly
  return (
    <Plot title={title} times={bars.times} series={series} label={(time) => format.format(time * 1000)} />
  )
}
