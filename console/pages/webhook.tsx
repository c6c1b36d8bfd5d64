import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { answered, api, type Schemas, useAction, useCall } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { number } from '../lib/format.ts'
import { told } from '../lib/history.ts'
import { appPath, useQuery } from '../lib/query.ts'
import { useMay } from '../lib/who.ts'
import { Empty, NotFound, Skeleton } from '../parts/empty.tsx'
import { Ask, Field, Filter, Pager } from '../parts/form.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Badge, Card, Facts, Page } from '../parts/page.tsx'
import { Table } from '../parts/table.tsx'
import { Time, Words } from '../parts/text.tsx'
import { HookState } from '../parts/webhooks.tsx'

type Hook = Schemas['FeedWebhook']
type Delivery = Schemas['Delivery']

const STOPPED: Readonly<Record<string, string>> = {
  operator: 'An operator stopped it. It will continue where it stopped.',
  gone: 'Its receiver answered 410 (Gone).',
  failing: 'Its receiver has failed for five days.',
  history: 'The next events are no longer stored: continue from the oldest stored event, or from now.',
}

/** One webhook of the feed: its state, events that were not delivered, and a way to send them again. */
export function WebhookPage({ app, id }: AppProps) {
  const list = useCall(
    `webhooks ${app.id}`,
    () => api.GET('/apps/{app}/webhooks', { params: { path: { app: app.id } } }),
    5000,
  )
  const { route } = useLocation()
  const { busy, problem, run } = useAction()
  const [asking, setAsking] = useState<'replay' | 'remove'>()
  const may = useMay('admin')
  // Read from the list, because the call for a single webhook includes its secret.
  const hook = list.data?.feed.find((one) => one.id === id)
  if (!list.data)
    return list.problem ? <ProblemNotice problem={list.problem} retry={list.reload} /> : <Skeleton />
  if (!hook) return <NotFound />
  const params = { path: { app: app.id, webhook: id } }
  const pause = (paused: boolean) =>
    run(() => answered(api.PATCH('/apps/{app}/webhooks/{webhook}', { params, body: { paused } }))).then(
      list.reload,
    )
  const remove = () =>
    run(() => answered(api.DELETE('/apps/{app}/webhooks/{webhook}', { params })).then(() => true)).then(
      (done) => done && route(appPath(app.id, 'settings')),
    )
  return (
    <Page
      title={hook.name}
      named
      back={{ href: appPath(app.id, 'settings'), name: 'App settings' }}
      lead={<HookState of={hook} />}
      actions={
        may && (
          <>
            <button type="button" class="button" disabled={busy} onClick={() => pause(hook.stopped === null)}>
              {hook.stopped === null ? 'Pause' : 'Resume'}
            </button>
            <button type="button" class="button" onClick={() => setAsking('replay')}>
              Replay events
            </button>
            <button type="button" class="button danger" onClick={() => setAsking('remove')}>
              Remove
            </button>
          </>
        )
      }
    >
      <ProblemNotice problem={asking ? undefined : problem} />
      {hook.stopped && (
        <Notice kind="warn" title="Nothing is sent">
          {STOPPED[hook.stopped] ?? hook.stopped}
        </Notice>
      )}
      <div class="two-sides">
        <Card title="Receiver">
          <Facts of={facts(hook)} />
        </Card>
        <Deliveries app={app.id} hook={hook} changed={list.reload} />
      </div>
      {asking === 'replay' && (
        <Replay
          app={app.id}
          hook={id}
          close={() => {
            setAsking(undefined)
            list.reload()
          }}
        />
      )}
      {asking === 'remove' && (
        <Ask
          {...{ title: 'Remove this webhook?', confirm: 'Remove', danger: true, busy, problem, act: remove }}
          close={() => setAsking(undefined)}
        >
          <p>Its waiting events are deleted. The feed itself is kept.</p>
        </Ask>
      )}
    </Page>
  )
}

const facts = (of: Hook) =>
  [
    ['Address', <Words key="url">{of.url}</Words>],
    ['Events', of.events ? of.events.join(', ') : 'everything'],
    ['Delivered', number(of.delivered)],
    ['Last call', of.last && <LastCall of={of.last} />],
    ['Failing since', of.failingSince && <Time key="since" at={of.failingSince} />],
    ['Paused until', of.restingUntil && <Time key="rests" at={of.restingUntil} />],
    ['Added', <Time key="made" at={of.createdAt} />],
  ] as const

const LastCall = ({ of }: { of: NonNullable<Hook['last']> }) => (
  <>
    <Time at={of.at} /> {of.status !== null && <code>{of.status}</code>}{' '}
    {of.error !== null && <Words most={200}>{of.error}</Words>}
  </>
)

interface DeliveriesProps {
  readonly app: string
  readonly hook: Hook
  readonly changed: () => void
}

