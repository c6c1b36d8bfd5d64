import type { Request } from '../../../src/adapter.ts'
import type { DialectApp } from '../../../src/domain/app.ts'
import { GatewayError } from '../../../src/domain/error.ts'
import type { Audience, Schedule } from '../../../src/domain/message.ts'
import { readJsonObject } from '../../../src/wire/body.ts'
import { isObject, type Json } from '../../../src/wire/json.ts'
import { platformOf } from '../device-types.ts'
import { argument } from '../errors.ts'
import { addressingOf } from '../identify.ts'
import { DIALECT } from '../provisioning.ts'
import { codesOf } from './codes.ts'
import { devicesFilter } from './devices-filter.ts'
import { checkedNotification } from './notification.ts'
import { typeNamed } from './platforms.ts'
import { appsOf, messageOf, ownApp } from './server.ts'
import { contentOf } from './v2-content.ts'

/** The credential is checked before the body (sending.md 5.5). */
async function entered(c: Request) {
  const token = /^token +(\S+)\s*$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? ''
  const apps = await appsOf({ c, token })
  return { c, token, apps, body: await readJsonObject(c) }
}

export async function notify(c: Request): Promise<Response> {
  const { token, body } = await entered(c)
  const given = addressingOf(body)
  if (!given || (isObject(body.segment) && isObject(body.transactional)))
    throw argument('exactly one of segment and transactional is required')
  const app = await ownApp({ c, token }, (await c.get('tenant').find())?.app ?? null)
  if (!isObject(given.payload)) throw argument('payload is required')
  const { notification, types, ignored } = contentOf(given.payload)
  const schedule = scheduleOf(given.schedule, body.segment === given)
  const checked = checkedNotification({
    ...notification,
    ...listOf(given, body.segment === given),
    platforms: given.platforms,
    dynamic_content_placeholders: given.dynamic_content_placeholders,
  })
  const audience = narrowed(checked.draft.audience, types)
  const filter = body.segment === given ? await segmentOf(c, app, given) : undefined
  const others = ['campaign', 'frequency_capping', 'send_rate', 'message_type', 'meta_data'].filter(
    (name) => name in given,
  )
  const draft = {
    ...checked.draft,
    audience: { ...audience, ...(filter && { filter }) },
    ...(schedule && { schedule }),
    ignored: [...(checked.draft.ignored ?? []), ...ignored, ...others],
  }
  const [accepted] = await c.get('gateway').messages.accept(app, [draft])
  return c.json({ result: { message_code: accepted?.externalId } })
}

function scheduleOf(given: unknown, required: boolean): Schedule | undefined {
  if (given === undefined || given === null) {
    if (required) throw argument('schedule is required')
    return undefined
  }
  const at = isObject(given) && typeof given.at === 'string' ? new Date(given.at) : null
  if (!at || Number.isNaN(at.getTime())) throw argument('schedule.at must be a time')
  return { at }
}

const LISTS: Readonly<Record<string, 'devices' | 'users'>> = {
  hwids: 'devices',
  push_tokens: 'devices',
  users: 'users',
}

/** The audience of a transactional message: exactly one list. */
function listOf(given: Json, segment: boolean): Json {
  if (segment) return {}
  const named = Object.entries(LISTS).filter(([name]) => given[name] !== undefined && given[name] !== null)
  const [first] = named
  if (!first || named.length > 1) throw argument('one of hwids, users and push_tokens is required')
  const list = given[first[0]]
  return { [first[1]]: isObject(list) ? (list.list ?? []) : list }
}

/** A platform without content gets no message. */
function narrowed(audience: Audience, names: readonly string[]): Audience {
  const types = names.map(typeNamed).filter((type) => type !== undefined)
  const platforms = new Set(types.map(platformOf))
  const left = audience.platforms?.filter((one) => platforms.has(one)) ?? []
  const browsers = left.includes('web') && { platformNames: audience.platformNames ?? types.map(String) }
  return { ...audience, platforms: left, ...(browsers && onlyThese(browsers.platformNames, types)) }
}

const onlyThese = (wanted: readonly string[], types: readonly number[]) => ({
  platformNames: wanted.filter((one) => types.map(String).includes(one)),
})

async function segmentOf(c: Request, app: DialectApp, { code, expression, filter_expression }: Json) {
  if (code !== undefined && code !== null) throw new GatewayError('not_found', 'segment not found')
  const source = expression ?? filter_expression
  const codes = await codesOf(c, source)
  return devicesFilter(source, new Set(codes.filter(({ id }) => id === app.app.id).map((one) => one.code)))
}

export async function cancel(c: Request): Promise<Response> {
  const { apps, body } = await entered(c)
  const { message_code: code } = body
  if (typeof code !== 'string' || code === '') throw argument('message_code is required')
  const found = await messageOf({ c }, apps, code)
  if (!found) {
    const others = await c.get('gateway').messages.known(DIALECT, code)
    if (others) throw new GatewayError('forbidden', 'the message belongs to another account')
    throw new GatewayError('not_found', 'message not found')
  }
  const outcome = await c.get('gateway').messages.cancel({ app: found.app, externalId: code })
  if (outcome !== 'cancelled') throw argument('the message is over')
  return c.json({})
}
