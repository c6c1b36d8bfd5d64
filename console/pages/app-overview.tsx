import { api, useCall } from '../lib/api.ts'
import type { AppProps } from '../lib/app.ts'
import { attentionOf } from '../lib/attention.ts'
import { dialectName, number, platformName, providerName } from '../lib/format.ts'
import { appPath, withQuery } from '../lib/query.ts'
import { ActivityPlots } from '../parts/activity.tsx'
import { Empty, Skeleton } from '../parts/empty.tsx'
import { Icon } from '../parts/icon.tsx'
import { ProblemNotice } from '../parts/notice.tsx'
import { Card, Page } from '../parts/page.tsx'

export function AppOverview({ app }: AppProps) {
  const params = { path: { app: app.id } }
  const stats = useCall(`stats ${app.id}`, () => api.GET('/apps/{app}/stats', { params }), 15_000)
  const devices = stats.data?.devices
  return (
    <Page
      title={app.name}
      named
      lead={Object.keys(app.dialects).map(dialectName).join(', ') || 'No dialect yet'}
      actions={
        <a class="button" href={appPath(app.id, 'connect')}>
          Point your SDK here
        </a>
      }
    >
      <ProblemNotice problem={stats.problem} retry={stats.reload} />
      {!stats.data || !devices ? (
        !stats.problem && <Skeleton />
      ) : devices.total === 0 ? (
        <Empty
          icon="connect"
          title="Waiting for the first device"
          action={
            <a class="button primary" href={appPath(app.id, 'connect')}>
              Show the code
            </a>
          }
        >
          Point a build at this gateway, or paste one command. The device appears without a reload.
        </Empty>
      ) : (
        <>
          <div class="tiles">
            <Tile
              name="Active devices"
              value={devices.active}
              href={withQuery(appPath(app.id, 'devices'), { active: 'true' })}
            />
            <Tile name="All devices" value={devices.total} href={appPath(app.id, 'devices')} />
            <Tile
              name="New in 30 days"
              value={stats.data.registrationsPerDay.reduce((sum, { count }) => sum + count, 0)}
            />
          </div>
          <Attention app={app} stats={stats.data} />
          <div class="grid three">
            <Shares
              title="By dialect"
              of={devices.byDialect}
              name={dialectName}
              app={app.id}
              filter="dialect"
            />
            <Shares
              title="By platform"
              of={devices.byPlatform}
              name={platformName}
              app={app.id}
              filter="platform"
            />
            <Shares
              title="By push service"
              of={devices.byProvider}
              name={providerName}
              app={app.id}
              filter="provider"
            />
          </div>
        </>
      )}
      <ActivityPlots app={app.id} />
    </Page>
  )
}

function Tile({ name, value, href }: { name: string; value: number; href?: string }) {
  const words = (
    <>
      <span class="tile-name">{name}</span>
      <span class="tile-value">{number(value)}</span>
    </>
  )
  return href ? (
    <a class="tile" href={href}>
      {words}
    </a>
  ) : (
    <div class="tile">{words}</div>
  )
}

function Attention({
  app,
  stats,
}: {
  app: AppProps['app']
  stats: Parameters<typeof attentionOf>[0]['stats']
}) {
  const params = { path: { app: app.id } }
  const providers = useCall(`providers ${app.id}`, () => api.GET('/apps/{app}/providers', { params }))
  const webhooks = useCall(`webhooks ${app.id}`, () => api.GET('/apps/{app}/webhooks', { params }))
  const refusals = useCall(`refusals ${app.id}`, () =>
    api.GET('/refusals', { params: { query: { app: app.id, limit: 100 } } }),
  )
  if (!providers.data || !webhooks.data || !refusals.data) return null
  const found = attentionOf({
    ...{ app, stats, providers: providers.data.providers, webhooks: webhooks.data.webhooks },
    refusals: refusals.data.refusals,
  })
  if (found.length === 0)
    return (
      <p class="all-well">
        <Icon name="check" /> Nothing needs your attention.
      </p>
    )
  return (
    <Card title="Needs attention">
      <ul class="attention">
        {found.map(({ title, text, href, step }) => (
          <li key={title}>
            <Icon name="alert" />
            <div>
              <strong>{title}</strong>
              <p class="muted">
                <bdi>{text}</bdi>
              </p>
            </div>
            <a class="button small" href={href}>
              {step}
            </a>
          </li>
        ))}
      </ul>
    </Card>
  )
}

interface SharesProps {
  readonly title: string
  readonly of: Readonly<Record<string, number>>
  readonly name: (value: string) => string
  readonly app: string
  readonly filter: string
}

/** Shares of a total as bars, each with a link to its devices. */
function Shares({ title, of, name, app, filter }: SharesProps) {
  const all = Object.entries(of).sort(([, a], [, b]) => b - a)
  const most = Math.max(1, ...all.map(([, count]) => count))
  return (
    <Card title={title}>
      <ul class="shares">
        {all.map(([value, count]) => (
          <li key={value}>
            <a href={withQuery(appPath(app, 'devices'), { [filter]: value })}>{name(value)}</a>
            <span class="number">{number(count)}</span>
            <meter min={0} max={most} value={count} aria-label={`${name(value)}: ${number(count)}`} />
          </li>
        ))}
      </ul>
    </Card>
  )
}
