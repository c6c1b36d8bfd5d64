import { useEffect, useMemo, useState } from 'preact/hooks'
import { answered, api, type Schemas, useAction, useCall } from '../lib/api.ts'
import { number } from '../lib/format.ts'
import { useMay } from '../lib/who.ts'
import { Skeleton } from './empty.tsx'
import { Ask, TextField } from './form.tsx'
import { Notice, ProblemNotice } from './notice.tsx'
import { Badge, Card, Facts } from './page.tsx'
import { Plot } from './plot.tsx'
import { Table } from './table.tsx'
import { Time, Words } from './text.tsx'

type Known = Schemas['Readiness']
type Target = Known['estimate']['targets'][number]

const KIND = { not_started: 'plain', running: 'accent', stalled: 'warn', ready: 'good' } as const
const WHY: Readonly<Record<string, string>> = {
  too_few_days: 'fewer than seven whole days have passed',
  too_few_events: 'too few first calls in the last seven days',
  plateau: 'hardly any more devices arrive',
  no_devices: 'no devices were imported',
}
const WARNINGS: Readonly<Record<string, string>> = {
  hazard_falling: 'Fewer devices arrive than a week before: the dates are likely too early.',
  first_calls_unknown: 'Some devices had called before: they count on the first day.',
}
const percent = (share: number | null): string =>
  share === null ? 'unknown' : `${(share * 100).toFixed(1)} %`
const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' })

/** Which of the vendor's devices have called here, and an estimate for the others. */
export function Readiness({ app, dialect }: { app: string; dialect: string }) {
  const [counting, setCounting] = useState(false)
  const { data, problem, reload } = useCall(
    `readiness ${app} ${dialect}`,
    () =>
      api.GET('/apps/{app}/readiness', { params: { path: { app }, query: { dialect: dialect as never } } }),
    counting ? 2000 : 60_000,
  )
  useEffect(() => setCounting(data !== undefined && !('totals' in data)), [data])
  if (problem) return <ProblemNotice problem={problem} retry={reload} />
  if (!data) return <Skeleton />
  if (!('totals' in data))
    return (
      <Notice kind="info" title="The devices are being counted">
        {'devices' in data && `${number(Number(data.devices))} so far. `}The figures appear here.
      </Notice>
    )
  return <Shown app={app} of={data} />
}

function Shown({ app, of }: { app: string; of: Known }) {
  const { totals, coverage, verdict, estimate, cost } = of
  const times = useMemo(() => of.curve.map(({ date }) => Date.parse(date) / 1000), [of])
  const series = useMemo(
    () => [
      { name: 'first calls', values: of.curve.map(({ seen }, at) => seen - (of.curve[at - 1]?.seen ?? 0)) },
    ],
    [of],
  )
  return (
    <>
      <Card
        title="Readiness"
        lead="Share of the vendor’s active devices that have called this gateway."
        actions={<Badge kind={KIND[verdict.state]}>{verdict.state.replaceAll('_', ' ')}</Badge>}
      >
        <div class="tiles">
          <Tile name="Of active devices" value={percent(coverage.active)} />
          <Tile name="Imported" value={number(totals.imported)} />
          <Tile name="Have called" value={number(totals.both)} />
          <Tile name="Not yet" value={number(totals.residue)} />
          <Tile name="Not imported" value={number(totals.liveOnly)} />
        </div>
        <ul class="hint reasons">
          {[...of.warnings.map((one) => WARNINGS[one] ?? one), ...verdict.reasons].map((one) => (
            <li key={one}>{one.replaceAll('_', ' ')}</li>
          ))}
        </ul>
      </Card>
      <div class="grid two">
        <Card title="First calls, day by day">
          {of.curve.length === 0 ? (
            <p class="quiet">No device has called yet.</p>
          ) : (
            <Plot {...{ title: 'First calls', times, series }} label={(time) => day.format(time * 1000)} />
          )}
        </Card>
        <Card title="Estimated date" lead="An estimate with its interval, or why there is none.">
          <Table<Target>
            caption="When shares of the active devices will have called"
            rows={estimate.targets}
            keyOf={({ share }) => String(share)}
            columns={[
              { name: 'Share', of: ({ share }) => percent(share) },
              { ...{ name: 'Date', kind: 'wide' }, of: (one) => <When of={one} /> },
            ]}
          />
        </Card>
      </div>
      <Card title="Cost">
        <Facts
          of={[
            ['Rows that the vendor bills', number(cost.billed)],
            ['Reachable devices in the gateway', number(cost.reachable)],
            ['Billed but not reached', percent(cost.idle)],
            ['Counted', <Time key="at" at={of.at} />],
          ]}
        />
      </Card>
      <Records app={app} of={of} />
    </>
  )
}

