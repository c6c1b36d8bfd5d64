import { useRef, useState } from 'preact/hooks'
import { answered, api, type Schemas, useAction, useCall } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { dialectName, KNOWN_DIALECTS, number } from '../lib/format.ts'
import { appPath } from '../lib/query.ts'
import { useMay } from '../lib/who.ts'
import { Empty, NotFound, Skeleton } from '../parts/empty.tsx'
import { Export } from '../parts/export.tsx'
import { Field, SelectField } from '../parts/form.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Badge, Card, Facts, Page } from '../parts/page.tsx'
import { Table } from '../parts/table.tsx'
import { Time, Words } from '../parts/text.tsx'

type Import = Schemas['Import']
const FORMATS = [
  ['', 'Find out'],
  ...(['ndjson', 'csv', 'mobilefirst-json', 'flameup-json', 'pushwoosh-csv', 'backendless-csv'] as const).map(
    (one) => [one, one] as const,
  ),
  ...(['onesignal-csv', 'parse-json', 'sns-csv', 'ups-json', 'airship-json', 'azure-xml'] as const).map(
    (one) => [one, one] as const,
  ),
] as const

const State = ({ of: { state, dryRun } }: { of: Import }) => (
  <span class="badges">
    <Badge kind={state === 'completed' ? 'good' : state === 'failed' ? 'bad' : 'accent'}>{state}</Badge>
    {dryRun && <Badge>dry run</Badge>}
  </span>
)

/** Files of devices that vendors export. */
export function Imports({ app }: AppProps) {
  const params = { path: { app: app.id } }
  const { data, problem, reload } = useCall(
    `imports ${app.id}`,
    () => api.GET('/apps/{app}/imports', { params: { ...params, query: { limit: 50 } } }),
    3000,
  )
  return (
    <Page
      title="Imports and exports"
      lead="Devices from a vendor’s export. Phones that already call here by themselves lose nothing."
    >
      <Upload app={app} done={reload} />
      <ProblemNotice problem={problem} retry={reload} />
      {!data && !problem && <Skeleton />}
      {data && data.imports.length > 0 && (
        <Card flush>
          <Table
            caption="Imports"
            rows={data.imports}
            keyOf={({ id }) => id}
            columns={[
              {
                name: 'Import',
                of: ({ id, format }) => (
                  <a class="strong" href={appPath(app.id, 'imports', id)}>
                    {format || id}
                  </a>
                ),
              },
              { name: 'State', of: (one) => <State of={one} /> },
              { name: 'Rows', kind: 'number', of: ({ rows }) => number(rows.done) },
              { name: 'Rejected', kind: 'number', of: ({ outcomes }) => number(outcomes.rejected) },
              { name: 'Created', of: ({ createdAt }) => <Time at={createdAt} /> },
            ]}
          />
        </Card>
      )}
      {data?.imports.length === 0 && (
        <Empty icon="imports" title="No file yet">
          Ask your vendor for an export of the devices, drop it above, and look at the dry run first.
        </Empty>
      )}
      <Export app={app} />
    </Page>
  )
}

function Upload({ app, done }: { app: AppProps['app']; done: () => void }) {
  const [format, setFormat] = useState('')
  const [dialect, setDialect] = useState(Object.keys(app.dialects)[0] ?? '')
  const [file, setFile] = useState<File>()
  const { busy, problem, run } = useAction()
  const may = useMay('operate')
  const input = useRef<HTMLInputElement>(null)
  const send = (dryRun: boolean) =>
    file &&
    run(() =>
      answered(
        api.POST('/apps/{app}/imports', {
          params: {
            path: { app: app.id },
            query: {
              dryRun,
              ...(format && { format: format as never }),
              ...(dialect && { dialect: dialect as never }),
            },
          },
          body: file as never,
          bodySerializer: (body: unknown) => body as File,
          headers: { 'Content-Type': 'application/octet-stream' },
        }),
      ),
    ).then((answer) => answer && done())
  if (!may) return <Notice kind="info" title="Importing needs the role operate" />
  return (
    <Card title="Drop a file">
      <ProblemNotice problem={problem} />
      <div class="grid three">
        <Field label="File" hint="CSV, JSON or XML, gzipped or not; drag it onto the field.">
          {(id, described) => (
            <input
              ref={input}
              {...{ id, type: 'file', 'aria-describedby': described }}
              onChange={({ currentTarget }) => setFile(currentTarget.files?.[0])}
            />
          )}
        </Field>
        <SelectField label="Format" value={format} set={setFormat} of={FORMATS} />
        <SelectField
          label="Dialect"
          value={dialect}
          set={setDialect}
          of={KNOWN_DIALECTS.filter((one) => one in app.dialects).map((one) => [one, dialectName(one)])}
        />
      </div>
      <div class="form-actions">
        <button type="button" class="button primary" disabled={!file || busy} onClick={() => send(true)}>
          Dry run
        </button>
        <button type="button" class="button" disabled={!file || busy} onClick={() => send(false)}>
          Import
        </button>
        <p class="hint">A dry run changes nothing and names every row that would be rejected.</p>
      </div>
    </Card>
  )
}

export function ImportPage({ app, id }: AppProps) {
  const params = { path: { app: app.id, import: id } }
  const { data, problem, reload } = useCall(
    `import ${id}`,
    () => api.GET('/apps/{app}/imports/{import}', { params }),
    2000,
  )
  if (problem?.status === 404) return <NotFound />
  if (!data) return problem ? <ProblemNotice problem={problem} retry={reload} /> : <Skeleton />
  return (
    <Page
      title={data.format}
      back={{ href: appPath(app.id, 'imports'), name: 'Imports and exports' }}
      lead={<State of={data} />}
    >
      {data.error && (
        <Notice kind="bad" title="The import stopped">
          {data.error.message}
        </Notice>
      )}
      <div class="tiles">
        {Object.entries(data.outcomes).map(([name, count]) => (
          <div key={name} class="tile">
            <span class="tile-name">{name}</span>
            <span class="tile-value">{number(count)}</span>
          </div>
        ))}
      </div>
      <Card title="Why rows were rejected or warned of">
        {Object.keys({ ...data.reasons, ...data.warnings }).length === 0 ? (
          <p class="muted">Every row was fine.</p>
        ) : (
          <Facts
            of={[...Object.entries(data.reasons), ...Object.entries(data.warnings)].map(
              ([reason, count]) => [reason.replaceAll('_', ' '), number(count)] as const,
            )}
          />
        )}
      </Card>
      <Rejected app={app.id} of={data} />
    </Page>
  )
}

/** The first rows that were rejected. */
function Rejected({ app, of: { id, outcomes } }: { app: string; of: Import }) {
  const { data } = useCall(`errors ${id} ${outcomes.rejected}`, () =>
    api.GET('/apps/{app}/imports/{import}/errors', {
      params: { path: { app, import: id } },
      parseAs: 'text',
    }),
  )
  const lines = typeof data === 'string' ? (data as string).split('\n').filter(Boolean) : []
  if (lines.length === 0) return null
  const rows = lines.slice(0, 50).map((line) => JSON.parse(line) as Schemas['ImportError'])
  return (
    <Card flush title="Rejected rows">
      <Table
        caption="Rejected rows"
        rows={rows}
        keyOf={({ row }) => String(row)}
        columns={[
          { name: 'Row', kind: 'number', of: ({ row }) => number(row) },
          { name: 'Device', of: ({ externalId }) => <Words most={40}>{externalId}</Words> },
          { ...{ name: 'Reason', kind: 'wide' }, of: ({ message }) => <Words most={200}>{message}</Words> },
        ]}
      />
    </Card>
  )
}
