import { useState } from 'preact/hooks'
import { adviceFor } from '../lib/advice.ts'
import { api, useCall } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { DIALECTS, MOVES, type Setup, type Way } from '../lib/dialects.ts'
import { platformName } from '../lib/format.ts'
import { type Happening, useLive } from '../lib/live.ts'
import { appPath, useQuery } from '../lib/query.ts'
import { DialectChoice } from '../parts/dialects.tsx'
import { Empty } from '../parts/empty.tsx'
import { Icon } from '../parts/icon.tsx'
import { Notice } from '../parts/notice.tsx'
import { Badge, Card, Page } from '../parts/page.tsx'
import { Code, Time, Words } from '../parts/text.tsx'

/** The exact code changes for an app's builds, and a check that waits for the first call. */
export function Connect({ app }: AppProps) {
  const { query, set } = useQuery()
  const spoken = Object.keys(app.dialects)
  const dialect = spoken.find((one) => one === query.dialect) ?? spoken[0]
  const status = useCall('status', () => api.GET('/status'))
  const known = dialect ? DIALECTS[dialect] : undefined
  if (!dialect || !known)
    return (
      <Page title="Point your SDK here">
        <Empty
          icon="connect"
          title="This app speaks no dialect yet"
          action={
            <a class="button primary" href={appPath(app.id, 'settings')}>
              Add a dialect
            </a>
          }
        />
      </Page>
    )
  const document = app.dialects[dialect as keyof typeof app.dialects] as
    | Readonly<Record<string, unknown>>
    | undefined
  const origin = status.data?.origin ?? location.origin
  const setup: Setup = {
    origin,
    host: origin.replace(/^https?:\/\//, ''),
    id: String(document?.[known.id?.member ?? ''] ?? ''),
    vapid: app.vapid.publicKey,
  }
  return (
    <Page title="Point your SDK here" lead="These lines contain this app’s ids and this gateway’s address.">
      <DialectChoice of={spoken} chosen={dialect} choose={(one) => set({ dialect: one })} />
      {/^http:\/\/(127\.|localhost|\[::1\])/.test(origin) && (
        <Notice kind="info" title="This address is on your own computer">
          A browser on this computer can reach it, but a phone cannot, and phones refuse plain http: put the
          gateway behind TLS first.
        </Notice>
      )}
      <div class="connect">
        <div class="stack">
          {known.ways.map((way) => (
            <WayCard key={way.platform} way={way} setup={setup} />
          ))}
        </div>
        <Check app={app.id} dialect={dialect} />
      </div>
    </Page>
  )
}

function WayCard({ way, setup }: { way: Way; setup: Setup }) {
  const [kind, words] = MOVES[way.moves]
  return (
    <Card
      title={way.platform}
      lead={way.how}
      actions={way.platform !== 'Try it by hand' && <Badge kind={kind}>{words}</Badge>}
    >
      {way.lines && <Code text={way.lines(setup)} what={`lines for ${way.platform}`} />}
    </Card>
  )
}

/** Waits for the first call and shows the result: the device, or why it was refused and what to change. */
function Check({ app, dialect }: { app: string; dialect: string }) {
  const [others, setOthers] = useState(false)
  const { events, state } = useLive(others ? `dialect=${dialect}` : `app=${app}&dialect=${dialect}`)
  const [newest] = events
  return (
    <aside class="check" aria-label="Live check">
      <Card title="Live check">
        <div role="status" aria-live="polite">
          {newest ? (
            <Arrived one={newest} app={app} />
          ) : (
            <div class="waiting">
              <span class={state === 'open' ? 'pulse' : 'pulse off'} />
              <div>
                <strong>
                  {state === 'lost'
                    ? 'The connection was lost; trying again…'
                    : 'Waiting for the first call…'}
                </strong>
                <p class="muted">
                  Start the app or open the page. Its calls appear here at once, even if they are refused.
                </p>
              </div>
            </div>
          )}
        </div>
        {events.length > 1 && (
          <ul class="arrivals">
            {events.slice(1, 8).map((one) => (
              <li key={one.id}>
                <Badge kind={one.kind === 'refused' ? 'bad' : 'good'}>{one.kind}</Badge> <Time at={one.at} />
              </li>
            ))}
          </ul>
        )}
        <label class="check-line">
          <input type="checkbox" checked={others} onChange={() => setOthers(!others)} />
          Also show calls that match no app
        </label>
      </Card>
    </aside>
  )
}

function Arrived({ one, app }: { one: Happening; app: string }) {
  if (one.kind === 'refused')
    return (
      <div class="arrived bad">
        <Icon name="alert" />
        <div>
          <strong>A call was refused</strong>
          <p>
            <Words most={300}>{one.refusal?.reason}</Words>
          </p>
          {one.refusal?.identifier && (
            <p class="muted">
              It sent{' '}
              <code>
                <bdi>{one.refusal.identifier}</bdi>
              </code>
              .
            </p>
          )}
          <p>{adviceFor(one.facet)}</p>
        </div>
      </div>
    )
  return (
    <div class="arrived good">
      <Icon name="check" />
      <div>
        <strong>{one.kind === 'registered' ? 'A new device registered' : 'A known device called'}</strong>
        <p>
          {platformName(one.facet)} · <Time at={one.at} />
        </p>
        {one.device && (
          <p>
            <a class="device-link" href={appPath(one.app ?? app, 'devices', one.device.id)}>
              <Words most={40}>{one.device.externalId}</Words>
            </a>
          </p>
        )}
      </div>
    </div>
  )
}
