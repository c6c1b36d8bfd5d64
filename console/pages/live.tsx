import { useState } from 'preact/hooks'
import { adviceFor } from '../lib/advice.ts'
import { api, useCall } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { dialectName, KNOWN_DIALECTS, platformName } from '../lib/format.ts'
import { type Happening, useLive } from '../lib/live.ts'
import { appPath, useQuery } from '../lib/query.ts'
import { Filter } from '../parts/form.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Badge, Card, Page } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Time, Words } from '../parts/text.tsx'

const KINDS = [
  ['registered', 'new devices'],
  ['refreshed', 'known devices'],
  ['refused', 'refused calls'],
] as const

const KIND = { registered: 'good', refreshed: 'plain', refused: 'bad' } as const

/** Registrations and refusals as they happen. */
export function Live({ app }: AppProps) {
  const { query, set } = useQuery()
  const [paused, setPaused] = useState(false)
  const asked = new URLSearchParams({ app: app.id })
  if (query.dialect) asked.set('dialect', query.dialect)
  if (query.kind) asked.set('kind', query.kind)
  const { events, state } = useLive(asked.toString(), paused)
  const pick = (name: string) => ({
    value: query[name] ?? '',
    set: (value: string) => set({ [name]: value }),
  })
  return (
    <Page
      title="Live"
      lead="Calls from phones and browsers as they happen; the newest 200."
      actions={
        <button type="button" class="button" aria-pressed={paused} onClick={() => setPaused(!paused)}>
          {paused ? 'Resume' : 'Pause'}
        </button>
      }
    >
      <div class="toolbar">
        <Filter
          label="Dialect"
          {...pick('dialect')}
          of={KNOWN_DIALECTS.filter((one) => one in app.dialects).map((one) => [one, dialectName(one)])}
        />
        <Filter label="What" {...pick('kind')} of={KINDS} />
        <span class="muted" role="status">
          {paused
            ? 'Paused'
            : state === 'open'
              ? 'Listening'
              : state === 'lost'
                ? 'Connection lost'
                : 'Connecting'}
        </span>
      </div>
      <Card flush title="Live events">
        {events.length === 0 ? (
          <div class="quiet">
            {paused ? 'Paused.' : 'Nothing yet. Start the app, or open the page that registers.'}
          </div>
        ) : (
          <Table
            caption="Live events"
            rows={events}
            keyOf={({ id }) => String(id)}
            columns={columns(app.id)}
          />
        )}
      </Card>
      <Refused app={app.id} />
    </Page>
  )
}

const columns = (app: string): readonly Column<Happening>[] => [
  { name: 'When', of: ({ at }) => <Time at={at} /> },
  {
    name: 'What',
    of: ({ kind }) => (
      <Badge kind={KIND[kind]}>
        {kind === 'registered' ? 'new' : kind === 'refreshed' ? 'known' : 'refused'}
      </Badge>
    ),
  },
  { name: 'Dialect', of: ({ dialect }) => dialectName(dialect) },
  {
    ...{ name: 'Device or reason', kind: 'wide' },
    of: ({ device, refusal, facet, app: of }) =>
      device ? (
        <>
          <a href={appPath(of ?? app, 'devices', device.id)}>
            <Words most={48}>{device.externalId}</Words>
          </a>{' '}
          <span class="muted">{platformName(facet)}</span>
        </>
      ) : (
        <Words most={200}>{refusal?.reason}</Words>
      ),
  },
]

/** The latest refused calls, which the gateway keeps, with suggested changes. */
function Refused({ app }: { app: string }) {
  const { data, problem, reload } = useCall(
    `refusals ${app}`,
    () => api.GET('/refusals', { params: { query: { app, limit: 50 } } }),
    10_000,
  )
  return (
    <Card title="Recent refusals" lead="Why a phone does not appear, and what to change." flush>
      <ProblemNotice problem={problem} retry={reload} />
      {data?.refusals.length === 0 && <p class="quiet">No call of this app was refused.</p>}
      {data && data.refusals.length > 0 && (
        <Table
          caption="Recent refusals"
          rows={data.refusals}
          keyOf={({ requestId, at }) => `${requestId} ${at}`}
          columns={[
            { name: 'When', of: ({ at }) => <Time at={at} /> },
            { name: 'Dialect', of: ({ dialect }) => dialectName(dialect) },
            {
              ...{ name: 'Reason', kind: 'wide' },
              of: ({ reason, route }) => (
                <>
                  <Words most={200}>{reason}</Words>
                  <br />
                  <code class="muted">
                    <Words most={80}>{route}</Words>
                  </code>
                </>
              ),
            },
            { name: 'Identifier sent', of: ({ identifier }) => <Words most={30}>{identifier}</Words> },
            { ...{ name: 'What to change', kind: 'wide' }, of: ({ code }) => adviceFor(code) },
          ]}
        />
      )}
    </Card>
  )
}
