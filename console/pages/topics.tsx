import { api, useCall } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { number } from '../lib/format.ts'
import { appPath, useQuery, withQuery } from '../lib/query.ts'
import { Empty, Skeleton } from '../parts/empty.tsx'
import { Pager } from '../parts/form.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Card, Page } from '../parts/page.tsx'
import { Table } from '../parts/table.tsx'
import { Words } from '../parts/text.tsx'

/** Topics of all dialects, with their current numbers of devices. */
export function Topics({ app }: AppProps) {
  const { query, set } = useQuery()
  const asked = { limit: 50, ...(query.cursor && { cursor: query.cursor }) }
  const { data, problem, reload } = useCall(`topics ${app.id} ${query.cursor}`, () =>
    api.GET('/apps/{app}/topics', { params: { path: { app: app.id }, query: asked } }),
  )
  return (
    <Page
      title="Topics"
      lead="Interests of Beams, tags of MobileFirst, channels of Backendless: what devices subscribe to."
    >
      <ProblemNotice problem={problem} retry={reload} />
      {!data && !problem && <Skeleton />}
      {data?.topics.length === 0 && (
        <Empty icon="topics" title="No topic yet">
          A topic appears here once a device subscribes to it.
        </Empty>
      )}
      {data && data.topics.length > 0 && (
        <Card flush>
          <Table
            caption="Topics"
            rows={data.topics}
            keyOf={({ topic }) => topic}
            columns={[
              {
                ...{ name: 'Topic', kind: 'wide' },
                of: ({ topic }) => (
                  <a class="strong" href={withQuery(appPath(app.id, 'devices'), { topic })}>
                    <Words>{topic}</Words>
                  </a>
                ),
              },
              { name: 'Devices', kind: 'number', of: ({ subscribers }) => number(subscribers) },
              {
                ...{ name: 'Send', kind: 'action' },
                of: ({ topic }) => (
                  <a
                    class="button small"
                    href={withQuery(appPath(app.id, 'messages', 'new'), { to: 'topics', value: topic })}
                  >
                    Send to it<span class="hidden-text">: {topic.slice(0, 80)}</span>
                  </a>
                ),
              },
            ]}
          />
        </Card>
      )}
      {data && (
        <Pager cursor={query.cursor} next={data.nextCursor} go={(cursor) => set({ cursor: cursor ?? '' })} />
      )}
    </Page>
  )
}
