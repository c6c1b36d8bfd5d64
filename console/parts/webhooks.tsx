import { useState } from 'preact/hooks'
import { answered, api, type Schemas, useAction, useCall } from '../lib/api.ts'
import { dialectName, number } from '../lib/format.ts'
import { appPath } from '../lib/query.ts'
import { useMay } from '../lib/who.ts'
import { Ask, TextField } from './form.tsx'
import { Notice, ProblemNotice } from './notice.tsx'
import { Badge, Card } from './page.tsx'
import { Table } from './table.tsx'
import { Id, Time, Words } from './text.tsx'

type Hook = Schemas['FeedWebhook']

/** A webhook's delivery state, in a word. */
export const HookState = ({ of: { stopped, restingUntil } }: { of: Hook }) =>
  stopped ? (
    <Badge kind={stopped === 'operator' ? 'plain' : 'bad'}>
      {stopped === 'operator' ? 'paused' : stopped}
    </Badge>
  ) : restingUntil ? (
    <Badge kind="warn">rests</Badge>
  ) : (
    <Badge kind="good">on</Badge>
  )

/** An app's webhooks: set by operators, or by calls of vendors' APIs. */
export function Webhooks({ app }: { app: string }) {
  const params = { path: { app } }
  const { data, problem, reload } = useCall(
    `webhooks ${app}`,
    () => api.GET('/apps/{app}/webhooks', { params }),
    10_000,
  )
  const [adding, setAdding] = useState(false)
  const [made, setMade] = useState<string>()
  const may = useMay('admin')
  return (
    <>
      <Card
        flush
        title="Webhooks"
        lead="Send your servers the events of devices, in order, signed, and with retries."
        actions={
          may && (
            <button type="button" class="button small" onClick={() => setAdding(true)}>
              Add one
            </button>
          )
        }
      >
        <ProblemNotice problem={problem} />
        {made && (
          <Notice kind="good" title="The signing secret, shown only once">
            <Id of={made} most={80} />
          </Notice>
        )}
        {data?.feed.length === 0 && <p class="quiet">No webhooks yet.</p>}
        {data && data.feed.length > 0 && (
          <Table<Hook>
            caption="Webhooks"
            rows={data.feed}
            keyOf={({ id }) => id}
            columns={[
              {
                ...{ name: 'Webhook', kind: 'wide' },
                of: ({ id, name, url }) => (
                  <>
                    <a class="strong" href={appPath(app, 'webhooks', id)}>
                      <Words most={60}>{name}</Words>
                    </a>{' '}
                    <span class="muted">
                      <Words most={120}>{url}</Words>
                    </span>
                  </>
                ),
              },
              { name: 'State', of: (one) => <HookState of={one} /> },
              { name: 'Taken', kind: 'number', of: ({ delivered }) => number(delivered) },
              { name: 'Waiting', kind: 'number', of: ({ waiting }) => number(waiting) },
              { name: 'Dead', kind: 'number', of: ({ dead }) => number(dead) },
            ]}
          />
        )}
      </Card>
      {data && data.webhooks.length > 0 && <OfVendors of={data.webhooks} />}
      {adding && (
        <Add
          app={app}
          close={(secret) => {
            setAdding(false)
            setMade(secret)
            reload()
          }}
        />
      )}
    </>
  )
}

const OfVendors = ({ of }: { of: readonly Schemas['Webhook'][] }) => (
  <Card flush title="Webhooks created by back ends">
    <Table
      caption="Webhooks of dialects"
      rows={of}
      keyOf={({ id }) => id}
      columns={[
        { ...{ name: 'Webhook', kind: 'wide' }, of: ({ name, url }) => <Words>{`${name} · ${url}`}</Words> },
        { name: 'Dialect', of: ({ dialect }) => dialectName(dialect) },
        { name: 'Waiting', kind: 'number', of: ({ waiting }) => waiting },
        { name: 'Failures', kind: 'number', of: ({ failures }) => failures },
        { name: 'Paused until', of: ({ restingUntil }) => (restingUntil ? <Time at={restingUntil} /> : '') },
      ]}
    />
  </Card>
)

function Add({ app, close }: { app: string; close: (secret?: string) => void }) {
  const [name, setName] = useState('')
  const [url, setUrl] = useState('')
  const { busy, problem, run } = useAction()
  const act = () =>
    run(() =>
      answered(
        api.POST('/apps/{app}/webhooks', {
          params: { path: { app } },
          body: { name: name.trim(), url: url.trim() },
        }),
      ),
    ).then((made) => made && close(made.secret ?? undefined))
  return (
    <Ask title="Add a webhook" confirm="Add" {...{ busy, problem, act }} close={() => close()}>
      <TextField label="Name" value={name} set={setName} required />
      <TextField
        {...{ label: 'Address', value: url, set: setUrl, required: true }}
        hint="It receives all events from now on; docs/events.md has a receiver that checks the signature."
      />
    </Ask>
  )
}