/** Events that were not delivered: waiting for a retry, or dead. */
function Deliveries({ app, hook, changed }: DeliveriesProps) {
  const { query, set } = useQuery()
  const params = { path: { app, webhook: hook.id } }
  const asked = {
    limit: 50,
    ...(query.state && { state: query.state as Delivery['state'] }),
    ...(query.cursor && { cursor: query.cursor }),
  }
  const { data, problem, reload } = useCall(
    `deliveries ${hook.id} ${JSON.stringify(asked)}`,
    () => api.GET('/apps/{app}/webhooks/{webhook}/deliveries', { params: { ...params, query: asked } }),
    5000,
  )
  const { busy, problem: refused, run } = useAction()
  const may = useMay('admin')
  const again = (delivery: string) =>
    run(() =>
      answered(
        api.POST('/apps/{app}/webhooks/{webhook}/deliveries/{delivery}/replay', {
          params: { path: { ...params.path, delivery } },
        }),
      ),
    ).then(() => {
      reload()
      changed()
    })
  return (
    <div class="stack">
      <div class="toolbar">
        <Filter
          label="State"
          value={query.state ?? ''}
          set={(state) => set({ state })}
          of={[
            ['waiting', 'waiting'],
            ['dead', 'dead'],
          ]}
        />
      </div>
      <ProblemNotice problem={problem ?? refused} />
      {!data && !problem && <Skeleton />}
      {data?.deliveries.length === 0 && <NothingWaits refused={hook.failures} />}
      {data && data.deliveries.length > 0 && (
        <Card flush title="Failed deliveries">
          <NotTaken {...{ app, busy }} of={data.deliveries} again={may ? again : undefined} />
        </Card>
      )}
      {data && (
        <Pager cursor={query.cursor} next={data.nextCursor} go={(cursor) => set({ cursor: cursor ?? '' })} />
      )}
    </div>
  )
}

const NothingWaits = ({ refused }: { refused: number }) =>
  refused > 0 ? (
    <Empty icon="alert" title="The receiver is failing">
      The last {number(refused)} calls failed. Events are retried from the same position, so that none is
      lost.
    </Empty>
  ) : (
    <Empty icon="check" title="No failed deliveries">
      Events that the receiver refused are listed here, with its answer, until they are delivered.
    </Empty>
  )

interface NotTakenProps {
  readonly app: string
  readonly of: readonly Delivery[]
  readonly busy: boolean
  readonly again: ((delivery: string) => void) | undefined
}

const NotTaken = ({ app, of, busy, again }: NotTakenProps) => (
  <Table<Delivery>
    caption="Deliveries"
    rows={of}
    keyOf={({ id }) => id}
    columns={[
      {
        name: 'State',
        of: ({ state }) => <Badge kind={state === 'dead' ? 'bad' : 'warn'}>{state}</Badge>,
      },
      {
        ...{ name: 'Event', kind: 'wide' },
        of: ({ kind, deviceId }) =>
          deviceId ? (
            <a href={appPath(app, 'devices', deviceId)}>{told({ kind, detail: {} })}</a>
          ) : (
            told({ kind, detail: {} })
          ),
      },
      { name: 'Tries', kind: 'number', of: ({ tries }) => tries },
      {
        ...{ name: 'Answer', kind: 'wide' },
        of: ({ status, error }) => <Words most={200}>{[status, error].filter(Boolean).join(' ')}</Words>,
      },
      { name: 'Next', of: ({ dueAt }) => (dueAt ? <Time at={dueAt} /> : '') },
      {
        ...{ name: 'Actions', kind: 'action' },
        of: ({ id, state }) =>
          again &&
          state === 'dead' && (
            <button type="button" class="button small" disabled={busy} onClick={() => again(id)}>
              Try again
            </button>
          ),
      },
    ]}
  />
)

function Replay({ app, hook, close }: { app: string; hook: string; close: () => void }) {
  const [from, setFrom] = useState<'start' | 'latest' | 'since'>('since')
  const [since, setSince] = useState('')
  const { busy, problem, run } = useAction()
  const act = () =>
    run(() =>
      answered(
        api.POST('/apps/{app}/webhooks/{webhook}/replay', {
          params: { path: { app, webhook: hook } },
          body: from === 'since' ? { since: new Date(since).toISOString() } : { after: from },
        }),
      ).then(() => true),
    ).then((done) => done && close())
  return (
    <Ask title="Replay events" confirm="Replay" {...{ busy, problem, close, act }}>
      <fieldset class="choices">
        <legend class="label">From where</legend>
        {(
          [
            ['since', 'from a given time'],
            ['start', 'all stored events'],
            ['latest', 'new events only'],
          ] as const
        ).map(([value, name]) => (
          <label key={value} class="choice">
            <input
              type="radio"
              name="from"
              value={value}
              checked={from === value}
              onChange={() => setFrom(value)}
            />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
      {from === 'since' && (
        <Field label="Since" hint="In your time zone.">
          {(id, described) => (
            <input
              {...{ id, type: 'datetime-local', required: true, 'aria-describedby': described }}
              value={since}
              onInput={({ currentTarget }) => setSince(currentTarget.value)}
            />
          )}
        </Field>
      )}
      <p class="hint">Its receiver gets events twice; each has the id that it had before.</p>
    </Ask>
  )
}
