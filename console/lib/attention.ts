import type { Schemas } from './api.ts'
import { dialectName, plural, providerName } from './format.ts'
import { appPath } from './query.ts'

export interface Attention {
  readonly title: string
  readonly text: string
  readonly href: string
  readonly step: string
}

interface Known {
  readonly app: Schemas['App']
  readonly stats: Schemas['Stats']
  readonly providers: Schemas['ProviderList']['providers']
  readonly webhooks: Schemas['WebhookList']['webhooks']
  readonly refusals: Schemas['RefusalList']['refusals']
}

/** Problems that need an operator's attention, each with the page that helps to solve it. */
export function attentionOf({ app, stats, providers, webhooks, refusals }: Known): readonly Attention[] {
  const settings = (section: string) => appPath(app.id, 'settings', section)
  const sendable = Object.entries(stats.devices.byProvider).filter(([name]) => name !== 'none')
  const without = sendable.filter(
    ([name, count]) => count > 0 && !providers.some(({ kind }) => kind === name),
  )
  return [
    ...providers
      .filter(({ state }) => state === 'refused')
      .map(({ kind, reason }) => ({
        title: `${providerName(kind)} refuses your credential`,
        text: reason ?? 'Sending is paused until a new one is set.',
        href: settings('providers'),
        step: 'Set a new credential',
      })),
    ...without.map(([name, count]) => ({
      title: `${plural(count, 'device')} cannot be sent to: no ${providerName(name)} credential`,
      text: 'Registrations are stored. Set a credential to send messages to them.',
      href: settings('providers'),
      step: 'Set a credential',
    })),
    ...webhooks
      .filter(({ failures }) => failures > 0)
      .map(({ name, dialect, failures, waiting }) => ({
        title: `The webhook ${name.slice(0, 60)} of ${dialectName(dialect)} fails`,
        text: `${plural(failures, 'failure')} since the last successful call; ${plural(waiting, 'call')} waiting.`,
        href: settings('webhooks'),
        step: 'Look at the webhook',
      })),
    ...(refusals.length > 0
      ? [
          {
            title: `${refusals.length >= 100 ? 'More than 100 calls' : plural(refusals.length, 'call')} of this app recently refused`,
            text: refusals[0]?.reason ?? '',
            href: appPath(app.id, 'live'),
            step: 'See which, and why',
          },
        ]
      : []),
  ]
}
