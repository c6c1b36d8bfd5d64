import { type FeedHook, type Letter, MOST_FEED_HOOKS, MOST_LETTERS } from '../../../domain/feed-hook.ts'
import type { FeedHookStore, FeedSettlement, TakenHook } from '../../contract/feed-hooks.ts'
import type { AuditEntry } from '../../store.ts'
import { commit, type Plan, read } from '../plan.ts'
import type { Db } from '../port.ts'
import { toDevice, toEvent } from '../rows.ts'
import { call } from '../statement.ts'
import { feedEvent, goingTopics } from '../statements/feed.ts'
import * as H from '../statements/feed-hooks.ts'
import { audited } from './audit.ts'
import { anyDueIn } from './claiming.ts'
import { withoutGoing } from './going.ts'
import { pageOf } from './pages.ts'
import { claimValues, json } from './values.ts'

const dated = (at: number | null) => (at === null ? null : new Date(at))
const timed = (at: Date | null) => at?.getTime() ?? null

/** Operations for operators. */
function setups(db: Db): Pick<FeedHookStore, 'create' | 'list' | 'secret' | 'change' | 'remove' | 'replay'> {
  const one = async (appId: string, id: string) => (await list(appId)).find((hook) => hook.id === id) ?? null
  async function list(appId: string) {
    const [rows] = await db.read([call(H.hookList, { app: appId })])
    return rows.map(toHook)
  }
  /** Changes a receiver and reads it back. */
  async function changed(appId: string, id: string, plan: Plan & { readonly changed: Plan[string] }) {
    const { changed: rows } = (await commit(db, plan)) as { readonly changed: readonly unknown[] }
    return rows.length > 0 ? one(appId, id) : null
  }

  return {
    async create({ id, appId, kinds, place, ...draft }, now, entry) {
      const [, event, inside] = place
      const values = {
        ...{ ...draft, hook: id, app: appId, event, inside, now: now.getTime(), most: MOST_FEED_HOOKS },
        kinds: kinds && json(kinds),
      }
      const { made, app } = await commit(db, {
        made: call(H.createHook, values),
        noted: audited(entry),
        app: call(H.anApp, { app: appId }),
      })
      if (app.length === 0) return 'gone'
      if (made.length > 0) return (await one(appId, id)) ?? 'gone'
      return (await list(appId)).length >= MOST_FEED_HOOKS ? 'full' : 'taken'
    },

    list,

    async secret(app, hook) {
      const [[row]] = await db.read([call(H.hookSecret, { app, hook })])
      return row?.sealed ?? null
    },

    change: (app, hook, { url, kinds, stopped }, now, entry) =>
      changed(app, hook, {
        changed: call(H.changeHook, {
          ...{ app, hook, url: url ?? null, now: now.getTime() },
          kinds: kinds ? json(kinds) : null,
          replace: kinds === undefined ? 0 : 1,
          stop: stopped === undefined ? null : Number(stopped),
        }),
        noted: audited(entry),
      }),

    async remove(app, hook, entry) {
      const plan = { removed: call(H.removeHook, { app, hook }), noted: audited(entry) }
      return (await commit(db, plan)).removed.length > 0
    },

    async replay(app, hook, [, event, inside], now, entry) {
      const values = { app, hook, event, inside, now: now.getTime() }
      return changed(app, hook, {
        changed: call(H.replayHook, values),
        noted: audited(entry),
        dropped: call(H.dropToldAgain, values),
      })
    },
  }
}

/** Claims of receivers and their results. */
function claims(db: Db): Pick<FeedHookStore, 'due' | 'claim' | 'settle'> {
  return {
    due: ({ horizon }, now) => anyDueIn(db, [H.anyDue], { now: now.getTime(), horizon: horizon.getTime() }),

    async claim(claim, now) {
      const [rows] = await db.commit([call(H.claimHooks, claimValues(claim, now))])
      if (rows.length === 0) return []
      const counts = await db.read(
        rows.map(({ id }) => call(H.lettersWaiting, { hook: id, most: MOST_LETTERS })),
      )
      return rows.map(
        (row, at): TakenHook => ({
          id: row.id,
          appId: row.app_id,
          url: row.url,
          kinds: row.kinds === null ? null : JSON.parse(row.kinds),
          sealed: row.sealed,
          place: [0, row.event, row.part],
          epoch: row.epoch,
          failures: row.failures,
          failingSince: dated(row.failing_since),
          tries: row.tries,
          waiting: counts[at]?.[0]?.waiting ?? 0,
        }),
      )
    },

    async settle(settlement) {
      // Not repeatable: deliveries would be counted twice.
      await commit(db, settling(settlement))
    },
  }
}

