import type { TimePlace } from '../../../domain/page.ts'
import type { DeviceStore } from '../../store.ts'
import { NEWEST } from '../keyset.ts'
import type { Db } from '../port.ts'
import { toDevice } from '../rows.ts'
import { call } from '../statement.ts'
import { clientStep } from '../statements/client-list.ts'
import { deviceByKey } from '../statements/devices.ts'
import { deviceOfSubscriptions, devicesBetween } from '../statements/subscriptions.ts'
import { look } from './look.ts'
import { json, keyValues } from './values.ts'

type Lookups = Pick<DeviceStore, 'findByKey' | 'look' | 'findByPrefix' | 'findBySubscriptions' | 'listStep'>

const placeOf = (end: { readonly at: number; readonly id: string } | undefined): TimePlace | null =>
  end ? [end.at, end.id] : null

/** The read-only part of `DeviceStore`. */
export function deviceLookups(db: Db): Lookups {
  return {
    async findByKey(key, now) {
      const [[row]] = await db.read([call(deviceByKey, { now: now.getTime(), ...keyValues(key) })])
      return row ? toDevice(row) : null
    },

    look: (draft, now, lists) => look(db, draft, now.getTime(), lists),

    async findByPrefix({ appId, dialect }, prefix, { now, limit }) {
      // The greatest character: every text with the prefix sorts before it.
      const bounds = { from: prefix, to: `${prefix}\u{10ffff}` }
      const values = { app: appId, dialect, ...bounds, now: now.getTime(), limit }
      const [rows] = await db.read([call(devicesBetween, values)])
      return rows.map(toDevice)
    },

    async findBySubscriptions({ appId, dialect }, ids, now) {
      const values = { app: appId, dialect, ids: json(ids), now: now.getTime() }
      const [[row]] = await db.read([call(deviceOfSubscriptions, values)])
      return row ? toDevice(row) : null
    },

    async listStep({ appId, dialect }, { user, platform, active }, { after, scan, offset, limit }, now) {
      const values = {
        app: appId,
        dialect,
        userId: user ?? null,
        platform: platform ?? null,
        active: active === undefined ? null : active ? 1 : 0,
        now: now.getTime(),
        ...NEWEST.values(after),
        scan,
        limit,
        offset,
      }
      const of = clientStep[user === undefined ? 'all' : 'user']
      const counts = [call(of.count, values), call(of.end, values)] as const
      // A window never has more matches than rows.
      if (limit === 0 || offset >= scan) {
        const [[count], [end]] = await db.read(counts)
        return { items: [], matches: count?.matches ?? 0, end: placeOf(end) }
      }
      const [[count], [end], rows] = await db.read([...counts, call(of.rows, values)])
      return { items: rows.map(toDevice), matches: count?.matches ?? 0, end: placeOf(end) }
    },
  }
}
