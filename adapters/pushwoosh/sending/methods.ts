import type { DialectApp } from '../../../src/domain/app.ts'
import type { Filter } from '../../../src/domain/filter.ts'
import type { Json } from '../../../src/domain/message.ts'
import { argument } from '../errors.ts'
import { codesOf } from './codes.ts'
import { devicesFilter } from './devices-filter.ts'
import { type Checked, checkedNotification } from './notification.ts'
import { detailsOf, statisticsOf } from './present.ts'
import { appsOf, ownApp, requiredMessage, type ServerCall, type ServerMethod } from './server.ts'
import { unknownDevices } from './unknown-devices.ts'

/** Notifications of one call; each may name 1,000 devices. */
const MOST_NOTIFICATIONS = 100

/** Validates everything before the first notification is accepted (sending.md 5.2). */
const createMessage: ServerMethod = async (call) => {
  const { c, request } = call
  const tenant = await c.get('tenant').find()
  const app = await ownApp(call, tenant?.app ?? null)
  const { notifications } = request
  if (notifications === undefined || notifications === null) throw argument('No notifications')
  if (!Array.isArray(notifications)) throw argument('notifications must be an array')
  if (notifications.length > MOST_NOTIFICATIONS)
    throw argument(`notifications has more than ${MOST_NOTIFICATIONS} elements`)
  const checked = notifications.map(checkedNotification)
  const accepted = await accept(call, app, checked)
  const unknown = await unknownDevices(
    c.get('gateway'),
    app,
    checked.flatMap(({ devices }) => devices),
  )
  return {
    Messages: accepted,
    ...(unknown.length > 0 && { UnknownDevices: { [app.identifier]: unknown } }),
  }
}

async function accept(
  { c }: ServerCall,
  app: DialectApp,
  checked: readonly Checked[],
): Promise<readonly string[]> {
  const accepted = await c.get('gateway').messages.accept(
    app,
    checked.map(({ draft }) => draft),
  )
  return accepted.map(({ externalId }) => externalId)
}

const createTargetedMessage: ServerMethod = async (call) => {
  const { auth: _, devices_filter: source, ...notification } = call.request
  const { app, codes } = await targeted(call, source)
  const filter = devicesFilter(source, codes)
  const { draft, devices } = checkedNotification(notification)
  const { audience } = draft
  const both: Filter = audience.filter ? { all: [filter, audience.filter] } : filter
  const [messageCode] = await accept(call, app, [
    { draft: { ...draft, audience: { ...audience, filter: both } }, devices },
  ])
  return { messageCode }
}

/** The app of a filter: the first app of the account that it names, or the account's only app. */
async function targeted(call: ServerCall, source: unknown) {
  const apps = await appsOf(call)
  const named = await codesOf(call.c, source)
  const first = apps.find(({ app }) => named.some(({ id }) => id === app.id))
  const app = first ?? (apps.length === 1 ? apps[0] : undefined)
  if (!app) throw argument('devices_filter must name an application of the account')
  await call.c.get('tenant').enter(app)
  return { app, codes: new Set(named.filter(({ id }) => id === app.app.id).map(({ code }) => code)) }
}

/** A waiting message is cancelled; a message that was sent is only removed from lists. */
const deleteMessage: ServerMethod = async (call) => {
  const { app, message } = await requiredMessage(call)
  await call.c.get('gateway').messages.forget({ app, externalId: message.externalId })
  return null
}

const cancelMessage: ServerMethod = async (call) => {
  const { app, message } = await requiredMessage(call)
  await call.c.get('gateway').messages.cancel({ app, externalId: message.externalId })
  return null
}

const getMessageDetails: ServerMethod = async (call) => {
  const { app, message } = await requiredMessage(call)
  return { message: detailsOf(app, message) }
}

/** Statistics are available immediately, so the request id is the message's own code. */
const getMsgStats: ServerMethod = async (call) => {
  const { message } = await requiredMessage(call)
  return { request_id: message.externalId }
}

const getResults: ServerMethod = async (call) => {
  const request: Json = { ...call.request, message: call.request.request_id }
  const { app, message } = await requiredMessage({ ...call, request })
  const report = await call.c.get('gateway').messages.report(app.app.id, message.id)
  if (!report) throw argument('Message not found')
  return statisticsOf(report)
}

/** The vendor does not offer this method to all customers either. */
const getPushHistory: ServerMethod = async (call) => {
  await appsOf(call)
  throw argument('getPushHistory is not available')
}

export const serverMethods = {
  createMessage,
  createTargetedMessage,
  deleteMessage,
  cancelMessage,
  getMessageDetails,
  getMsgStats,
  getResults,
  getPushHistory,
} satisfies Record<string, ServerMethod>
