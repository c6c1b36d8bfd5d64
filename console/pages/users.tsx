import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { answered, api, type Schemas, useAction, useCall } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { fullTime } from '../lib/format.ts'
import { told } from '../lib/history.ts'
import { appPath } from '../lib/query.ts'
import { save } from '../lib/save.ts'
import { useMay } from '../lib/who.ts'
import { Empty, NotFound, Skeleton } from '../parts/empty.tsx'
import { Ask, Search } from '../parts/form.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Card, Page } from '../parts/page.tsx'
import { Table } from '../parts/table.tsx'
import { Time, Words } from '../parts/text.tsx'
import { Would } from './device.tsx'
import { deviceColumns } from './devices.tsx'

/** Finds a user by the id that the app chose. */
export function Users({ app }: AppProps) {
  const { route } = useLocation()
  return (
    <Page title="Users" lead="All data about a user, by the id that your app assigned.">
      <div class="toolbar">
        <Search
          label="User id"
          placeholder="The user’s id, in full"
          value=""
          search={(user) => user && route(appPath(app.id, 'users', user))}
        />
      </div>
      <Empty icon="users" title="Look up a user">
        A user’s page shows their devices and history, exports everything as a file, and erases it.
      </Empty>
    </Page>
  )
}

export function UserPage({ app, id }: AppProps) {
  const params = { path: { app: app.id, user: id } }
  const { data, problem, reload } = useCall(`user ${app.id} ${id}`, () =>
    api.GET('/apps/{app}/users/{user}', { params }),
  )
  const [erasing, setErasing] = useState(false)
  const may = useMay('operate')
  if (problem?.status === 404) return <NotFound />
  if (!data) return problem ? <ProblemNotice problem={problem} retry={reload} /> : <Skeleton />
  return (
    <Page
      title={id}
      named
      back={{ href: appPath(app.id, 'users'), name: 'Users' }}
      lead="All data that this gateway stores about this user."
      actions={
        <>
          <button type="button" class="button" onClick={() => save(`user-${app.id}.json`, fileOf(data))}>
            Export
          </button>
          {may && (
            <button type="button" class="button danger" onClick={() => setErasing(true)}>
              Erase
            </button>
          )}
        </>
      }
    >
      <div class="tiles">
        {Object.entries(data.held).map(([name, count]) => (
          <div key={name} class="tile">
            <span class="tile-name">{name}</span>
            <span class="tile-value">{count}</span>
          </div>
        ))}
      </div>
      <Card flush title="Devices">
        {data.devices.length > 0 ? (
          <Table
            caption="Devices"
            rows={data.devices}
            keyOf={(one) => one.id}
            columns={deviceColumns(app.id)}
          />
        ) : (
          <p class="quiet">No device is this user’s.</p>
        )}
      </Card>
      <History events={data.events} />
      {data.keptStates.length > 0 && <Kept states={data.keptStates} />}
      {erasing && <Erase app={app.id} user={id} close={() => setErasing(false)} />}
    </Page>
  )
}

const History = ({ events }: { events: Schemas['User']['events'] }) => (
  <Card title="History">
    {events.length === 0 && <p class="muted">Nothing that is still kept.</p>}
    <ul class="history">
      {events.slice(0, 100).map((event, at) => (
        <li key={`${event.at} ${at}`}>
          <Time at={event.at} />
          <Words most={300}>{told(event)}</Words>
        </li>
      ))}
    </ul>
  </Card>
)

const Kept = ({ states }: { states: Schemas['User']['keptStates'] }) => (
  <Card title="Kept for an undo">
    <ul class="history">
      {states.map((state) => (
        <li key={`${state.deviceId} ${state.kind} ${state.token} ${state.at}`}>
          <Time at={state.at} />
          <Words most={300}>{keptAs(state)}</Words>
        </li>
      ))}
    </ul>
  </Card>
)

const keptAs = ({ kind, dialect, token, device, until }: Schemas['KeptState']) =>
  [
    kind === 'device' ? `${dialect} device removed` : `${dialect} token replaced or given up`,
    ...(device ? [device.externalId] : []),
    ...(token ? [token] : []),
    `kept until ${fullTime(until)}`,
  ].join(' · ')

const fileOf = (data: Schemas['User']) =>
  new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' })

function Erase({ app, user, close }: { app: string; user: string; close: () => void }) {
  const params = { path: { app, user } }
  const { busy, problem, run } = useAction()
  const { route } = useLocation()
  const look = useCall(`erase ${user}`, () =>
    api.DELETE('/apps/{app}/users/{user}', { params: { ...params, query: { dryRun: true } } }),
  )
  const act = () =>
    run(() => answered(api.DELETE('/apps/{app}/users/{user}', { params })).then(() => true)).then(
      (done) => done && route(appPath(app, 'users')),
    )
  return (
    <Ask title="Erase this user?" confirm="Erase everything" danger {...{ busy, problem, close, act }}>
      <p>
        Every device, event and report of <Words most={80}>{user}</Words> is removed from this gateway. This
        cannot be undone.
      </p>
      {look.data && <Would of={look.data.would} />}
    </Ask>
  )
}
