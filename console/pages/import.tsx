import { useRef } from 'preact/hooks'
import { answered, api, type Schemas, useAction, useCall } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { number, plural } from '../lib/format.ts'
import { firstLines } from '../lib/lines.ts'
import { appPath } from '../lib/query.ts'
import { save } from '../lib/save.ts'
import { useMay } from '../lib/who.ts'
import { useCancel } from '../parts/cancel.tsx'
import { NotFound, Skeleton } from '../parts/empty.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Badge, Card, Facts, Page } from '../parts/page.tsx'
import { Table } from '../parts/table.tsx'
import { Words } from '../parts/text.tsx'
import { UndoImport } from '../parts/undo.tsx'
import { lookedAt, useUpload } from '../parts/upload.tsx'
import { ImportState, UNDER_WAY } from './imports.tsx'

type Import = Schemas['Import']

/** The progress of an import, and its result. */
export function ImportPage({ app, id }: AppProps) {
  const params = { path: { app: app.id, import: id } }
  const { data, problem, reload } = useCall(
    `import ${id}`,
    () => api.GET('/apps/{app}/imports/{import}', { params }),
    2000,
  )
  const cancel = useCancel(() => api.DELETE('/apps/{app}/imports/{import}', { params }), reload)
  if (problem?.status === 404) return <NotFound />
  if (!data) return problem ? <ProblemNotice problem={problem} retry={reload} /> : <Skeleton />
  return (
    <Page
      title={`Import of ${data.format}`}
      back={{ href: appPath(app.id, 'imports'), name: 'Imports and exports' }}
      lead={<ImportState of={data} />}
      actions={
        (UNDER_WAY.includes(data.state) && cancel.button) ||
        (!data.dryRun && <UndoImport app={app.id} id={id} />)
      }
    >
      <ProblemNotice problem={cancel.problem} />
      {data.error && (
        <Notice kind="bad" title="The import stopped">
          {data.error.message}
        </Notice>
      )}
      {UNDER_WAY.includes(data.state) && <Progress of={data} />}
      <ForReal app={app.id} of={data} />
      <div class="tiles">
        {Object.entries(data.outcomes).map(([name, count]) => (
          <div key={name} class="tile">
            <span class="tile-name">{name}</span>
            <span class="tile-value">{number(count)}</span>
          </div>
        ))}
      </div>
      <Card title="Rows rejected, skipped or imported with warnings">
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

/** The progress, and the remaining time at the rate since the page was opened. */
function Progress({ of: { rows } }: { of: Import }) {
  const first = useRef({ at: Date.now(), done: rows.done })
  const seconds = (Date.now() - first.current.at) / 1000
  const rate = seconds > 0 ? (rows.done - first.current.done) / seconds : 0
  const left = rows.total !== null && rate > 0 ? (rows.total - rows.done) / rate : undefined
  const told = `${number(rows.done)}${rows.total === null ? '' : ` of ${number(rows.total)}`} rows`
  return (
    <Card title="Progress">
      <progress aria-label="Rows" value={rows.total === null ? undefined : rows.done} max={rows.total ?? 1}>
        {told}
      </progress>
      <p class="muted" aria-live="off">
        {told}
        {rate > 0 && `, ${number(Math.round(rate))} a second`}
        {left !== undefined && `, about ${number(Math.ceil(left))} seconds left`}
      </p>
    </Card>
  )
}

/** After a dry run: imports the same file. */
function ForReal({ app, of: { id, dryRun, state, outcomes } }: { app: string; of: Import }) {
  const { busy, problem, send } = useUpload(app)
  const may = useMay('operate')
  const chosen = lookedAt(id)
  if (!dryRun || state !== 'completed') return null
  const change = outcomes.created + outcomes.updated + outcomes.merged
  return (
    <Notice
      kind="info"
      title={`This was a dry run: nothing was changed. The import would change ${plural(change, 'row')}.`}
      action={
        chosen &&
        may && (
          <button type="button" class="button primary" disabled={busy} onClick={() => send(chosen, false)}>
            Import {chosen.file.name}
          </button>
        )
      }
    >
      {problem ? problem.detail : !chosen && 'Choose the file again to import it.'}
    </Notice>
  )
}

const KIND = { rejected: 'bad', skipped: 'warn' } as const

const FIRST = 50

/** The first rejected rows, and a download of all of them. */
function Rejected({ app, of: { id, outcomes } }: { app: string; of: Import }) {
  const ask = <As extends 'stream' | 'blob'>(parseAs: As) =>
    api.GET('/apps/{app}/imports/{import}/errors', { params: { path: { app, import: id } }, parseAs })
  const { data: lines = [] } = useCall(`errors ${id} ${outcomes.rejected} ${outcomes.skipped}`, async () => {
    const answer = await ask('stream')
    const text = answer.data ? await firstLines(answer.data as ReadableStream<Uint8Array>, FIRST) : []
    return { ...answer, data: text }
  })
  const { busy, problem, run } = useAction()
  if (lines.length === 0) return null
  const rows = lines.map((line) => JSON.parse(line) as Schemas['ImportError'])
  const download = () =>
    run(() => answered(ask('blob'))).then((file) => file && save(`not-taken-${id}.ndjson`, file as Blob))
  return (
    <Card
      flush
      title="Rows that were not imported"
      lead={rows.length === FIRST && `The first ${FIRST}; the download has all of them.`}
      actions={
        <button type="button" class="button small" disabled={busy} onClick={download}>
          Download the reasons
        </button>
      }
    >
      <ProblemNotice problem={problem} />
      <Table
        caption="Rows that were not imported"
        rows={rows}
        keyOf={({ row }) => String(row)}
        columns={[
          { name: 'Row', kind: 'number', of: ({ row }) => number(row) },
          {
            name: 'Outcome',
            of: ({ outcome }) => <Badge kind={KIND[outcome as keyof typeof KIND]}>{outcome}</Badge>,
          },
          { name: 'Device', of: ({ externalId }) => <Words most={40}>{externalId}</Words> },
          { name: 'Column', of: ({ field }) => <Words most={40}>{field}</Words> },
          { ...{ name: 'Reason', kind: 'wide' }, of: ({ message }) => <Words most={200}>{message}</Words> },
        ]}
      />
    </Card>
  )
}
