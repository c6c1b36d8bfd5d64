import { api, type Schemas, useCall } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { dialectName, plural, providerName } from '../lib/format.ts'
import { appPath, useQuery } from '../lib/query.ts'
import { Empty, NotFound, Skeleton } from '../parts/empty.tsx'
import { Pager, Search } from '../parts/form.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Badge, Card, Facts, Page } from '../parts/page.tsx'
import { Table } from '../parts/table.tsx'
import { Id, Time, Words } from '../parts/text.tsx'
import { deviceColumns } from './devices.tsx'

type Phone = Schemas['Installation']
const dialectsOf = ({ devices }: Phone) => [...new Set(devices.map(({ dialect }) => dialect))]
const newest = ({ devices }: Phone) =>
  devices
    .map(({ lastSeenAt }) => lastSeenAt)
    .sort()
    .at(-1)

/** Phones and browsers: devices of all dialects that share a push token count as one. */
export function Phones({ app }: AppProps) {
  const { query, set } = useQuery()
  const asked = {
    limit: 50,
    ...(query.q && { q: query.q }),
    ...(query.cursor && { cursor: query.cursor }),
  }
  const { data, problem, reload } = useCall(`phones ${app.id} ${JSON.stringify(asked)}`, () =>
    api.GET('/apps/{app}/installations', { params: { path: { app: app.id }, query: asked } }),
  )
  return (
    <Page
      title="Phones"
      lead="One row for each phone or browser: all registrations with the same push token."
    >
      <div class="toolbar">
        <Search
          label="Search phones"
          placeholder="Id that the SDK shows, token, user, model…"
          value={query.q ?? ''}
          search={(q) => set({ q })}
        />
      </div>
      <ProblemNotice problem={problem} retry={reload} />
      {!data && !problem && <Skeleton rows={8} />}
      {data?.installations.length === 0 && (
        <Empty icon="phones" title={query.q ? 'No matching phone' : 'No phone yet'}>
          {query.q ? 'Try a shorter or different search.' : 'Each registered phone is listed here once.'}
        </Empty>
      )}
      {data && data.installations.length > 0 && (
        <Card flush>
          <Table
            caption="Phones"
            rows={data.installations}
            keyOf={({ id }) => id}
            columns={[
              {
                ...{ name: 'Phone', kind: 'wide' },
                of: ({ id, token, devices }) => (
                  <a class="strong" href={appPath(app.id, 'phones', id)}>
                    <Words most={40}>{token ?? devices[0]?.externalId}</Words>
                  </a>
                ),
              },
              { name: 'Push service', of: ({ provider }) => (provider ? providerName(provider) : 'none') },
              {
                name: 'Dialects',
                of: (phone) => (
                  <span class="badges">
                    {dialectsOf(phone).map((one) => (
                      <Badge key={one}>{dialectName(one)}</Badge>
                    ))}
                  </span>
                ),
              },
              { name: 'Last seen', of: (phone) => <Time at={newest(phone)} /> },
            ]}
          />
        </Card>
      )}
      {data && (
        <Pager cursor={query.cursor} next={data.nextCursor} go={(cursor) => set({ cursor: cursor ?? '' })} />
      )}
    </Page>
  )
}

export function PhonePage({ app, id }: AppProps) {
  const { data, problem, reload } = useCall(`phone ${app.id} ${id}`, () =>
    api.GET('/apps/{app}/installations/{installation}', {
      params: { path: { app: app.id, installation: id } },
    }),
  )
  if (problem?.status === 404) return <NotFound />
  if (!data) return problem ? <ProblemNotice problem={problem} retry={reload} /> : <Skeleton />
  return (
    <Page
      title="Phone"
      back={{ href: appPath(app.id, 'phones'), name: 'Phones' }}
      lead={`${plural(data.devices.length, 'device')} of ${plural(dialectsOf(data).length, 'dialect')} on one push token`}
    >
      <Card>
        <Facts
          of={[
            ['Push service', data.provider && providerName(data.provider)],
            ['Push token', data.token && <Id of={data.token} most={60} />],
            [
              'State',
              data.state && <Badge kind={data.state === 'live' ? 'good' : 'warn'}>{data.state}</Badge>,
            ],
            ['Topics', data.topics.length > 0 && <Words most={400}>{data.topics.join(', ')}</Words>],
          ]}
        />
      </Card>
      <Card flush title="Devices">
        <Table
          caption="Devices"
          rows={data.devices}
          keyOf={(one) => one.id}
          columns={deviceColumns(app.id)}
        />
      </Card>
    </Page>
  )
}
