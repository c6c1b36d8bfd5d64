import { type Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import * as z from 'zod'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import type { Happening } from '../gateway/activity.ts'
import { check } from '../wire/check.ts'
import type { Answer } from './answers/answer.ts'
import type * as A from './answers/index.ts'

const HOUR = 3_600_000
const MOST_HOURS = 31 * 24
/** Most streams in this process or isolate, and the duration of a stream, after which clients reconnect. */
const MOST_STREAMS = 50
const LASTS = 5 * 60_000
const LOOKS_EVERY = 400
const SAYS_EVERY = 15_000

const app = z.string().min(1).max(200).optional()
const ActivityQuery = z.strictObject({
  app,
  hours: z
    .string()
    .regex(/^[0-9]{1,3}$/, `must be a whole number from 1 to ${MOST_HOURS}`)
    .transform(Number)
    .refine((hours) => hours >= 1 && hours <= MOST_HOURS, `must be a whole number from 1 to ${MOST_HOURS}`)
    .default(24),
})

/** Routes for statistics and live views of calls. */
export function activityRoutes(dialects: readonly string[]) {
  const LiveQuery = z.strictObject({
    app,
    dialect: z.enum(dialects).optional(),
    kind: z.enum(['registered', 'refreshed', 'refused']).optional(),
    after: z
      .string()
      .regex(/^[0-9]{1,15}$/, 'must be an event number')
      .transform(Number)
      .optional(),
  })
  let streams = 0

  return new Hono<AppEnv>()
    .get('/activity', check('query', ActivityQuery), async (c) => {
      const { app, hours } = c.req.valid('query')
      const { activity, directory } = c.var.gateway
      if (app !== undefined) await directory.app(app)
      await activity.flush()
      const from = Math.floor(c.var.now().getTime() / HOUR) - hours + 1
      return c.json(presentActivity(from, await activity.since(app ?? null, from)))
    })

    .get('/live', check('query', LiveQuery), (c) => {
      const { app, dialect, kind, after } = c.req.valid('query')
      if (streams >= MOST_STREAMS)
        throw new GatewayError('rate_limited', 'Too many clients are watching.', { retryAfter: 30 })
      const wanted = (one: Happening) =>
        (app === undefined || one.app === app) &&
        (dialect === undefined || one.dialect === dialect) &&
        (kind === undefined || one.kind === kind)
      streams++
      return stream(c, wanted, after, () => {
        streams--
      })
    })
}

/** Server-sent events, read from memory, so that an open page costs no query. */
function stream(
  c: Context<AppEnv>,
  wanted: (one: Happening) => boolean,
  after: number | undefined,
  ended: () => void,
) {
  const { activity } = c.var.gateway
  let seen = after !== undefined && after <= activity.last() ? after : activity.last()
  return streamSSE(c, async (sse) => {
    try {
      const until = Date.now() + LASTS
      let said = 0
      while (!sse.aborted && !sse.closed && Date.now() < until) {
        for (const one of activity.after(seen)) {
          seen = one.number
          if (wanted(one))
            await sse.writeSSE({
              id: String(one.number),
              event: one.kind,
              data: JSON.stringify(presentHappening(one)),
            })
        }
        if (Date.now() - said >= SAYS_EVERY) {
          said = Date.now()
          // Keeps proxies from closing the connection, and sends the position for reconnecting.
          await sse.writeSSE({ id: String(seen), event: 'here', data: '' })
        }
        await sse.sleep(LOOKS_EVERY)
      }
    } finally {
      ended()
    }
  })
}

const presentHappening = ({ number, at, ...one }: Happening) => ({ id: number, at: at.toISOString(), ...one })

const presentActivity = (
  from: number,
  counts: Awaited<ReturnType<AppEnv['Variables']['gateway']['activity']['since']>>,
): Answer<typeof A.ActivityReport> => ({
  from: new Date(from * HOUR).toISOString(),
  counts: counts.map(({ hour, kind, dialect, facet, count }) => ({
    ...{ hour: new Date(hour * HOUR).toISOString(), kind, dialect, facet, count },
  })),
})
