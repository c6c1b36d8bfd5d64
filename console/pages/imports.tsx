import { api, type Schemas, useCall } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { number } from '../lib/format.ts'
import { appPath } from '../lib/query.ts'
import { Empty, Skeleton } from '../parts/empty.tsx'
import { Export } from '../parts/export.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Badge, Card, Page } from '../parts/page.tsx'
import { Table } from '../parts/table.tsx'
import { Time } from '../parts/text.tsx'
import { Upload } from '../parts/upload.tsx'

type Import = Schemas['Import']

/** The states of an import that has not ended. */
export const UNDER_WAY: readonly Import['state'][] = ['queued', 'running']

export const ImportState = ({ of: { state, dryRun } }: { of: Import }) => (
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
      lead="Devices from a vendor’s export. It never overwrites newer data from phones that already call the gateway."
    >
      <Upload app={app} />
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
              { name: 'State', of: (one) => <ImportState of={one} /> },
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
