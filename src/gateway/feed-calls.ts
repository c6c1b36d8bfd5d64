import type { FeedItem, FeedPlace } from '../domain/feed.ts'
import type { FeedSettlement, TakenHook } from '../store/store.ts'
import { createConsumer } from '../work/consumer.ts'
import { type FeedDeps, feedHookContext } from './feed-hooks.ts'
import { type Answered, FeedRound, type Telling, THRESHOLD, type Told } from './feed-round.ts'

export type { Answered } from './feed-round.ts'

/** A call to a receiver. */
export interface FeedCall {
  readonly url: string
  readonly secret: string
  readonly item: FeedItem
  /** The event's id: the same for every attempt and replay. */
  readonly id: string
  readonly at: Date
}

/** Makes one call; never throws. */
export type TellFeed = (call: FeedCall) => Promise<Answered>

/** Limits on calls to feed receivers, per runtime. */
export interface FeedPace {
  /** Most receivers called in parallel. */
  readonly hooks: number
  /** Most parallel calls to one receiver. */
  readonly each: number
  /** Most events read at once for a receiver. */
  readonly page: number
  /** A turn starts no call after this many milliseconds. */
  readonly turn: number
  /** One `deliver` starts no turn after this many turns or milliseconds. */
  readonly most: number
  readonly milliseconds: number
}

/**
 * Sends events to feed receivers. Each receiver has its own position in the feed; a turn sends one page, in order per device.
 * A rejected event is retried for a day while others continue, except later events of its device. A receiver that fails
 * repeatedly is paused and then probed with a single call.
 */
export interface FeedCalls {
  /** Starts due turns; returns their number. Calls `ended` after each. */
  begin(tell: TellFeed, ended: (fault?: unknown) => void): Promise<number>
  /** Runs turns until none is due or the limits are reached; returns their number. */
  deliver(tell: TellFeed): Promise<number>
  idle(): Promise<void>
  /** Deletes expired letters; returns the number of rows. */
  sweep(batch: number): Promise<number>
}

const SECOND = 1000
/** Longer than any turn. */
const LEASE = 60 * SECOND
/** The longest delay before a retry, in milliseconds. */
const LONGEST_WAIT = 8 * 3600 * SECOND
/** How soon a receiver without new events is checked again, in milliseconds. */
const QUIET = SECOND
const LONGEST_REST = 3600 * SECOND
/** A receiver that has failed for this long is stopped. */
const GIVEN_UP = 5 * 86_400 * SECOND
/** Most letters retried per turn. */
const LETTERS = 20

interface Deps extends FeedDeps {
  readonly pace: FeedPace
}

export function createFeedCalls(deps: Deps): FeedCalls {
  const { store, vault, now, ids, pace } = deps
  const hooks = store.feedHooks
  const consumer = createConsumer<Leased>({
    source: {
      async claim(terms, at) {
        if (!(await hooks.due(terms, at))) return []
        const taken = await hooks.claim(terms, at)
        return taken.map((hook) => ({ hook, horizon: terms.horizon }))
      },
      key: ({ hook }) => hook.id,
    },
    ...{ now, newLease: ids.row, lease: LEASE, longestWait: LONGEST_WAIT, atOnce: pace.hooks },
  })
  const making = (tell: TellFeed) => async (leased: Leased, held: { readonly lease: string }) => {
    const { hook } = leased
    const secret = await vault.open(hook.sealed, feedHookContext(hook.id))
    const telling = (item: FeedItem, id: string) => tell({ url: hook.url, secret, item, id, at: now() })
    const told = await turnOf(deps, leased, telling)
    await hooks.settle({ ...told, lease: held.lease, hook })
  }
  return {
    begin: (tell, ended) => consumer.begin(making(tell), ended),
    deliver: (tell) => consumer.drain(making(tell), pace),
    idle: consumer.idle,
    sweep: (batch) => hooks.dropStrays(batch),
  }
}

interface Leased {
  readonly hook: TakenHook
  readonly horizon: Date
}
type Outcome = Omit<FeedSettlement, 'lease' | 'hook'>

/** One turn of a receiver: due letters first, then one page of new events. */
async function turnOf(deps: Deps, { hook, horizon }: Leased, tell: Telling): Promise<Outcome> {
  const { store, feed, now, pace } = deps
  const app = await store.apps.get(hook.appId)
  const quiet = { ...outcomeOf(hook, now()), dueAt: new Date(now().getTime() + QUIET) }
  if (!app) return { ...quiet, stopped: 'gone' }
  const round = new FeedRound({ hook, tell, now, each: pace.each, end: performance.now() + pace.turn })
  const probing = hook.failures >= THRESHOLD

  const due = await store.feedHooks.letters(hook.id, horizon, probing ? 1 : LETTERS, now())
  const items = await Promise.all(due.map((letter) => store.feedHooks.item(hook.appId, letter, now())))
  await round.again(due.map((letter, at) => ({ letter, item: items[at] ?? null })))
  if (round.stopped || (probing && due.length > 0)) return settled(hook, round.told(hook.place), now())

  const read = await feed.read(app, hook.place, probing ? 1 : pace.page).catch((error: unknown) => {
    if ((error as { readonly code?: unknown }).code === 'conflict') return null
    throw error
  })
  if (!read) return { ...settled(hook, round.told(hook.place), now()), stopped: 'history' }
  const devices = read.items.flatMap(({ event, device }) => device?.id ?? event.deviceId ?? [])
  // Read after the page, so letters parked since then are this turn's own.
  const held = devices.length > 0 ? await store.feedHooks.held(hook.id, devices) : new Set<string>()
  const last = await round.page(read.items, held)
  const place = last === read.items.length ? read.next : (read.items[last - 1]?.place ?? hook.place)
  const told = round.told(place)
  const idle = !read.more && last === read.items.length && told.calls === 0
  return idle && due.length === 0 ? { ...quiet, place } : settled(hook, told, now())
}

const outcomeOf = (hook: TakenHook, at: Date): Outcome => ({
  ...{ place: hook.place, failures: hook.failures, failingSince: hook.failingSince, tries: hook.tries },
  ...{ stopped: null, delivered: 0, last: null, dueAt: at, at, parked: [], arrived: [] },
})

/** The result of a turn: when the receiver is due next, and whether it is stopped. */
function settled(hook: TakenHook, told: Told & { readonly place: FeedPlace }, at: Date): Outcome {
  const { place, failures, tries, gone, pause, delivered, last, parked, arrived } = told
  const failingSince = failures === 0 ? null : (hook.failingSince ?? at)
  const rests = failures >= THRESHOLD ? Math.min(2 ** Math.min(failures, 12) * SECOND, LONGEST_REST) : 0
  const wait = Math.max(rests, Math.min(pause, LONGEST_REST))
  const givenUp = failingSince !== null && at.getTime() - failingSince.getTime() > GIVEN_UP
  return {
    ...{ place, failures, failingSince, tries, delivered, last, parked, arrived, at },
    stopped: gone ? 'gone' : givenUp ? 'failing' : null,
    dueAt: new Date(at.getTime() + wait),
  }
}
