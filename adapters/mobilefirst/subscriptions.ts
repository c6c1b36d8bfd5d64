import type { Request } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import type { Subscription, SubscriptionOutcome } from '../../src/domain/subscription.ts'
import { isStorable } from '../../src/domain/text.ts'
import type { Json } from '../../src/wire/json.ts'
import { refused } from '../../src/wire/refused.ts'
import { requireDeviceNamed, requireOwn } from './caller.ts'
import { subscriptionCriteria } from './criteria.ts'
import { presentDevice, TAGS, userIdOf } from './devices.ts'
import { described, type Fault, fault, localized } from './errors.ts'
import { answerList } from './lists.ts'
import { type Call, link, type Operations, orDevicesWrite } from './operations.ts'
import { ANONYMOUS, optionalDeviceId, required, requiredText } from './values.ts'

function presentSubscription(c: Request, app: DialectApp, subscription: Subscription) {
  const { id, topic, device } = subscription
  return {
    deviceId: device.externalId,
    tagName: topic,
    subscriptionId: id,
    userId: device.user?.id ?? ANONYMOUS,
    href: link(c, app, 'subscriptions', id),
  }
}

/** Push Device Subscription and Push Device Subscriptions (section 5.3). */
export function subscriptionOperations(on: Operations): void {
  const write = orDevicesWrite('subscriptions.write')
  const read = orDevicesWrite('subscriptions.read')

  on.app(
    {
      method: 'POST',
      path: '/apps/:app/subscriptions',
      scopes: write,
      mobile: 'own',
      negotiated: true,
      body: 'json',
    },
    subscribe,
  )
  on.app(
    { method: 'GET', path: '/apps/:app/subscriptions/:subscription', scopes: read, negotiated: false },
    async ({ c, app }) => {
      const id = c.req.param('subscription') ?? ''
      const found = await c.get('gateway').subscriptions.find(app, id)
      if (!found) throw fault('subscriptionUnknown', id)
      const pageInfo = { count: '1', totalCount: '1', next: '', previous: '' }
      const devices = [presentDevice(c, app, found.device)]
      return c.json({ ...presentSubscription(c, app, found), devices, pageInfo })
    },
  )
  on.app(
    { method: 'DELETE', path: '/apps/:app/subscriptions/:subscription', scopes: write, negotiated: false },
    async ({ c, app }) => {
      const id = c.req.param('subscription') ?? ''
      if (!(await c.get('gateway').subscriptions.removeById(app, id, c.get('requestId'))))
        throw fault('subscriptionUnknown', id)
      return c.body(null, 204)
    },
  )
  on.app(
    {
      method: 'DELETE',
      path: '/apps/:app/subscriptions',
      scopes: write,
      mobile: 'own',
      negotiated: false,
    },
    unsubscribeByQuery,
  )
  on.app(
    { method: 'GET', path: '/apps/:app/subscriptions', scopes: read, mobile: 'own', negotiated: true },
    ({ c, app, caller }) => {
      requireDeviceNamed(caller, c.req.query('deviceId'))
      return answerList(c, {
        app,
        list: c.get('gateway').listings.subscriptions,
        criteria: subscriptionCriteria(c),
        columns: {
          subscriptions: (one) => presentSubscription(c, app, one),
          // The devices of this page without duplicates; the list is sorted by device.
          devices: ({ device }, before) =>
            before?.device.id === device.id ? null : presentDevice(c, app, device),
        },
      })
    },
  )
}

async function subscribe(call: Call): Promise<Response> {
  const { c, app, caller, body } = call
  const action = c.req.query('action')?.toLowerCase()
  if (action !== undefined && action !== 'delete') throw fault('badValue', 'action')
  const externalId = required(optionalDeviceId(body), 'deviceId')
  const bulk = body.tagNames !== undefined && body.tagNames !== null
  const names = bulk ? tagNames(body) : [requiredText(body, 'tagName')]
  userIdOf(body)
  requireOwn(caller, externalId)
  const request = { app, externalId, names, policy: TAGS, cause: c.get('requestId') }
  if (action === 'delete') {
    const outcomes = known(await c.get('gateway').subscriptions.remove(request), externalId)
    return bulkAnswer(call, outcomes, REMOVED, externalId)
  }
  const outcomes = known(await c.get('gateway').subscriptions.add(request), externalId)
  return bulk ? bulkAnswer(call, outcomes, ADDED, externalId) : singleAnswer(call, outcomes, externalId)
}

/** Most names per call; a user's choice of tags is far smaller. */
const MOST_NAMES = 1000

