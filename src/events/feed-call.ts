import { Webhook } from 'standardwebhooks'
import type { FeedItem } from '../domain/feed.ts'
import type { TellFeed } from '../gateway/feed-calls.ts'
import type { Outbound } from '../outbound/outbound.ts'
import { sha256Hex } from '../secrets/hash.ts'

/** How long a receiver may take to answer, in milliseconds, and how much of an answer is read. */
const TIMEOUT = 10_000
const ANSWER = { bytes: 16 * 1024, milliseconds: 5000 }
/** Characters of an answer that operators are shown. */
const SHOWN = 200
const SECOND = 1000

interface Deps {
  readonly outbound: Outbound
  /** An event as the feed of the admin API shows it. */
  readonly present: (item: FeedItem) => object
}

/**
 * Sends a receiver one event, signed according to Standard Webhooks: `type`, `timestamp` and `data`, the
 * event as the feed shows it. Any 2xx is a delivery; a redirect is not, and is not followed.
 */
export function createTellFeed({ outbound, present }: Deps): TellFeed {
  return async ({ url, secret, item, id, at }) => {
    const { kind, appId } = item.event
    const data = present(item)
    const body = JSON.stringify({ type: kind, timestamp: item.event.at.toISOString(), app: appId, data })
    // Headers allow only some characters, and Standard Webhooks forbids dots in ids.
    const messageId = /^[\w-]{1,100}$/.test(id) ? id : sha256Hex(id)
    try {
      const response = await outbound.send(new URL(url), {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'User-Agent': 'Pushport',
          'Webhook-Id': messageId,
          'Webhook-Timestamp': String(Math.floor(at.getTime() / SECOND)),
          'Webhook-Signature': new Webhook(secret).sign(messageId, at, body),
        },
        body,
        milliseconds: TIMEOUT,
        answer: ANSWER,
      })
      if (response.ok) {
        await response.body?.cancel()
        return { status: response.status, error: null }
      }
      const { status } = response
      const pause = pauseOf(response)
      return { status, error: await reason(response, data), ...(pause !== undefined && { pause }) }
    } catch (error) {
      return { status: null, error: faultOf(error) }
    }
  }
}

/** An overloaded receiver may say when to retry. */
function pauseOf({ status, headers }: Response): number | undefined {
  if (status !== 429 && status !== 503) return undefined
  const seconds = Number(headers.get('retry-after') ?? '')
  return seconds > 0 ? seconds * SECOND : status === 429 ? 60 * SECOND : undefined
}

async function reason(response: Response, data: object): Promise<string> {
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel()
    return 'a redirect, which is not followed'
  }
  const text = await response.text().catch(() => '')
  return masked(text, data).slice(0, SHOWN)
}

/** Values that name a device or a person; they are removed if a receiver repeats them in its answer. */
const NAMED = ['deviceId', 'externalId']
const NAMED_OF_DEVICE = ['id', 'externalId', 'installationId', 'token', 'userId', 'name']
/** Texts that look like secrets or addresses, whoever they belong to. */
const LIKELY = /\S{24,}|[^\s@"']+@[^\s@"']+|\+?\d[\d ().-]{7,}/g

function masked(text: string, data: object): string {
  const device: unknown = Reflect.get(data, 'device')
  const told = [
    ...NAMED.map((name) => Reflect.get(data, name)),
    ...(typeof device === 'object' && device ? NAMED_OF_DEVICE.map((name) => Reflect.get(device, name)) : []),
  ]
  const known = told.filter((one): one is string => typeof one === 'string' && one.length > 2)
  const without = known.reduce((all, one) => all.replaceAll(one, '…'), text)
  return without
    .replace(LIKELY, '…')
    .replace(/\s+/g, ' ')
    .replaceAll(/[\0\p{Cc}\p{Cs}]/gu, '')
    .trim()
}

/** The innermost cause with a message of its own: either ours or the system's. */
function faultOf(error: unknown): string {
  let cause = error
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause
  const text = cause instanceof Error ? cause.message || cause.name : 'no answer'
  return text.slice(0, SHOWN)
}
