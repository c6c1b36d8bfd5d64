import { GatewayError } from '../../../src/domain/error.ts'
import type { Message, Target, TargetOutcome } from '../../../src/domain/message.ts'
import type { ReceiptKind } from '../../../src/domain/receipt.ts'
import { type Json, mapOf } from '../../../src/wire/json.ts'
import { isEnabled } from '../applications.ts'
import { requireOwn } from '../caller.ts'
import { fault } from '../errors.ts'
import { answerList } from '../lists.ts'
import { readList, requireType } from '../negotiation.ts'
import { type Call, link, type Operation, type Operations } from '../operations.ts'
import {
  ANONYMOUS,
  optionalDeviceId,
  optionalFlag,
  required,
  requiredText,
  textOf,
  timeText,
} from '../values.ts'
import { draftOf } from './body.ts'

const WRITE = { scopes: ['messages.write'], negotiated: true } as const
const READ = { method: 'GET', scopes: ['messages.read'], negotiated: true } as const
/** Per bulk, because the database stores all of its messages or none. */
const MOST_AT_ONCE = 300

const RECEIPTS: Readonly<Record<string, ReceiptKind>> = { SEEN: 'delivered', OPEN: 'opened' }

/** Push Message and Push Messages (sending.md 4.1). */
export function messageOperations(on: Operations): void {
  const path = '/apps/:app/messages'
  const one = `${path}/:message`
  on.app({ ...WRITE, method: 'POST', path, body: 'json' }, send)
  on.app({ ...WRITE, method: 'POST', path: `${path}/bulk` }, sendBulk)
  on.app({ ...READ, path: one }, async (call) => {
    const message = await messageOf(call)
    return call.c.json(present(call, { ...message, alert: alertOf(message) }))
  })
  on.app({ ...READ, path: `${one}/status` }, async (call) => {
    const message = await messageOf(call)
    return call.c.json({ messageId: message.externalId, status: statusOf(message) })
  })
  on.app({ ...READ, path: `${one}/deliverystatus` }, async (call) => {
    const { id, externalId } = await messageOf(call)
    return answerList(call.c, {
      app: call.app,
      list: call.c.get('gateway').listings.targets,
      criteria: { message: id, externalId, outcomes: TOLD },
      columns: { deliveryStatus: delivered },
    })
  })
  on.app({ ...WRITE, method: 'DELETE', path: one }, async (call) => {
    const externalId = idOf(call)
    if (!(await call.c.get('gateway').messages.forget({ app: call.app, externalId }))) {
      throw fault('notFound', externalId)
    }
    return call.c.body(null, 204)
  })
  const receipt: Operation = {
    ...{ ...WRITE, method: 'PUT', path: one, body: 'json' },
    ...{ mobile: 'own', negotiated: false },
  }
  on.app(receipt, receive)
}

const idOf = ({ c }: Call): string => c.req.param('message') ?? ''

async function messageOf(call: Call): Promise<Message> {
  const externalId = idOf(call)
  const message = await call.c.get('gateway').messages.find({ app: call.app, externalId })
  if (!message) throw fault('notFound', externalId)
  return message
}

const alertOf = ({ body }: Pick<Message, 'body'>): unknown => mapOf(body.message)?.alert

const present = (
  { c, app }: Call,
  of: { readonly externalId: string; readonly alert: unknown; readonly createdAt: Date },
) => ({
  messageId: of.externalId,
  alert: of.alert,
  createdTime: timeText(of.createdAt),
  href: link(c, app, 'messages', of.externalId),
})

async function send(call: Call): Promise<Response> {
  const { c, app, body } = call
  requireEnabled(call)
  const draft = draftOf(body)
  if (!optionalFlag(body, 'validate')) await c.get('gateway').messages.accept(app, [draft])
  const { target, settings } = body
  c.header('Location', link(c, app, 'messages', draft.externalId))
  return c.json(
    {
      message: {
        message: draft.body.message,
        ...(target != null && { target }),
        ...(settings != null && { settings }),
      },
      messageId: draft.externalId,
    },
    202,
  )
}

/** All or none (section 5.5). */
async function sendBulk(call: Call): Promise<Response> {
  const { c, app } = call
  requireType(c, 'application/json')
  const list = await readList(c)
  requireEnabled(call)
  if (list.length === 0) throw fault('badValue', 'messages')
  if (list.length > MOST_AT_ONCE) throw new GatewayError('too_large', 'Too many messages at once.')
  const drafts = list.map((one) => ({ given: objectOf(one), draft: draftOf(objectOf(one)) }))
  const meant = drafts.filter(({ given }) => !optionalFlag(given, 'validate'))
  const createdAt = c.get('now')()
  await c.get('gateway').messages.accept(
    app,
    meant.map(({ draft }) => draft),
    createdAt,
  )
  const messages = drafts.map(({ draft }) =>
    present(call, { externalId: draft.externalId, alert: alertOf(draft), createdAt }),
  )
  return c.json({ messages }, 202)
}

function objectOf(value: unknown): Json {
  const object = mapOf(value)
  if (!object) throw fault('badKind')
  return object
}

function requireEnabled({ app }: Call): void {
  if (!isEnabled(app)) throw fault('disabled', app.identifier)
}

/** A report from a device; repeated ones count once. */
async function receive(call: Call): Promise<Response> {
  const { c, app, caller, body } = call
  const deviceId = required(optionalDeviceId(body), 'deviceId')
  const status = requiredText(body, 'status').toUpperCase()
  const kind = Object.hasOwn(RECEIPTS, status) ? RECEIPTS[status] : undefined
  if (!kind) throw fault('badValue', 'status')
  requireOwn(caller, deviceId)
  const { externalId: messageId } = await messageOf(call)
  const ref = { app, externalId: deviceId, messageId, kind }
  if (!(await c.get('gateway').receipts.record(ref))) throw fault('notFound', deviceId)
  return c.json({ messageId, deviceId, status })
}

/**
 * The vendor has no word for a phone that is still waiting, or that was not reached for a reason other than
 * its token.
 */
const TOLD: readonly TargetOutcome[] = ['accepted', 'dead', 'mismatch']

/** The result for one phone; a deleted device is left out. */
function delivered({ outcome, device }: Target): Json | null {
  if (!device) return null
  const { reported } = device
  const reached = reported === 'opened' ? 'Open' : reported === 'delivered' ? 'Seen' : 'Sent'
  return {
    deviceId: device.externalId,
    userId: device.user ?? ANONYMOUS,
    platform: textOf(device.platformName),
    status: outcome === 'accepted' || reported ? reached : 'Invalid',
  }
}

/** In the vendor's terms. */
function statusOf({ state, counts }: Message): string {
  const { accepted = 0, ...others } = counts
  const failed = accepted === 0 && Object.values(others).some((count) => count > 0)
  return (
    { scheduled: 'Accepted', planning: 'Processing', sending: 'Dispatching', cancelled: 'Unknown' }[
      state as string
    ] ?? (failed ? 'Failed' : 'Dispatched')
  )
}
