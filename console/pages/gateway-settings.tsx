import { useState } from 'preact/hooks'
import { answered, api, type Schemas, useAction, useCall } from '../lib/api.ts'
import { browserName } from '../lib/format.ts'
import { useQuery } from '../lib/query.ts'
import { useMay } from '../lib/who.ts'
import { Pager, SelectField, TextField } from '../parts/form.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Badge, Card, Page } from '../parts/page.tsx'
import { Table } from '../parts/table.tsx'
import { Id, Time, Words } from '../parts/text.tsx'

type Role = Schemas['Whoami']['role']
const ROLES: readonly (readonly [Role, string])[] = [
  ['read', 'read: may see everything except secrets'],
  ['operate', 'operate: may also send messages and change devices and users'],
  ['admin', 'admin: may do everything'],
]

/** Operators, their tokens, and their actions. */
export const GatewaySettings = () => (
  <Page
    title="Access and audit"
    lead="Who has access to this gateway, who is signed in, and every change they made."
  >
    {useMay('admin') && (
      <div class="two-sides">
        <Tokens />
        <Sessions />
      </div>
    )}
    <Audit />
  </Page>
)

function Tokens() {
  const { data, problem, reload } = useCall('tokens', () => api.GET('/tokens'))
  const [name, setName] = useState('')
  const [role, setRole] = useState<string>('read')
  const [made, setMade] = useState<Schemas['OperatorKey']>()
  const { busy, problem: refused, run } = useAction()
  const make = () =>
    run(() => answered(api.POST('/tokens', { body: { name, role: role as Role } }))).then((token) => {
      if (!token) return
      setMade(token)
      setName('')
      reload()
    })
  const revoke = (token: string) =>
    run(() => answered(api.DELETE('/tokens/{token}', { params: { path: { token } } }))).then(reload)
  return (
    <Card
      title="Admin tokens"
      lead="One for each colleague or script, so that the audit log shows who made a change."
    >
      <ProblemNotice problem={problem ?? refused} />
      {made?.secret && (
        <Notice kind="good" title="The token, shown only once">
          <Id of={made.secret} most={60} />
        </Notice>
      )}
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault()
          make()
        }}
      >
        <TextField label="Name" value={name} set={setName} required />
        <SelectField label="Role" value={role} set={setRole} of={ROLES} />
        <div class="form-actions">
          <button type="submit" class="button primary" disabled={busy}>
            Create a token
          </button>
        </div>
      </form>
      {data && data.tokens.length > 0 && (
        <Table
          caption="Admin tokens"
          rows={data.tokens}
          keyOf={({ id }) => id}
          columns={[
            { ...{ name: 'Name', kind: 'wide' }, of: ({ name: of }) => <Words most={60}>{of}</Words> },
            { name: 'Role', of: ({ role: of }) => <Badge>{of}</Badge> },
            { name: 'Last used', of: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
            {
              ...{ name: 'Revoke', kind: 'action' },
              of: ({ id }) => <Revoke act={() => revoke(id)} busy={busy} />,
            },
          ]}
        />
      )}
    </Card>
  )
}

const Revoke = ({ act, busy }: { act: () => void; busy: boolean }) => (
  <button type="button" class="button small danger" disabled={busy} onClick={act}>
    Revoke
  </button>
)

function Sessions() {
  const { data, problem, reload } = useCall('sessions', () => api.GET('/sessions'))
  const { busy, problem: refused, run } = useAction()
  const end = (session: string) =>
    run(() => answered(api.DELETE('/sessions/{session}', { params: { path: { session } } }))).then(reload)
  return (
    <Card title="Sessions" lead="Browsers that are signed in; each session ends after 12 hours.">
      <ProblemNotice problem={problem ?? refused} />
      <Table
        caption="Sessions"
        rows={data?.sessions ?? []}
        keyOf={({ id }) => id}
        columns={[
          {
            ...{ name: 'Who', kind: 'wide' },
            of: ({ name, role, about, own }) => (
              <>
                <Words most={40}>{name}</Words> <Badge>{own ? 'this browser' : role}</Badge>
                <br />
                <span class="muted">
                  <Words most={70}>{browserName(about)}</Words>
                </span>
              </>
            ),
          },
          { name: 'Since', of: ({ createdAt }) => <Time at={createdAt} /> },
          {
            ...{ name: 'End', kind: 'action' },
            of: ({ id, own }) => !own && <Revoke act={() => end(id)} busy={busy} />,
          },
        ]}
      />
    </Card>
  )
}

function Audit() {
  const { query, set } = useQuery()
  const { data, problem, reload } = useCall(`audit ${query.cursor}`, () =>
    api.GET('/audit', { params: { query: { limit: 50, ...(query.cursor && { cursor: query.cursor }) } } }),
  )
  return (
    <>
      <Card flush title="Audit" lead="Every change by an operator, the newest first.">
        <ProblemNotice problem={problem} retry={reload} />
        <Table
          caption="Audit"
          rows={data?.entries ?? []}
          keyOf={({ id }) => id}
          columns={[
            { name: 'When', of: ({ at }) => <Time at={at} /> },
            { name: 'Who', of: ({ actor }) => <Words most={40}>{actor}</Words> },
            { name: 'Did', of: ({ action }) => action },
            { name: 'App', of: ({ app }) => <Words most={20}>{app}</Words> },
            { ...{ name: 'What', kind: 'wide' }, of: ({ target }) => <Words most={60}>{target}</Words> },
          ]}
        />
      </Card>
      {data && (
        <Pager cursor={query.cursor} next={data.nextCursor} go={(cursor) => set({ cursor: cursor ?? '' })} />
      )}
    </>
  )
}
