import { type Context, Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import type { FeedFrom, FeedRead } from '../gateway/feed.ts'
import { check } from '../wire/check.ts'
import { presentFeedItem } from './present-feed.ts'
import { appId } from './request.ts'
import { CURSORS, FeedQuery } from './schema.ts'

/** Interval between checks for new events while a client waits, in milliseconds. */
const EVERY = 1000
/** The duration of a stream, after which clients reconnect, and the interval of its keep-alive messages; milliseconds. */
const LONGEST_STREAM = 300_000
const SIGN_OF_LIFE = 15_000
/** Most waiting clients in this process: each queries the store every second. */
const MOST_WAITING = 100

const pause = (milliseconds: number) => new Promise((resume) => setTimeout(resume, milliseconds))

/** Routes for the events of an app's devices: as pages, by long polling, or as server-sent events. */
export function feedRoutes() {
  let waiting = 0

  return new Hono<AppEnv>().get('/apps/:app/events', check('query', FeedQuery), async (c) => {
    const { after, limit, wait } = c.req.valid('query')
    const app = await c.var.gateway.directory.app(appId(c))
    const from = lastSeen(c) ?? after ?? 'start'
    const read = (place: FeedFrom) => c.var.gateway.feed.read(app, place, limit)

    if (c.req.header('accept')?.includes('text/event-stream')) {
      if (waiting >= MOST_WAITING) throw tooMany()
      // Read before the stream starts, so that an invalid position gets an error response.
      const first = await read(from)
      waiting++
      return streamed(first, read, () => void waiting--)
    }

    let page = await read(from)
    if (wait > 0 && waiting < MOST_WAITING) {
      waiting++
      try {
        const end = Date.now() + wait * 1000
        while (page.items.length === 0 && (page.more || Date.now() < end) && !c.req.raw.signal.aborted) {
          if (!page.more) await pause(Math.min(EVERY, end - Date.now()))
          page = { ...(await read(page.next)), complete: page.complete }
        }
      } finally {
        waiting--
      }
    }
    const { items, next, more, complete } = page
    return c.json({ events: items.map(presentFeedItem), next: CURSORS.events.encode(next), more, complete })
  })
}

const tooMany = () =>
  new GatewayError('unavailable', `${MOST_WAITING} readers are already waiting.`, { retryAfter: 5 })

/** The position where a stream broke off, sent by clients that reconnect. */
function lastSeen(c: Context<AppEnv>) {
  const id = c.req.header('last-event-id')
  return id === undefined ? undefined : (CURSORS.events.decode(id) ?? undefined)
}

/** Reads as fast as the client does, and ends if it disconnects. */
function streamed(
  first: FeedRead,
  read: (place: FeedFrom) => Promise<FeedRead>,
  ended: () => void,
): Response {
  const encoder = new TextEncoder()
  const end = Date.now() + LONGEST_STREAM
  let page: FeedRead | undefined = first
  let next = first.next
  let quietSince = Date.now()
  let open = true
  const close = () => {
    if (open) ended()
    open = false
  }
  const stream = new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(encoder.encode('retry: 1000\n\n')),
      async pull(controller) {
        try {
          while (open && Date.now() < end) {
            page ??= await read(next)
            const { items, more } = page
            next = page.next
            page = undefined
            if (items.length > 0) {
              quietSince = Date.now()
              return controller.enqueue(encoder.encode(items.map(eventText).join('')))
            }
            if (more) continue
            await pause(EVERY)
            if (Date.now() - quietSince < SIGN_OF_LIFE) continue
            quietSince = Date.now()
            return controller.enqueue(encoder.encode(`: ${CURSORS.events.encode(next)}\n\n`))
          }
          close()
          controller.close()
        } catch (error) {
          close()
          controller.error(error)
        }
      },
      cancel: close,
    },
    { highWaterMark: 1 },
  )
  return new Response(stream, {
    headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' },
  })
}

function eventText(item: FeedRead['items'][number]): string {
  const shown = presentFeedItem(item)
  return `id: ${shown.cursor}\nevent: ${shown.kind}\ndata: ${JSON.stringify(shown)}\n\n`
}