type Letters = Omit<FeedHookStore, keyof ReturnType<typeof setups> | keyof ReturnType<typeof claims>>
/** Events not yet delivered, and replays. */
function letters(db: Db): Letters {
  return {
    async letters(hook, horizon, limit, now) {
      const values = { hook, horizon: horizon.getTime(), limit, now: now.getTime() }
      const [rows] = await db.read([call(H.dueLetters, values)])
      return rows.map(toLetter)
    },

    async held(hook, devices) {
      const [rows] = await db.read([call(H.heldDevices, { hook, devices: json(devices) })])
      return new Set(rows.map(({ device }) => device))
    },

    async item(app, { event, part, device }, at) {
      const now = at.getTime()
      const { found, devices, going } = await read(db, {
        found: call(feedEvent, { app, event }),
        devices: call(H.itemDevice, { app, device, now }),
        going: call(goingTopics, { app }),
      })
      const [row] = found
      if (!row) return null
      const [of] = devices
      const place = [0, event, part] as const
      return { event: toEvent(row), device: of ? withoutGoing(toDevice(of), going) : null, place }
    },

    async deliveries(hook, dead, { after, limit }) {
      const values = { ...H.BY_PLACE.values(after), hook, gone: dead ? 1 : 0, limit }
      const [rows] = await db.read([call(H.letterPage, values)])
      return pageOf(rows, limit, toLetter, ({ event, part }) => [event, part] as const)
    },

    async retry(hook, { event, part }, now, entry?: AuditEntry) {
      const values = { hook, event, inside: part, now: now.getTime() }
      const { tried } = await commit(db, {
        tried: call(H.retryLetter, values),
        noted: audited(entry),
        woken: call(H.wakeHook, values),
      })
      return tried.length > 0
    },

    async since(at) {
      const [[bounds]] = await db.read([call(H.eventBounds, {})])
      let [low, high] = [bounds?.first ?? 0, (bounds?.last ?? 0) + 1]
      // Binary search for the first event at or after the time, since ids grow with time.
      while (low < high) {
        const middle = Math.floor((low + high) / 2)
        const [[row]] = await db.read([call(H.eventFrom, { event: middle })])
        if (!row || row.at >= at.getTime()) high = middle
        else low = row.id + 1
      }
      return [0, Math.max(0, low - 1), '']
    },

    async dropStrays(batch) {
      const plan = { old: call(H.dropOutdated, { batch }), lost: call(H.dropOrphans, { batch }) }
      const { old, lost } = await commit(db, plan)
      return old.length + lost.length
    },
  }
}

export const feedHookStore = (db: Db): FeedHookStore => ({ ...setups(db), ...claims(db), ...letters(db) })

const letterValues = ({ dead, at, triedAt, dueAt, ...letter }: Letter) => ({
  ...letter,
  ...{ dead: Number(dead), at: at.getTime(), triedAt: timed(triedAt), dueAt: timed(dueAt) },
})

function settling({ lease, hook, parked, arrived, last, ...to }: FeedSettlement) {
  const [, event, inside] = to.place
  const devices = [...new Set([...parked, ...arrived].map(({ device }) => device))]
  const values = {
    ...{ hook: hook.id, app: hook.appId, lease, epoch: hook.epoch, event, inside },
    ...{ fails: to.failures, failingSince: timed(to.failingSince), tries: to.tries },
    ...{ stopReason: to.stopped, delivered: to.delivered, dueAt: to.dueAt.getTime(), most: MOST_LETTERS },
    ...{ lastAt: timed(last?.at ?? null), lastStatus: last?.status ?? null, lastError: last?.error ?? null },
    ...{ parked: json(parked.map(letterValues)), arrived: json(arrived), devices: json(devices) },
    now: to.at.getTime(),
  }
  return {
    arrived: arrived.length > 0 ? [call(H.dropArrived, values)] : [],
    parked: parked.length > 0 ? [call(H.parkLetters, values)] : [],
    next: devices.length > 0 ? [call(H.nextLetters, values)] : [],
    dead: parked.some(({ dead }) => dead) ? [call(H.dropDead, values)] : [],
    moved: call(H.moveHook, values),
    released: call(H.releaseHook, values),
  }
}

const toHook = (row: H.FeedHookRow): FeedHook => ({
  id: row.id,
  appId: row.app_id,
  name: row.name,
  url: row.url,
  kinds: row.kinds === null ? null : JSON.parse(row.kinds),
  place: [0, row.event, row.part],
  stopped: row.stopped as FeedHook['stopped'],
  failures: row.failures,
  failingSince: dated(row.failing_since),
  delivered: row.delivered,
  last:
    row.last_at === null
      ? null
      : { at: new Date(row.last_at), status: row.last_status, error: row.last_error },
  dueAt: new Date(row.due_at),
  waiting: row.waiting,
  dead: row.dead,
  createdAt: new Date(row.created_at),
  updatedAt: new Date(row.updated_at),
})

const toLetter = (row: H.LetterRow): Letter => ({
  event: row.event,
  part: row.part,
  kind: row.kind,
  device: row.device,
  dead: row.dead === 1,
  tries: row.tries,
  status: row.status,
  error: row.error,
  at: new Date(row.at),
  triedAt: dated(row.tried_at),
  dueAt: dated(row.due_at),
})
