import { api, type Schemas, useCall } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { number, providerName } from '../lib/format.ts'
import { appPath } from '../lib/query.ts'
import { useCancel } from '../parts/cancel.tsx'
import { NotFound, Skeleton } from '../parts/empty.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Classes, Outcomes } from '../parts/outcomes.tsx'
import { Card, Facts, Page } from '../parts/page.tsx'
import { Table } from '../parts/table.tsx'
import { Code, Time, Words } from '../parts/text.tsx'
import { audienceOf, MessageState, sum } from './messages.tsx'

const UNDER_WAY = ['scheduled', 'planning', 'sending']

/** One message: its progress and its results. */
export function MessagePage({ app, id }: AppProps) {
  const params = { path: { app: app.id, message: id } }
  const { data, problem, reload } = useCall(
    `message ${id}`,
    () => api.GET('/apps/{app}/messages/{message}', { params }),
    2000,
  )
  const cancel = useCancel(() => api.DELETE('/apps/{app}/messages/{message}', { params }), reload)
  if (problem?.status === 404) return <NotFound />
  if (!data) return problem ? <ProblemNotice problem={problem} retry={reload} /> : <Skeleton />
  return (
    <Page
      title={data.externalId}
      named
      back={{ href: appPath(app.id, 'messages'), name: 'Messages' }}
      lead={
        <>
          To <Words most={120}>{audienceOf(data)}</Words> · <MessageState of={data.state} />
        </>
      }
      actions={UNDER_WAY.includes(data.state) && cancel.button}
    >
      <ProblemNotice problem={cancel.problem} />
      <div class="tiles">
        <Count name="Phones" of={sum(data.counts)} />
        <Count name="Accepted" of={data.counts.accepted ?? 0} />
        <Count name="Waiting" of={data.counts.waiting ?? 0} />
        <Count name="Received" of={data.delivered} />
        <Count name="Opened" of={data.opened} />
      </div>
      {UNDER_WAY.includes(data.state) && sum(data.counts) > 0 && (
        <progress
          aria-label="Finished phones"
          value={sum(data.counts) - (data.counts.waiting ?? 0)}
          max={sum(data.counts)}
        />
      )}
      <Outcomes of={data.breakdown} />
      <div class="two-sides">
        <Card title="Results" flush>
          {data.breakdown.length === 0 ? (
            <p class="quiet">No phone has an outcome yet.</p>
          ) : (
            <Classes of={data.breakdown} />
          )}
        </Card>
        <Card title="Message">
          <Facts
            of={[
              ['Created', <Time key="created" at={data.createdAt} />],
              ['Scheduled for', data.schedule.at && <Time at={data.schedule.at} />],
              ['Started', data.startedAt && <Time at={data.startedAt} />],
              ['Finished', data.finishedAt && <Time at={data.finishedAt} />],
              ['Priority', data.priority],
            ]}
          />
          {data.content && <Code text={JSON.stringify(data.content, null, 2)} what="content" />}
        </Card>
      </div>
      <Failures app={app.id} message={data} />
    </Page>
  )
}

const Count = ({ name, of }: { name: string; of: number }) => (
  <div class="tile">
    <span class="tile-name">{name}</span>
    <span class="tile-value">{number(of)}</span>
  </div>
)

function Failures({ app, message }: { app: string; message: Schemas['MessageReport'] }) {
  const { data } = useCall(`failures ${message.id} ${sum(message.counts)}`, () =>
    api.GET('/apps/{app}/messages/{message}/failures', {
      params: { path: { app, message: message.id }, query: { limit: 50 } },
    }),
  )
  if (!data || data.failures.length === 0) return null
  return (
    <Card flush title="Phones not reached">
      <Table
        caption="Phones not reached"
        rows={data.failures}
        keyOf={({ installationId, at }) => `${installationId} ${at}`}
        columns={[
          {
            name: 'Phone',
            of: ({ installationId }) => (
              <a href={appPath(app, 'phones', installationId)}>
                <Words most={24}>{installationId}</Words>
              </a>
            ),
          },
          { name: 'Push service', of: ({ provider }) => providerName(provider) },
          { name: 'Outcome', of: ({ outcome }) => outcome },
          { ...{ name: 'Reason', kind: 'wide' }, of: ({ reason }) => <Words most={200}>{reason}</Words> },
          { name: 'When', of: ({ at }) => <Time at={at} /> },
        ]}
      />
    </Card>
  )
}
