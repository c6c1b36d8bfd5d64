import { api, useCall } from '../lib/api.ts'
import { dialectName, number, size } from '../lib/format.ts'
import { appPath } from '../lib/query.ts'
import { useMay } from '../lib/who.ts'
import { ActivityPlots } from '../parts/activity.tsx'
import { Empty, Skeleton } from '../parts/empty.tsx'
import { Icon } from '../parts/icon.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { Badge, Card, Page } from '../parts/page.tsx'
import { Table } from '../parts/table.tsx'
import { Time, Words } from '../parts/text.tsx'

export function GatewayOverview() {
  const apps = useCall('apps', () => api.GET('/apps', { params: { query: { limit: 100 } } }), 30_000)
  const status = useCall('status', () => api.GET('/status'), 30_000)
  const mayMake = useMay('admin')
  const make = mayMake && (
    <a class="button primary" href="/console/apps/new">
      <Icon name="plus" />
      New app
    </a>
  )
  const list = apps.data?.apps
  return (
    <Page
      title="All apps"
      lead="The apps of this gateway and their activity."
      actions={list?.length ? make : undefined}
    >
      <ProblemNotice problem={apps.problem ?? status.problem} retry={apps.reload} />
      {status.data?.database.warnings.map((warning) => (
        <Notice key={warning} kind="warn" title="The database needs attention">
          {warning}
        </Notice>
      ))}
      {status.data && (
        <p class="strip">
          Version {status.data.version}
          {status.data.database.bytes !== null && <> · database {size(status.data.database.bytes)}</>} ·
          called as <code>{status.data.origin}</code>
        </p>
      )}
      {!list ? (
        <Skeleton />
      ) : list.length === 0 ? (
        <Empty icon="connect" title="Create your first app" action={make}>
          An app holds the ids and keys that your shipped builds already contain. Create it, copy two lines
          into a build, and see the first device appear here.
        </Empty>
      ) : (
        <>
          <Card flush>
            <Table
              caption="Apps"
              rows={list}
              keyOf={({ id }) => id}
              columns={[
                {
                  ...{ name: 'App', kind: 'wide' },
                  of: ({ id, name }) => (
                    <a class="strong" href={appPath(id)}>
                      <Words>{name}</Words>
                    </a>
                  ),
                },
                {
                  name: 'Dialects',
                  of: ({ dialects }) => (
                    <span class="badges">
                      {Object.keys(dialects).map((dialect) => (
                        <Badge key={dialect}>{dialectName(dialect)}</Badge>
                      ))}
                    </span>
                  ),
                },
                { name: 'Active devices', kind: 'number', of: ({ id }) => <ActiveDevices app={id} /> },
                { name: 'Created', of: ({ createdAt }) => <Time at={createdAt} /> },
              ]}
            />
          </Card>
          <ActivityPlots />
        </>
      )}
    </Page>
  )
}

function ActiveDevices({ app }: { app: string }) {
  const { data } = useCall(`stats ${app}`, () => api.GET('/apps/{app}/stats', { params: { path: { app } } }))
  return <>{data ? number(data.devices.active) : '…'}</>
}
