import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { answered, api, type Schemas, useAction, useCall } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { dialectName, plural } from '../lib/format.ts'
import { appPath } from '../lib/query.ts'
import { useMay } from '../lib/who.ts'
import { Ask, TextField } from '../parts/form.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Card, Facts, Page } from '../parts/page.tsx'
import { Table } from '../parts/table.tsx'
import { Id, Time, Words } from '../parts/text.tsx'
import { Webhooks } from '../parts/webhooks.tsx'
import { Would } from './device.tsx'
import { texts } from './made.tsx'
import { Providers } from './providers.tsx'

/** An app's settings: its ids, keys, push services and webhooks. */
export function AppSettings({ app, changed }: AppProps) {
  const [deleting, setDeleting] = useState(false)
  const may = useMay('admin')
  return (
    <Page
      title="App settings"
      actions={
        may && (
          <button type="button" class="button danger" onClick={() => setDeleting(true)}>
            Delete the app
          </button>
        )
      }
    >
      <Name key={app.name} app={app} changed={changed} />
      <Providers app={app.id} />
      <Credentials app={app.id} />
      <Webhooks app={app.id} />
      <div class="grid">
        {Object.entries(app.dialects).map(([dialect, setup]) => (
          <Card key={dialect} title={dialectName(dialect)}>
            <Facts of={texts(setup).map(([name, value]) => [name, <Words key={name}>{value}</Words>])} />
          </Card>
        ))}
        <Card title="This app">
          <Facts
            of={[
              ['Id', <Id key="id" of={app.id} />],
              ['Web Push key', <Id key="vapid" of={app.vapid.publicKey} most={40} />],
              ['Created', <Time key="at" at={app.createdAt} />],
            ]}
          />
        </Card>
      </div>
      {deleting && <Delete app={app} close={() => setDeleting(false)} />}
    </Page>
  )
}

function Name({ app, changed }: Pick<AppProps, 'app' | 'changed'>) {
  const [name, setName] = useState(app.name)
  const { busy, problem, run } = useAction()
  const may = useMay('admin')
  const save = () =>
    run(() => answered(api.PATCH('/apps/{app}', { params: { path: { app: app.id } }, body: { name } }))).then(
      (done) => done && changed(),
    )
  return (
    <Card>
      <ProblemNotice problem={problem} />
      <form
        class="toolbar"
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <TextField label="Name" value={name} set={setName} required />
        <button type="submit" class="button" disabled={busy || !may || name === app.name}>
          Rename
        </button>
      </form>
    </Card>
  )
}

type Credential = Schemas['Credential']

function Credentials({ app }: { app: string }) {
  const params = { path: { app } }
  const { data, problem, reload } = useCall(`credentials ${app}`, () =>
    api.GET('/apps/{app}/credentials', { params }),
  )
  const [made, setMade] = useState<Credential>()
  const [revoking, setRevoking] = useState<Credential>()
  const { busy, problem: refused, run } = useAction()
  const may = useMay('admin')
  const rotate = ({ dialect, kind, scopes }: Credential) =>
    run(() =>
      answered(
        api.POST('/apps/{app}/credentials', {
          params,
          body: { dialect, kind, ...(scopes.length > 0 && { scopes }) },
        }),
      ),
    ).then((one) => {
      if (one) setMade(one)
      reload()
    })
  const revoke = () =>
    revoking &&
    run(() =>
      answered(
        api.DELETE('/apps/{app}/credentials/{credential}', {
          params: { path: { app, credential: revoking.id } },
        }),
      ).then(() => true),
    ).then((done) => {
      if (!done) return
      setRevoking(undefined)
      reload()
    })
  return (
    <Card
      flush
      title="Credentials"
      lead="Add a new key, change your back end, then revoke the old one: both work until then."
    >
      <ProblemNotice problem={problem ?? (revoking ? undefined : refused)} />
      {made?.secret && (
        <Notice kind="good" title="The new key, shown only once">
          <Id of={made.secret} most={80} />
        </Notice>
      )}
      <Table
        caption="Credentials"
        rows={data?.credentials ?? []}
        keyOf={({ id }) => id}
        columns={[
          { name: 'Dialect', of: ({ dialect }) => dialectName(dialect) },
          { name: 'Kind', of: ({ kind, name }) => <Words>{name ? `${kind}: ${name}` : kind}</Words> },
          {
            name: 'Ends in',
            of: ({ hint }) => (hint ? <code>…{hint}</code> : <span class="muted">none</span>),
          },
          { name: 'Last used', of: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
          {
            ...{ name: 'Actions', kind: 'action' },
            of: (one) =>
              may && (
                <>
                  <button type="button" class="button small" disabled={busy} onClick={() => rotate(one)}>
                    Add a new one
                  </button>{' '}
                  <button type="button" class="button small danger" onClick={() => setRevoking(one)}>
                    Revoke
                  </button>
                </>
              ),
          },
        ]}
      />
      {revoking && (
        <Ask
          {...{ title: 'Revoke this key?', confirm: 'Revoke', danger: true, busy, problem: refused }}
          close={() => setRevoking(undefined)}
          act={revoke}
        >
          <p>
            Calls that still use this {revoking.kind} of {dialectName(revoking.dialect)} will be refused.
          </p>
        </Ask>
      )}
    </Card>
  )
}

function Delete({ app, close }: { app: AppProps['app']; close: () => void }) {
  const params = { path: { app: app.id } }
  const [name, setName] = useState('')
  const { busy, problem, run } = useAction()
  const { route } = useLocation()
  const look = useCall(`would ${app.id}`, () =>
    api.DELETE('/apps/{app}', { params: { ...params, query: { dryRun: true } } }),
  )
  const act = () =>
    name === app.name &&
    run(() => answered(api.DELETE('/apps/{app}', { params })).then(() => true)).then(
      (done) => done && route('/console/'),
    )
  return (
    <Ask title="Delete this app?" confirm="Delete everything" danger {...{ busy, problem, close, act }}>
      <p>
        This deletes {plural(look.data?.would.devices ?? 0, 'device')} with the app, and every phone will be
        refused. See also <a href={appPath(app.id, 'devices')}>its devices</a>.
      </p>
      {look.data && <Would of={look.data.would} />}
      <TextField label="Type the app’s name" value={name} set={setName} required />
    </Ask>
  )
}
