/** External receivers of the feed, which store the calls and know nothing else of the gateway. */
import { Webhook } from 'standardwebhooks'
import { presentFeedItem } from '../../src/admin/present-feed.ts'
import { createTellFeed } from '../../src/events/feed-call.ts'
import { createOutbound } from '../../src/outbound/outbound.ts'
import type { World } from '../identity/kit.ts'
import type { FeedEvent } from './replica.ts'

export interface Got {
  readonly id: string
  readonly type: string
  readonly app: string
  readonly data: FeedEvent
}
/** How a receiver answers; by default 204. */
export type Answering = (got: Got) => Response | undefined

export interface FeedWebhook {
  readonly id: string
  readonly url: string
  readonly secret: string
  readonly cursor: string
  readonly stopped: string | null
  readonly waiting: number
  readonly dead: number
  readonly delivered: number
  readonly failures: number
  readonly restingUntil: string | null
  readonly last: { readonly status: number | null; readonly error: string | null } | null
}

/** An app with receivers; `tell` is what a process does once a second. */
export function receivers(world: World) {
  const { h, appId } = world
  const known = new Map<string, { secret: string; answers: Answering; got: Got[] }>()
  const fetch = async (url: string, init: RequestInit) => {
    const receiver = known.get(url)
    // Webhooks of other tests.
    if (!receiver) return new Response(null, { status: 204 })
    const headers = Object.fromEntries(new Headers(init.headers))
    new Webhook(receiver.secret).verify(String(init.body), {
      ...headers,
      'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
      'webhook-signature': resigned(receiver.secret, headers, String(init.body)),
    })
    const got = { ...JSON.parse(String(init.body)), id: headers['webhook-id'] } as Got
    const answer = receiver.answers(got) ?? new Response(null, { status: 204 })
    if (answer.ok) receiver.got.push(got)
    return answer
  }
  const outbound = createOutbound({ allowPrivate: false, fetch })
  const tell = createTellFeed({ outbound, present: presentFeedItem })

  return {
    async create(more: Record<string, unknown> = {}, answers: Answering = () => undefined) {
      const url = `https://hooks.example/${crypto.randomUUID()}`
      const response = await h.admin('POST', `/apps/${appId}/webhooks`, {
        ...{ name: url.slice(-36), url, ...more },
      })
      if (response.status !== 201) throw new Error(await response.text())
      const hook = await response.json<FeedWebhook>()
      const receiver = { secret: hook.secret, answers, got: [] as Got[] }
      known.set(url, receiver)
      return { hook, receiver }
    },
    tell: () => h.gateway.feedCalls.deliver(tell),
    async state(id: string) {
      const response = await h.admin('GET', `/apps/${appId}/webhooks/${id}`)
      if (response.status !== 200) throw new Error(await response.text())
      return response.json<FeedWebhook>()
    },
    /** Why events were given up. */
    async errors(id: string) {
      const response = await h.admin('GET', `/apps/${appId}/webhooks/${id}/deliveries?state=dead&limit=100`)
      if (response.status !== 200) throw new Error(await response.text())
      const { deliveries } = await response.json<{ deliveries: { error: string }[] }>()
      return [...new Set(deliveries.map(({ error }) => error))]
    },
  }
}

/**
 * The library reads its own clock, which is not the gateway's: the signature is checked against the time when
 * it was made.
 */
function resigned(secret: string, headers: Record<string, string>, body: string): string {
  const { 'webhook-id': id = '', 'webhook-timestamp': at = '', 'webhook-signature': given } = headers
  const made = new Webhook(secret).sign(id, new Date(Number(at) * 1000), body)
  if (made !== given) throw new Error('the signature is wrong')
  return new Webhook(secret).sign(id, new Date(Math.floor(Date.now() / 1000) * 1000), body)
}
