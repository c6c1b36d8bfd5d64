import type { Request } from '../../../src/adapter.ts'
import { AUDIENCE_LIMITS, type Audience, type Json, type MessageDraft } from '../../../src/domain/message.ts'
import { ignoredData } from '../../../src/domain/payload.ts'
import { mapOf } from '../../../src/wire/json.ts'
import type { Caller } from '../caller.ts'
import { findDevice } from '../devices.ts'
import { fault } from '../errors.ts'
import { headersOf, textOf } from './compose.ts'
import { platformsOf, policyOf, refuse, scheduleOf } from './delivery.ts'
import { bodyOf, type Content } from './message.ts'
import { presentStatus, type Status, statusOf } from './status.ts'
import { fillTemplate, Template } from './templates.ts'

const MEMBERS = [
  ...['message', 'publisherId', 'subtopic', 'headers', 'publishPolicy', 'pushPolicy', 'pushBroadcast'],
  ...['pushSinglecast', 'publishAt', 'repeatEvery', 'repeatExpiresAt', 'segmentQuery'],
]
export const DEFAULT_CHANNEL = 'default'

/** Publishes a message to a channel (section 6.2). */
export async function publish(c: Request, caller: Caller, channel: string, body: Json): Promise<Status> {
  const { message } = body
  if (message === undefined || message === null) throw fault('messageMissing')
  noSegment(body)
  const given = body.headers ?? {}
  const headers = headersOf(mapOf(given) ?? refuse('headers must be an object.'))
  const content: Content = {
    message: textOf(message),
    headers,
    publisherId: optionalText(body.publisherId),
    subtopic: optionalText(body.subtopic),
  }
  const { audience, unused } = await audienceOf(c, caller, { channel, headers, body })
  return accept(c, caller, content, {
    audience,
    schedule: scheduleOf((name) => body[name], c.get('now')()),
    ignored: [
      ...Object.keys(body).filter((name) => !MEMBERS.includes(name) && !name.startsWith('___')),
      ...ignoredData(headers, 'headers'),
      ...unused,
    ],
  })
}

/** A condition on data that is not stored here: the message is sent to nobody rather than to everybody. */
function noSegment({ segmentQuery }: Json): void {
  if (segmentQuery !== undefined && segmentQuery !== null && segmentQuery !== '') {
    refuse('segmentQuery is not supported.')
  }
}

const optionalText = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : textOf(value)

interface Publishing {
  readonly channel: string
  readonly headers: Content['headers']
  readonly body: Json
}

/**
 * The audience of a message; nobody if it is not a push, because real-time messaging is not part of the
 * gateway.
 */
async function audienceOf(c: Request, caller: Caller, { channel, headers, body }: Publishing) {
  const policy = policyOf((name) => body[name])
  const platforms = platformsOf(body.pushBroadcast)
  const ids = singlecastOf(body.pushSinglecast)
  const named = ids.length > 0 || platforms.length > 0
  const meant = named || Object.keys(headers).some((name) => /^(?:ios|android|wp)-/.test(name))
  if (policy === 'PUBSUB' || (policy === 'BOTH' && !meant)) return { audience: NOBODY, unused: [] }
  if (ids.length === 0) return { audience: toChannel(channel, platforms), unused: [] }
  const devices = await externalIds(c, caller, ids)
  const audience: Audience = { to: { devices }, filter: { topic: channel } }
  return { audience, unused: platforms.length > 0 ? ['pushBroadcast'] : [] }
}

const NOBODY: Audience = { to: { devices: [] } }
const toChannel = (channel: string, platforms: NonNullable<Audience['platforms']>): Audience => ({
  to: { topics: [channel] },
  ...(platforms.length > 0 && { platforms }),
})

function singlecastOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value ?? '']
  const ids = new Set(list.map((id) => (typeof id === 'string' ? id : refuse('A device id is no text.'))))
  ids.delete('')
  if (ids.size > AUDIENCE_LIMITS.entries) refuse(`It is for more than ${AUDIENCE_LIMITS.entries} devices.`)
  return [...ids]
}

/** Where phones share ids, an id is used only if exactly one phone has it (section 13). */
const externalIds = (c: Request, caller: Caller, ids: readonly string[]) =>
  Promise.all(
    caller.options.keyByToken
      ? ids.map(async (id) => (await findDevice(c, caller, id))?.externalId ?? id)
      : ids,
  )

/** Sends one of the app's push templates. */
export async function pushWithTemplate(
  c: Request,
  caller: Caller,
  name: string,
  values: unknown,
): Promise<Status> {
  const templates = caller.options.pushTemplates ?? {}
  const template = Object.hasOwn(templates, name) ? templates[name] : undefined
  if (!template) throw fault('templateUnknown')
  const given = mapOf(values ?? {}) ?? refuse('templateValues must be an object.')
  return sendTemplate(c, caller, template, fillTemplate(template, given, name))
}

/** Sends a template that is part of the call and not stored on phones. */
export async function pushUnnamed(c: Request, caller: Caller, body: Json): Promise<Status> {
  if (body.message === undefined || body.message === null) throw fault('messageMissing')
  const template = Template.safeParse(body)
  if (!template.success) return refuse(`${template.error.issues[0]?.path.join('.')} is invalid.`)
  return sendTemplate(c, caller, template.data, fillTemplate(template.data, {}))
}

function sendTemplate(c: Request, caller: Caller, template: Template, content: Content): Promise<Status> {
  noSegment(template)
  const channel = template.channelName || DEFAULT_CHANNEL
  return accept(c, caller, content, { audience: toChannel(channel, platformsOf(template.platforms)) })
}

type Draft = Pick<MessageDraft, 'audience' | 'schedule' | 'ignored'>

async function accept(c: Request, { app }: Caller, content: Content, draft: Draft): Promise<Status> {
  const externalId = `message:${crypto.randomUUID().toUpperCase()}`
  const priority = 'high'
  await c.get('gateway').messages.accept(app, [{ ...draft, externalId, body: bodyOf(content), priority }])
  return statusOf(externalId, 'scheduled')
}

/** An unknown message has a status too. */
export async function messageStatus(c: Request, { app }: Caller, externalId: string): Promise<Status> {
  const message = await c.get('gateway').messages.find({ app, externalId })
  return message ? presentStatus(message) : statusOf(externalId, 'unknown')
}

/** Only messages that are still `scheduled` can be cancelled. */
export async function cancelMessage(c: Request, caller: Caller, externalId: string): Promise<Status> {
  const { status } = await messageStatus(c, caller, externalId)
  const { app } = caller
  const cancelled =
    status === 'scheduled' && (await c.get('gateway').messages.cancel({ app, externalId })) === 'cancelled'
  if (!cancelled) throw fault('messageUnknown')
  return statusOf(externalId, 'cancelled')
}
