import { useState } from 'preact/hooks'
import { answered, api, type Schemas, useAction, useCall } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { number } from '../lib/format.ts'
import { useQuery } from '../lib/query.ts'
import { useMay } from '../lib/who.ts'
import { DialectChoice } from '../parts/dialects.tsx'
import { Empty, Skeleton } from '../parts/empty.tsx'
import { ChangeMode, MODES } from '../parts/mode.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Badge, Card, Facts, Page } from '../parts/page.tsx'
import { Readiness } from '../parts/readiness.tsx'
import { Table } from '../parts/table.tsx'
import { Code, Time, Words } from '../parts/text.tsx'
import { Undos } from '../parts/undo.tsx'

type Signature = Schemas['MirrorSignature']
const KIND = { major: 'bad', minor: 'warn', info: 'plain' } as const

/**
 * The progress of an app's migration from the vendor: who answers, the differences between both sides, the
 * devices that have called, and the way back.
 */
export function Migration({ app, changed }: AppProps) {
  const { query, set } = useQuery()
  const spoken = Object.keys(app.dialects)
  const dialect = spoken.find((one) => one === query.dialect) ?? spoken[0]
  if (!dialect)
    return (
      <Page title="Migration">
        <Empty icon="migration" title="This app speaks no dialect yet" />
      </Page>
    )
  return (
    <Page
      title="Migration"
      lead="Who answers the phones, where the answers of the vendor and this gateway differ, and how many phones have moved."
    >
      <DialectChoice of={spoken} chosen={dialect} choose={(one) => set({ dialect: one })} />
      <Mirror key={dialect} of={app} dialect={dialect} changed={changed} />
      <Readiness key={`ready ${dialect}`} app={app.id} dialect={dialect} />
      <Undos app={app.id} />
    </Page>
  )
}

interface MirrorProps {
  readonly of: AppProps['app']
  readonly dialect: string
  readonly changed: () => void
}

function Mirror({ of, dialect, changed }: MirrorProps) {
  const app = of.id
  const [changing, setChanging] = useState(false)
  const may = useMay('admin')
  const { data, problem, reload } = useCall(
    `mirror ${app} ${dialect}`,
    () => api.GET('/apps/{app}/mirror/{dialect}/summary', { params: { path: { app, dialect } } }),
    10_000,
  )
  if (!data) return problem ? <ProblemNotice problem={problem} retry={reload} /> : <Skeleton />
  const faults = data.signatures.filter(({ accepted, severity }) => !accepted && severity !== 'info')
  const folded = data.signatures.filter((one) => !faults.includes(one))
  return (
    <>
      <Card
        title={`Mode: ${data.mode}`}
        lead={MODES[data.mode]}
        actions={
          may && (
            <button type="button" class="button small" onClick={() => setChanging(true)}>
              Change the mode
            </button>
          )
        }
      >
        <Facts
          of={[
            ['Vendor’s address', data.upstream && <code>{data.upstream}</code>],
            ['Counted since', data.since && <Time at={data.since} />],
            ['Latency of the gateway, median and p99', data.requests > 0 ? latency(data.latency.ours) : null],
            [
              'Latency of the vendor, median and p99',
              data.requests > 0 ? latency(data.latency.vendor) : null,
            ],
          ]}
        />
      </Card>
      {data.mode === 'local' && data.requests === 0 ? (
        <Empty icon="migration" title="No mirror is set">
          With a mirror, the vendor keeps answering while this gateway records its devices: change the mode to
          “forward” first, then to “record”.
        </Empty>
      ) : (
        <>
          <div class="tiles">
            {(
              [
                ['Calls', data.requests],
                ['Alike', data.equal],
                ['Differing', data.differing],
                ['Waiting copies', data.waiting],
                ['Dropped', data.dropped],
                ['Failed', data.failed.unreachable + data.failed.timeout + data.failed.refused],
              ] as const
            ).map(([name, count]) => (
              <div key={name} class="tile">
                <span class="tile-name">{name}</span>
                <span class="tile-value">{number(count)}</span>
              </div>
            ))}
          </div>
          <Differences {...{ app, dialect, changed: reload }} title="Differences" of={faults} />
          {folded.length > 0 && (
            <details class="folded">
              <summary>{number(folded.length)} intended or accepted</summary>
              <Differences {...{ app, dialect, changed: reload }} title="Intended or accepted" of={folded} />
            </details>
          )}
        </>
      )}
      {changing && (
        <ChangeMode
          {...{ app: of, dialect, mode: data.mode }}
          close={(done) => {
            setChanging(false)
            if (!done) return
            changed()
            reload()
          }}
        />
      )}
    </>
  )
}

const latency = ({ p50, p99 }: { p50: number; p99: number }) => `${p50} and ${p99} ms`

interface DifferencesProps {
  readonly app: string
  readonly dialect: string
  readonly title: string
  readonly of: readonly Signature[]
  readonly changed: () => void
}

function Differences({ app, dialect, title, of, changed }: DifferencesProps) {
  const { busy, problem, run } = useAction()
  const may = useMay('admin')
  const accept = ({ signature, accepted }: Signature) =>
    run(() =>
      answered(
        api.POST('/apps/{app}/mirror/{dialect}/signatures/{signature}', {
          params: { path: { app, dialect, signature } },
          body: { accepted: !accepted },
        }),
      ),
    ).then(changed)
  return (
    <Card flush title={title}>
      <ProblemNotice problem={problem} />
      {of.length === 0 ? (
        <p class="quiet">Both sides answer alike.</p>
      ) : (
        <Table
          caption={title}
          rows={of}
          keyOf={({ signature }) => signature}
          columns={[
            { name: 'Severity', of: ({ severity }) => <Badge kind={KIND[severity]}>{severity}</Badge> },
            { ...{ name: 'Call', kind: 'wide' }, of: ({ route }) => <Words>{route}</Words> },
            {
              ...{ name: 'Where', kind: 'wide' },
              of: (one) => <Where app={app} dialect={dialect} of={one} />,
            },
            { name: 'Calls', kind: 'number', of: ({ count }) => number(count) },
            { name: 'Last', of: ({ lastAt }) => <Time at={lastAt} /> },
            {
              ...{ name: 'Accept', kind: 'action' },
              of: (one) =>
                may && (
                  <button type="button" class="button small" disabled={busy} onClick={() => accept(one)}>
                    {one.accepted ? 'Count again' : 'Accept'}
                  </button>
                ),
            },
          ]}
        />
      )}
    </Card>
  )
}

/** The differences between both sides, each with an example of both answers. */
function Where({ app, dialect, of }: { app: string; dialect: string; of: Signature }) {
  const { data } = useCall(`diffs ${of.signature}`, () =>
    api.GET('/apps/{app}/mirror/{dialect}/diffs', {
      params: { path: { app, dialect }, query: { signature: of.signature, limit: 1 } },
    }),
  )
  const [example] = data?.diffs ?? []
  return (
    <details>
      <summary>
        {of.differences
          .map(({ path, kind, declared }) => `${path} ${kind}${declared ? ` (${declared})` : ''}`)
          .join(', ')
          .slice(0, 200)}
      </summary>
      {example && <Code text={JSON.stringify(example.differences, null, 2)} what="example" />}
    </details>
  )
}