const Tile = ({ name, value }: { name: string; value: string }) => (
  <div class="tile">
    <span class="tile-name">{name}</span>
    <span class="tile-value">{value}</span>
  </div>
)

function When({ of: { date, reachedAt, earliest, latest, reason } }: { of: Target }) {
  const told = (text: string) => day.format(Date.parse(text))
  if (reachedAt) return <>reached on {told(reachedAt)}</>
  if (!date) return <span class="muted">{WHY[reason ?? ''] ?? 'unknown'}</span>
  return (
    <>
      {told(date)}{' '}
      {earliest && latest && (
        <span class="muted">
          between {told(earliest)} and {told(latest)}
        </span>
      )}
    </>
  )
}

/** The figures that an operator signed off, and a form to sign off the current ones. */
function Records({ app, of: { dialect } }: { app: string; of: Known }) {
  const params = { path: { app } }
  const { data, reload } = useCall(`records ${app}`, () =>
    api.GET('/apps/{app}/readiness/records', { params: { ...params, query: { limit: 20 } } }),
  )
  const [signing, setSigning] = useState(false)
  const [note, setNote] = useState('')
  const { busy, problem, run } = useAction()
  const may = useMay('admin')
  const sign = () =>
    run(() =>
      answered(
        api.POST('/apps/{app}/readiness/sign-off', {
          params,
          body: { dialect: dialect as never, ...(note.trim() && { note: note.trim() }) },
        }),
      ),
    ).then((done) => {
      if (!done) return
      setSigning(false)
      reload()
    })
  const records = data?.records.filter((one) => one.dialect === dialect) ?? []
  return (
    <Card
      flush
      title="Sign-offs"
      lead="Figures at a point in time, and who signed them off."
      actions={
        may && (
          <button type="button" class="button small" onClick={() => setSigning(true)}>
            Sign off
          </button>
        )
      }
    >
      {records.length === 0 ? (
        <p class="quiet">Nothing yet. Sign off before the vendor is turned off.</p>
      ) : (
        <Table
          caption="Sign-offs"
          rows={records}
          keyOf={({ id }) => id}
          columns={[
            {
              name: 'When',
              of: ({ id, at }) => (
                <a
                  href={`/admin/v1/apps/${app}/readiness/records/${id}/page`}
                  target="_blank"
                  rel="noreferrer"
                >
                  <Time at={at} />
                </a>
              ),
            },
            { name: 'Who', of: ({ actor }) => <Words most={60}>{actor}</Words> },
            { ...{ name: 'Note', kind: 'wide' }, of: ({ note: words }) => <Words most={300}>{words}</Words> },
          ]}
        />
      )}
      {signing && (
        <Ask
          {...{ title: 'Sign these figures off?', confirm: 'Sign off', busy, problem, act: sign }}
          close={() => setSigning(false)}
        >
          <p>The figures are saved as they are now, with your name and the time.</p>
          <TextField label="Note" rows={3} value={note} set={setNote} />
        </Ask>
      )}
    </Card>
  )
}
