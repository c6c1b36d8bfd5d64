import { api, type Schemas, useCall } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import {
  dialectName,
  KNOWN_DIALECTS,
  KNOWN_PLATFORMS,
  KNOWN_PROVIDERS,
  platformName,
  providerName,
} from '../lib/format.ts'
import { appPath, useQuery } from '../lib/query.ts'
import { Empty, Skeleton } from '../parts/empty.tsx'
import { Filter, Pager, Search } from '../parts/form.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Badge, Card, Page } from '../parts/page.tsx'
import { type Column, Table } from '../parts/table.tsx'
import { Time, Words } from '../parts/text.tsx'

type Device = Schemas['Device']
const FILTERS = ['q', 'dialect', 'platform', 'provider', 'active', 'topic', 'user', 'tag', 'model'] as const

/** A device's delivery state, in a word. */
export function State({ of: { active, supersededAt, provider } }: { of: Device }) {
  if (supersededAt) return <Badge>replaced</Badge>
  if (!active) return <Badge kind="warn">inactive</Badge>
  return provider ? <Badge kind="good">active</Badge> : <Badge>no token</Badge>
}

export const deviceColumns = (app: string): readonly Column<Device>[] => [
  {
    ...{ name: 'Device', kind: 'wide' },
    of: ({ id, externalId }) => (
      <a class="strong" href={appPath(app, 'devices', id)}>
        <Words most={44}>{externalId}</Words>
      </a>
    ),
  },
  { name: 'Dialect', of: ({ dialect }) => dialectName(dialect) },
  {
    name: 'Platform',
    of: ({ platform, model }) => (
      <>
        {platformName(platform)}
        {model && (
          <span class="muted">
            {' '}
            <Words most={30}>{model}</Words>
          </span>
        )}
      </>
    ),
  },
  {
    name: 'User',
    of: ({ userId }) =>
      userId ? (
        <a href={appPath(app, 'users', userId)}>
          <Words most={28}>{userId}</Words>
        </a>
      ) : (
        <span class="muted">none</span>
      ),
  },
  { name: 'State', of: (device) => <State of={device} /> },
  { name: 'Last seen', of: ({ lastSeenAt }) => <Time at={lastSeenAt} /> },
]

/** Devices of all dialects; the search is stored in the address. */
export function Devices({ app }: AppProps) {
  const { query, set } = useQuery()
  const given = Object.fromEntries(FILTERS.flatMap((name) => (query[name] ? [[name, query[name]]] : [])))
  const asked = { ...given, limit: 50, ...(query.cursor && { cursor: query.cursor }) }
  const { data, problem, reload } = useCall(
    `devices ${app.id} ${JSON.stringify(asked)}`,
    () =>
      // The gateway reports the errors in an address that was typed by hand.
      api.GET('/apps/{app}/devices', { params: { path: { app: app.id }, query: asked as never } }),
    query.cursor ? undefined : 5000,
  )
  const pick = (name: string) => ({
    value: query[name] ?? '',
    set: (value: string) => set({ [name]: value }),
  })
  const others = FILTERS.filter((name) => ['topic', 'user', 'tag', 'model'].includes(name) && query[name])
  return (
    <Page title="Devices" lead="One row for each registration in a dialect; new ones appear automatically.">
      <div class="toolbar">
        <Search
          label="Search devices"
          placeholder="Id that the SDK shows, token, user, model…"
          value={query.q ?? ''}
          search={(q) => set({ q })}
        />
        <Filter
          label="Dialect"
          {...pick('dialect')}
          of={KNOWN_DIALECTS.filter((one) => one in app.dialects).map((one) => [one, dialectName(one)])}
        />
        <Filter
          label="Platform"
          {...pick('platform')}
          of={KNOWN_PLATFORMS.map((one) => [one, platformName(one)])}
        />
        <Filter
          label="Push service"
          {...pick('provider')}
          of={KNOWN_PROVIDERS.map((one) => [one, providerName(one)])}
        />
        <Filter
          label="State"
          {...pick('active')}
          of={[
            ['true', 'active'],
            ['false', 'inactive'],
          ]}
        />
        {others.map((name) => (
          <button key={name} type="button" class="button small" onClick={() => set({ [name]: undefined })}>
            {name}: <Words most={30}>{query[name]}</Words> ×
          </button>
        ))}
      </div>
      <ProblemNotice problem={problem} retry={reload} />
      {data ? (
        <Found app={app.id} data={data} filtered={Object.keys(given).length > 0} clear={() => clear(set)} />
      ) : (
        !problem && <Skeleton rows={8} />
      )}
      {data && (
        <Pager cursor={query.cursor} next={data.nextCursor} go={(cursor) => set({ cursor: cursor ?? '' })} />
      )}
    </Page>
  )
}

const clear = (set: ReturnType<typeof useQuery>['set']) =>
  set(Object.fromEntries(FILTERS.map((name) => [name, undefined])))

interface FoundProps {
  readonly app: string
  readonly data: Schemas['DevicePage']
  readonly filtered: boolean
  readonly clear: () => void
}

function Found({ app, data, filtered, clear }: FoundProps) {
  if (data.devices.length > 0)
    return (
      <Card flush>
        <Table caption="Devices" rows={data.devices} keyOf={({ id }) => id} columns={deviceColumns(app)} />
      </Card>
    )
  if (!filtered)
    return (
      <Empty
        icon="devices"
        title="No device yet"
        action={
          <a class="button primary" href={appPath(app, 'connect')}>
            Point your SDK here
          </a>
        }
      >
        When a build registers, its device appears here.
      </Empty>
    )
  return (
    <Empty
      icon="search"
      title="No matching device"
      action={
        <button type="button" class="button" onClick={clear}>
          Show all devices
        </button>
      }
    >
      A phone that should be here may have been refused:{' '}
      <a href={`${appPath(app, 'live')}?kind=refused`}>see the refused calls</a>.
    </Empty>
  )
}
