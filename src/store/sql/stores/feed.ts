import type { EventKind } from '../../../domain/event.ts'
import type { FeedItem, FeedPlace } from '../../../domain/feed.ts'
import type { FeedPage, FeedStore } from '../../contract/feed.ts'
import { read } from '../plan.ts'
import type { Db } from '../port.ts'
import { toDevice, toEvent } from '../rows.ts'
import { call } from '../statement.ts'
import * as F from '../statements/feed.ts'
import { withoutGoing } from './going.ts'

/** Most events of all apps scanned per page. */
const WALK = 2000

const behind = (id: number): FeedPlace => [0, id, '']
const none: FeedPage = { items: [], next: behind(0), more: false }

const OF_USER: ReadonlySet<string> = new Set<EventKind>(['tagsChanged', 'profileChanged'])

/** The user whose devices an event is about; null for an event about a single device or none. */
function userOf(row: F.FeedRow): string | null {
  if (row.device_id !== '' || !OF_USER.has(row.kind)) return null
  const { userId } = JSON.parse(row.detail) as { userId?: unknown }
  return typeof userId === 'string' ? userId : null
}

export function feedStore(db: Db): FeedStore {
  /** Turns an event about a user's devices into one item per device. */
  async function ofUser(
    app: string,
    row: F.FeedRow,
    from: string,
    limit: number,
    now: number,
  ): Promise<FeedPage> {
    const values = { app, now, dialect: row.dialect, user: userOf(row), device: from, limit: limit + 1 }
    const { going, rows } = await read(db, {
      rows: call(F.feedUserDevices, values),
      going: call(F.goingTopics, { app }),
    })
    const event = toEvent(row)
    const items = rows.slice(0, limit).map((one): FeedItem => {
      const device = withoutGoing(toDevice(one), going)
      return { event, device, place: [0, row.event, device.id] }
    })
    const last = items.at(-1)
    const next = rows.length > limit && last ? last.place : behind(row.event)
    return { items, next, more: true }
  }

  return {
    async page(app, [, afterId, device], limit, at) {
      const now = at.getTime()
      if (device !== '') {
        const [[row]] = await db.read([call(F.feedEvent, { app, event: afterId })])
        return row ? ofUser(app, row, device, limit, now) : { ...none, next: behind(afterId), more: true }
      }
      const values = { app, now, afterEvent: afterId, limit, walk: WALK }
      const { rows, devices, going, end } = await read(db, {
        end: call(F.walkEnd, values),
        rows: call(F.feedPage, values),
        devices: call(F.feedDevices, values),
        going: call(F.goingTopics, { app }),
      })
      const [walk] = end
      if (!walk) return { ...none, next: behind(afterId) }
      const [first] = rows
      if (first && userOf(first) !== null) return ofUser(app, first, '', limit, now)
      const found = new Map(devices.map((one) => [one.id, withoutGoing(toDevice(one), going)]))
      const cut = rows.findIndex((row) => userOf(row) !== null)
      const kept = cut < 0 ? rows : rows.slice(0, cut)
      const items = kept.map((row): FeedItem => {
        return { event: toEvent(row), device: found.get(row.device_id) ?? null, place: behind(row.event) }
      })
      const full = kept.length === limit || cut >= 0
      const last = kept.at(-1)
      const next = full && last ? last.event : walk.id
      return { items, next: behind(next), more: full || walk.walked === WALK }
    },

    async end(app) {
      const [[row]] = await db.read([call(F.feedEnd, { app })])
      return behind(row?.id ?? 0)
    },

    async dropped(app) {
      const [[row]] = await db.read([call(F.droppedHistory, { app })])
      return row ? { place: behind(row.id), at: new Date(row.at) } : null
    },
  }
}
