import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { answered, api, type Schemas, useAction, useCall } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { dialectName, platformName, plural, providerName } from '../lib/format.ts'
import { told } from '../lib/history.ts'
import { appPath, withQuery } from '../lib/query.ts'
import { useMay } from '../lib/who.ts'
import { NotFound, Skeleton } from '../parts/empty.tsx'
import { Ask } from '../parts/form.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Badge, Card, Facts, Page } from '../parts/page.tsx'
import { Id, Time, Words } from '../parts/text.tsx'
import { UndoEvent } from '../parts/undo.tsx'
import { State } from './devices.tsx'

type Device = Schemas['Device']

/** One device: its data and its history. */
export function DevicePage({ app, id }: AppProps) {
  const params = { path: { app: app.id, device: id } }
  const { data, problem, reload } = useCall(
    `device ${app.id} ${id}`,
    () => api.GET('/apps/{app}/devices/{device}', { params }),
    10_000,
  )
  const [deleting, setDeleting] = useState(false)
  const may = useMay('operate')
  if (problem?.status === 404) return <NotFound />
  if (!data) return problem ? <ProblemNotice problem={problem} retry={reload} /> : <Skeleton rows={8} />
  return (
    <Page
      title={data.name ?? data.externalId}
      named
      back={{ href: appPath(app.id, 'devices'), name: 'Devices' }}
      lead={
        <>
          {dialectName(data.dialect)} · {platformName(data.platform)} · last seen{' '}
          <Time at={data.lastSeenAt} /> <State of={data} />
        </>
      }
      actions={
        may && (
          <>
            <a
              class="button"
              href={withQuery(appPath(app.id, 'messages', 'new'), { to: 'devices', value: id, device: id })}
            >
              Send it a message
            </a>
            <button type="button" class="button danger" onClick={() => setDeleting(true)}>
              Delete
            </button>
          </>
        )
      }
    >
      <div class="two-sides">
        <div class="stack">
          <Card title="Identity">
            <Facts of={identity(app.id, data)} />
          </Card>
          <Card title="Phone and app">
            <Facts of={profile(data)} />
          </Card>
          <Topics app={app.id} of={data} />
        </div>
        <History app={app.id} device={id} />
      </div>
      {deleting && <Delete app={app.id} device={data} close={() => setDeleting(false)} />}
    </Page>
  )
}

function identity(app: string, device: Device) {
  const { userId, userProved, token, provider, environment } = device
  return [
    ['Id that the SDK shows', <Id key="id" of={device.externalId} most={60} />],
    [
      'User',
      userId && (
        <>
          <a href={appPath(app, 'users', userId)}>
            <Words>{userId}</Words>
          </a>{' '}
          <span class="muted">{userProved ? 'proved by a signed token' : 'claimed by the app'}</span>
        </>
      ),
    ],
    ['Push service', provider && providerName(provider)],
    ['Push token', token && <Id key="token" of={token} most={40} />],
    ['Environment', environment === 'unknown' ? null : environment],
    [
      'Phone',
      <a key="phone" href={appPath(app, 'phones', device.installationId)}>
        All dialects on this phone
      </a>,
    ],
    ['First registered', <Time key="at" at={device.createdAt} />],
    ['Imported', device.importedAt && <Time at={device.importedAt} />],
  ] as const
}

const profile = (of: Device) =>
  (
    [
      ['Model', of.model],
      ['System', of.osVersion],
      ['App version', of.appVersion],
      ['SDK version', of.sdkVersion],
      ['Language', of.language],
      ['Time zone', of.timezone],
    ] as const
  ).map(([name, value]) => [name, value && <Words most={200}>{value}</Words>] as const)

function Topics({ app, of: { topics, tags } }: { app: string; of: Device }) {
  const named = Object.entries(tags)
  return (
    <Card title="Topics and tags">
      {topics.length + named.length === 0 && <p class="muted">None.</p>}
      <div class="tags">
        {topics.map((topic) => (
          <a key={topic} class="badge accent" href={withQuery(appPath(app, 'devices'), { topic })}>
            <Words most={60}>{topic}</Words>
          </a>
        ))}
        {named.map(([name, value]) => (
          <Badge key={name}>
            <Words most={60}>{name}</Words>: <Words most={80}>{JSON.stringify(value)}</Words>
          </Badge>
        ))}
      </div>
    </Card>
  )
}

/** Kinds of events whose previous value is in the history, or kept for a time (docs/undo.md). */
const UNDOABLE: ReadonlySet<string> = new Set([
  ...['superseded', 'rotated', 'detached', 'userChanged', 'tagsChanged', 'subscribed', 'unsubscribed'],
  ...['deactivated', 'renamed', 'imported', 'adopted'],
])

function History({ app, device }: { app: string; device: string }) {
  const may = useMay('operate')
  const { data, problem, reload } = useCall(
    `history ${device}`,
    () => api.GET('/apps/{app}/devices/{device}/events', { params: { path: { app, device } } }),
    10_000,
  )
  const receipts = useCall(`receipts ${device}`, () =>
    api.GET('/apps/{app}/receipts', { params: { path: { app }, query: { device, limit: 20 } } }),
  )
  return (
    <div class="stack">
      <Card title="History" lead="The newest first.">
        <ProblemNotice problem={problem} />
        {!data && !problem && <Skeleton />}
        {data?.events.length === 0 && <p class="muted">Nothing that is still kept.</p>}
        <ul class="history">
          {data?.events.map((event, at) => (
            <li key={`${event.at} ${at}`}>
              <Time at={event.at} />
              <span>
                <Words most={400}>{told(event)}</Words>{' '}
                {may && event.id !== undefined && UNDOABLE.has(event.kind) && (
                  <UndoEvent app={app} event={event.id} changed={reload} />
                )}
              </span>
            </li>
          ))}
        </ul>
      </Card>
      <Card title="Message reports">
        {receipts.data?.receipts.length ? (
          <ul class="history">
            {receipts.data.receipts.map(({ kind, messageId, lastAt }) => (
              <li key={`${kind} ${messageId}`}>
                <Time at={lastAt} />
                <span>
                  {kind === 'opened' ? 'Opened' : 'Received'} <Words most={60}>{messageId}</Words>
                </span>
              </li>
            ))}
          </ul>
        ) : (
          <p class="muted">No delivery or open reports from this device yet.</p>
        )}
      </Card>
    </div>
  )
}

/** Deletes the device after showing what will be removed. */
function Delete({ app, device, close }: { app: string; device: Device; close: () => void }) {
  const params = { path: { app, device: device.id } }
  const { busy, problem, run } = useAction()
  const { route } = useLocation()
  const look = useCall(`would ${device.id}`, () =>
    api.DELETE('/apps/{app}/devices/{device}', { params: { ...params, query: { dryRun: true } } }),
  )
  const act = () =>
    run(() => answered(api.DELETE('/apps/{app}/devices/{device}', { params })).then(() => true)).then(
      (done) => done && route(appPath(app, 'devices')),
    )
  return (
    <Ask title="Delete this device?" confirm="Delete" danger {...{ busy, problem, close, act }}>
      <p>
        <Words most={80}>{device.externalId}</Words> is removed with{' '}
        {plural(device.topics.length, 'subscription')}. A phone that still has the app registers again at its
        next start.
      </p>
      {look.data && <Would of={look.data.would} />}
    </Ask>
  )
}

/** The effect of a change, from a dry run. */
export const Would = ({ of }: { of: Readonly<Record<string, number>> }) => (
  <p class="hint">
    {Object.entries(of)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => `${name} ${count}`)
      .join(' · ') || 'Nothing else is deleted.'}
  </p>
)
