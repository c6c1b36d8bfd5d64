import type {
  DeviceEvent,
  PendingCall,
  Webhook,
  WebhookEvent,
  WebhookKind,
} from '../../src/domain/webhook.ts'
import type { Json } from '../../src/wire/json.ts'
import { fault } from './errors.ts'
import { type Call, link, type Operations } from './operations.ts'
import { ANONYMOUS, requiredText } from './values.ts'

/** The vendor's event names (section 5.8). */
export const TYPES = {
  onDeviceRegister: 'deviceRegistered',
  onDeviceUpdate: 'deviceUpdated',
  onDeviceUnregister: 'deviceUnregistered',
  onSubscribe: 'subscribed',
  onUnsubscribe: 'unsubscribed',
  onNotificationStatusChange: 'messageStatusChanged',
  onNotificationFailure: 'messageFailed',
} as const satisfies Record<string, WebhookKind>
type EventType = keyof typeof TYPES

const isEventType = (name: string): name is EventType => Object.hasOwn(TYPES, name)
const typeOf = (kind: WebhookKind): string =>
  Object.entries(TYPES).find(([, value]) => value === kind)?.[0] ?? kind

const present = (c: Call['c'], app: Call['app'], webhook: Webhook) => ({
  name: webhook.name,
  url: webhook.url,
  eventTypes: webhook.events.map(typeOf).join(','),
  href: link(c, app, 'webhooks', webhook.name),
})

/** Push Webhooks (section 5.8). */
export function webhookOperations(on: Operations): void {
  on.app(
    {
      method: 'POST',
      path: '/apps/:app/webhooks',
      scopes: ['webhooks.write'],
      negotiated: true,
      body: 'json',
    },
    async ({ c, app, body }) => {
      const draft = { app, name: requiredText(body, 'name'), url: targetOf(c, body), events: eventsOf(body) }
      const webhook = await c.get('gateway').webhooks.create(draft)
      if (!webhook) throw fault('exists', draft.name)
      return c.json(present(c, app, webhook), 201)
    },
  )

  async function update({ c, app, body }: Call, name: string): Promise<Response> {
    const webhook = await c.get('gateway').webhooks.update({
      app,
      name,
      ...(body.url !== undefined && { url: targetOf(c, body) }),
      ...(body.eventTypes !== undefined && { events: eventsOf(body) }),
    })
    if (!webhook) throw fault('notFound', name)
    return c.json(present(c, app, webhook))
  }
  on.app(
    {
      method: 'PUT',
      path: '/apps/:app/webhooks/:name',
      scopes: ['webhooks.write'],
      negotiated: true,
      body: 'json',
    },
    (call) => {
      const name = call.c.req.param('name') ?? ''
      // The name cannot be changed, so a different one in the body is an error.
      if (call.body.name !== undefined && call.body.name !== name) throw fault('badValue', 'name')
      return update(call, name)
    },
  )
  on.app(
    {
      method: 'PUT',
      path: '/apps/:app/webhooks',
      scopes: ['webhooks.write'],
      negotiated: true,
      body: 'json',
    },
    (call) => update(call, requiredText(call.body, 'name')),
  )
  on.app(
    { method: 'DELETE', path: '/apps/:app/webhooks/:name', scopes: ['webhooks.write'], negotiated: false },
    async ({ c, app }) => {
      const name = c.req.param('name') ?? ''
      if (!(await c.get('gateway').webhooks.remove(app, name))) throw fault('notFound', name)
      return c.body(null, 204)
    },
  )
  on.app(
    { method: 'GET', path: '/apps/:app/webhooks', scopes: ['webhooks.read'], negotiated: true },
    async ({ c, app }) => {
      const webhooks = (await c.get('gateway').webhooks.list(app)).map((one) => present(c, app, one))
      const count = String(webhooks.length)
      return c.json({ webhooks, pageInfo: { count, totalCount: count, next: '', previous: '' } })
    },
  )
  on.app(
    { method: 'GET', path: '/apps/:app/webhooks/:name', scopes: ['webhooks.read'], negotiated: true },
    async ({ c, app }) => {
      const name = c.req.param('name') ?? ''
      const webhook = await c.get('gateway').webhooks.find(app, name)
      if (!webhook) throw fault('notFound', name)
      return c.json(present(c, app, webhook))
    },
  )
}

const MOST_URL = 2000

function targetOf(c: Call['c'], body: Json): string {
  const text = requiredText(body, 'url', MOST_URL)
  const url = parsedUrl(text)
  const fine =
    url !== null &&
    (url.protocol === 'https:' || url.protocol === 'http:') &&
    url.username === '' &&
    url.password === '' &&
    c.get('services').outbound.allows(url)
  if (!fine) throw fault('badValue', 'url')
  return text
}

function parsedUrl(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

/** One comma-separated string; spaces around commas are allowed. */
function eventsOf(body: Json): WebhookKind[] {
  const names = requiredText(body, 'eventTypes')
    .split(',')
    .map((name) => name.trim())
  const events = new Set<WebhookKind>()
  for (const name of names) {
    if (!isEventType(name)) throw fault('badValue', 'eventTypes')
    events.add(TYPES[name])
  }
  return [...events]
}

/** What a webhook is sent (section 5.8). */
export function webhookBody({ event, identifier: applicationId }: PendingCall): Json {
  const { kind, at } = event
  return { type: typeOf(kind), applicationId, eventTimeStamp: at, entity: entityOf(event, applicationId) }
}

function entityOf(event: WebhookEvent, applicationId: string): Json {
  if ('device' in event)
    return event.message === undefined ? deviceEntity(event, applicationId) : report(event)
  // Events about users are sent in another dialect only.
  if ('users' in event) return {}
  const { message: messageId, platform, reason, devices } = event
  return {
    ...{ deviceIds: devices, platform, messageId },
    msgStatus: reason === null ? 'SENT' : 'FAILED',
    ...(reason !== null && { failureReason: reason }),
  }
}

const platformOf = ({ platformName, platform }: DeviceEvent['device']) => platformName ?? platform

const report = ({ device, message, receipt }: DeviceEvent): Json => ({
  ...{ deviceIds: [device.externalId], platform: platformOf(device), messageId: message },
  msgStatus: receipt === 'delivered' ? 'SEEN' : 'OPEN',
})

function deviceEntity(event: DeviceEvent, applicationId: string): Json {
  const { kind, device, topic, subscriptionId } = event
  const told = {
    id: device.id,
    deviceId: device.externalId,
    applicationId,
    userId: device.userId ?? ANONYMOUS,
    token: device.token ?? '',
    platform: platformOf(device),
  }
  const subscription = { device: told, tagName: topic ?? '', subscriptionId: subscriptionId ?? '' }
  if (topic === undefined) return told
  return kind === 'unsubscribed' ? { deviceId: device.externalId, ...subscription } : subscription
}