function tagNames(body: Json): string[] {
  const { tagNames: names } = body
  const fine =
    Array.isArray(names) && names.length > 0 && names.length <= MOST_NAMES && names.every(isTagName)
  if (!fine) throw fault('badValue', 'tagNames')
  return [...new Set(names as string[])]
}

const isTagName = (value: unknown): boolean =>
  typeof value === 'string' && value !== '' && value.length <= TAGS.maxLength && isStorable(value)

function known(outcomes: readonly SubscriptionOutcome[] | null, externalId: string) {
  if (!outcomes) throw fault('notFound', externalId)
  return outcomes
}

async function singleAnswer(
  { c, app }: Call,
  [outcome]: readonly SubscriptionOutcome[],
  externalId: string,
): Promise<Response> {
  if (!outcome?.id) throw fault('notFound', outcome?.topic ?? '')
  const userId = await userOf(c, app, externalId)
  const one = presentOutcome(c, app, outcome, externalId, userId)
  return c.json(one, outcome.changed ? 201 : 200)
}

/** The member names of a bulk call's answer (section 5.3). */
interface BulkWords {
  readonly status: 200 | 201
  readonly done: 'subscribed' | 'unsubscribed'
  /** The result for names that were not changed. */
  readonly idle: 'subscriptionExists' | 'subscriptionNotExists'
  readonly idleFault: Fault
  readonly idleCode: string
}
const ADDED: BulkWords = {
  status: 201,
  done: 'subscribed',
  idle: 'subscriptionExists',
  idleFault: 'exists',
  idleCode: 'FPWSE0011E',
}
const REMOVED: BulkWords = {
  status: 200,
  done: 'unsubscribed',
  idle: 'subscriptionNotExists',
  idleFault: 'subscriptionUnknown',
  idleCode: 'FPWSE0012E',
}

async function bulkAnswer(
  { c, app, caller }: Call,
  outcomes: readonly SubscriptionOutcome[],
  words: BulkWords,
  externalId: string,
): Promise<Response> {
  const userId = await userOf(c, app, externalId)
  const done = outcomes.filter((one) => one.changed)
  const idle = outcomes.filter((one) => !one.changed && one.known).map((one) => one.topic)
  const unknown = outcomes.filter((one) => !one.changed && !one.known).map((one) => one.topic)
  // The cloud variant's SDK requires 207 and arrays; MobileFirst's SDK crashes on an array (section 9).
  const cloud = caller.kind === 'secret'
  const language = idle.length + unknown.length > 0 ? localized(c) : 'en-US'
  const problem = (tags: readonly string[], key: Fault, code: string) => ({
    tags: cloud ? tags : `[${tags.join(', ')}]`,
    message: described(fault(key, tags.join(', ')), language).text,
    code,
  })
  if (idle.length > 0) refused(c, fault(words.idleFault))
  if (unknown.length > 0) refused(c, fault('notFound'))
  const status = cloud || done.length < outcomes.length ? 207 : words.status
  return c.json(
    {
      [words.done]: done.map((one) => presentOutcome(c, app, one, externalId, userId)),
      ...(idle.length > 0 && { [words.idle]: problem(idle, words.idleFault, words.idleCode) }),
      ...(unknown.length > 0 && { tagsNotFound: problem(unknown, 'notFound', 'FPWSE0001E') }),
    },
    status,
  )
}

function presentOutcome(
  c: Request,
  app: DialectApp,
  { topic, id }: SubscriptionOutcome,
  deviceId: string,
  userId: string,
) {
  const subscriptionId = id ?? ''
  return {
    deviceId,
    tagName: topic,
    subscriptionId,
    userId,
    href: link(c, app, 'subscriptions', subscriptionId),
  }
}

/** The device's current user; the user in a request is only checked (section 5.3). */
async function userOf(c: Request, app: DialectApp, externalId: string): Promise<string> {
  return (await c.get('gateway').devices.find({ app, externalId }))?.user?.id ?? ANONYMOUS
}

async function unsubscribeByQuery({ c, app, caller }: Call): Promise<Response> {
  const externalId = c.req.query('deviceId') ?? ''
  const tagName = c.req.query('tagName') ?? ''
  if (externalId === '') throw fault('missingQuery', 'deviceId')
  if (tagName === '') throw fault('missingQuery', 'tagName')
  requireOwn(caller, externalId)
  const request = { app, externalId, names: [tagName], policy: TAGS, cause: c.get('requestId') }
  const [outcome] = known(await c.get('gateway').subscriptions.remove(request), externalId)
  if (!outcome?.changed) throw fault(outcome?.known ? 'subscriptionUnknown' : 'notFound', tagName)
  return c.body(null, 204)
}
