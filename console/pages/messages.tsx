import { api, type Schemas, useCall } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { dialectName, number } from '../lib/format.ts'
import { appPath, useQuery } from '../lib/query.ts'
import { useMay } from '../lib/who.ts'
import { Empty, Skeleton } from '../parts/empty.tsx'
import { Filter, Pager } from '../parts/form.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Badge, Card, Page } from '../parts/page.tsx'
import { Table } from '../parts/table.tsx'
import { Time, Words } from '../parts/text.tsx'

type Message = Schemas['Message']
const STATES = ['scheduled', 'planning', 'sending', 'done', 'cancelled', 'expired'] as const
const KIND = {
  ...({ scheduled: 'accent', planning: 'accent', sending: 'accent', done: 'good' } as const),
  ...({ cancelled: 'plain', expired: 'warn' } as const),
} as const

export const MessageState = ({ of }: { of: Message['state'] }) => <Badge kind={KIND[of]}>{of}</Badge>

/** A description of the audience. */
export function audienceOf({ audience }: Pick<Message, 'audience'>): string {
  if ('all' in audience) return 'all devices'
  const [[kind, values] = []] = Object.entries(audience).filter(([, value]) => Array.isArray(value))
  return kind && Array.isArray(values)
    ? `${kind}: ${values.slice(0, 3).join(', ')}`
    : Object.keys(audience).join(', ')
}

export const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, one) => all + one, 0)

/** Messages sent from the console, with the API or with a vendor's send call. */
export function Messages({ app }: AppProps) {
  const { query, set } = useQuery()
  const may = useMay('operate')
  const asked = {
    limit: 50,
    ...(query.state && { state: query.state as Message['state'] }),
    ...(query.cursor && { cursor: query.cursor }),
  }
  const { data, problem, reload } = useCall(
    `messages ${app.id} ${JSON.stringify(asked)}`,
    () => api.GET('/apps/{app}/messages', { params: { path: { app: app.id }, query: asked } }),
    5000,
  )
  const compose = may && (
    <a class="button primary" href={appPath(app.id, 'messages', 'new')}>
      Write a message
    </a>
  )
  return (
    <Page
      title="Messages"
      lead="Sent from the console, the admin API, or a vendor’s send API."
      actions={compose}
    >
      <div class="toolbar">
        <Filter
          label="State"
          value={query.state ?? ''}
          set={(state) => set({ state })}
          of={STATES.map((one) => [one, one])}
        />
      </div>
      <ProblemNotice problem={problem} retry={reload} />
      {!data && !problem && <Skeleton />}
      {data?.messages.length === 0 && (
        <Empty icon="messages" title="No message yet" action={compose}>
          Write one, and see who would get it before you send it.
        </Empty>
      )}
      {data && data.messages.length > 0 && (
        <Card flush>
          <Table
            caption="Messages"
            rows={data.messages}
            keyOf={({ id }) => id}
            columns={[
              {
                ...{ name: 'Message', kind: 'wide' },
                of: ({ id, externalId }) => (
                  <a class="strong" href={appPath(app.id, 'messages', id)}>
                    <Words most={40}>{externalId}</Words>
                  </a>
                ),
              },
              { name: 'To', of: (message) => <Words most={60}>{audienceOf(message)}</Words> },
              { name: 'By', of: ({ dialect }) => (dialect ? dialectName(dialect) : 'admin') },
              { name: 'State', of: ({ state }) => <MessageState of={state} /> },
              { name: 'Phones', kind: 'number', of: ({ counts }) => number(sum(counts)) },
              { name: 'Accepted', kind: 'number', of: ({ counts }) => number(counts.accepted ?? 0) },
              { name: 'Created', of: ({ createdAt }) => <Time at={createdAt} /> },
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
