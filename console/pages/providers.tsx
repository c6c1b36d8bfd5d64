import { useState } from 'preact/hooks'
import { answered, api, type Schemas, useAction, useCall } from '../lib/api.ts'
import { providerName } from '../lib/format.ts'
import { useMay } from '../lib/who.ts'
import { Ask, SelectField, TextField } from '../parts/form.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Badge, Card } from '../parts/page.tsx'
import { Table } from '../parts/table.tsx'
import { Time, Words } from '../parts/text.tsx'

type Provider = Schemas['Provider']
const KINDS = ['fcm', 'apns', 'webpush', 'wns', 'hms', 'adm'] as const
const EXAMPLES: Readonly<Record<string, string>> = {
  fcm: '{"serviceAccount": the file from Firebase, unchanged}',
  apns: '{"keyId": "…", "teamId": "…", "bundleId": "…", "privateKey": "-----BEGIN PRIVATE KEY-----…", "environment": "production"}',
  webpush: '{"subject": "mailto:ops@example.com"}',
}

/** An app's push services: its credentials, and whether the services accept them. */
export function Providers({ app }: { app: string }) {
  const { data, problem, reload } = useCall(`providers ${app}`, () =>
    api.GET('/apps/{app}/providers', { params: { path: { app } } }),
  )
  const [adding, setAdding] = useState(false)
  const { busy, problem: refused, run } = useAction()
  const may = useMay('admin')
  const probe = (kind: string) =>
    run(() =>
      answered(
        api.POST('/apps/{app}/providers/{kind}/probe', { params: { path: { app, kind: kind as never } } }),
      ),
    ).then(reload)
  return (
    <Card
      flush
      title="Push services"
      lead="The credentials for sending. A probe checks one with the service; nothing is sent."
      actions={
        may && (
          <button type="button" class="button small" onClick={() => setAdding(true)}>
            Set a credential
          </button>
        )
      }
    >
      <ProblemNotice problem={problem ?? refused} />
      {data?.providers.length === 0 && (
        <p class="quiet">None yet: registrations are stored, but nothing can be sent.</p>
      )}
      {data && data.providers.length > 0 && (
        <Table<Provider>
          caption="Push services"
          rows={data.providers}
          keyOf={({ kind, dialect }) => `${kind} ${dialect}`}
          columns={[
            { name: 'Service', of: ({ kind }) => providerName(kind) },
            {
              name: 'State',
              of: ({ state }) => <Badge kind={state === 'ok' ? 'good' : 'bad'}>{state}</Badge>,
            },
            { ...{ name: 'Reason', kind: 'wide' }, of: ({ reason }) => <Words most={200}>{reason}</Words> },
            { name: 'Changed', of: ({ updatedAt }) => <Time at={updatedAt} /> },
            {
              ...{ name: 'Probe', kind: 'action' },
              of: ({ kind }) =>
                may && (
                  <button type="button" class="button small" disabled={busy} onClick={() => probe(kind)}>
                    Probe
                  </button>
                ),
            },
          ]}
        />
      )}
      {adding && (
        <Add
          app={app}
          close={() => {
            setAdding(false)
            reload()
          }}
        />
      )}
    </Card>
  )
}

function Add({ app, close }: { app: string; close: () => void }) {
  const [kind, setKind] = useState<string>('fcm')
  const [text, setText] = useState('')
  const { busy, problem, run } = useAction()
  const act = () =>
    run(() => {
      const body = { kind, ...JSON.parse(text) }
      return answered(
        api.PUT('/apps/{app}/providers/{kind}', { params: { path: { app, kind: kind as never } }, body }),
      )
    }).then((done) => done && close())
  return (
    <Ask title="Set a credential" confirm="Set" {...{ busy, problem, close, act }}>
      <SelectField
        label="Push service"
        value={kind}
        set={setKind}
        of={KINDS.map((one) => [one, providerName(one)])}
      />
      <TextField
        {...{ label: 'Credential, as JSON', rows: 7, mono: true, required: true, value: text, set: setText }}
        hint={`${EXAMPLES[kind] ?? ''} It is stored encrypted and never shown again; docs/push-services.md has each member.`}
      />
    </Ask>
  )
}
