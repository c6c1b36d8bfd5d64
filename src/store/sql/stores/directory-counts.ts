import type { DirectoryStore } from '../../store.ts'
import { BY_ID } from '../keyset.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as C from '../statements/counters.ts'
import { devicesInUse } from '../statements/room.ts'
import { pageOf, topicPlace } from './pages.ts'

const DAY = 86_400_000
/** Days for which registrations are counted by date. */
const DAYS = 30

/** The part of `DirectoryStore` that reads the counters. */
export function directoryCounts(db: Db, clock: () => Date): Pick<DirectoryStore, 'topics' | 'stats'> {
  return {
    async topics(appId, { after, limit }) {
      const values = { app: appId, ...BY_ID.values(after), limit, now: clock().getTime() }
      const [rows] = await db.read([call(C.topicCounts, values)])
      return pageOf(rows, limit, (row) => row, topicPlace)
    },

    async stats(appId, now) {
      const first = new Date(now.getTime() - (DAYS - 1) * DAY)
      const [counts, perDay, [use]] = await db.read([
        call(C.deviceCounts, { app: appId, now: now.getTime() }),
        call(C.registrationsPerDay, { app: appId, firstDay: first.toISOString().slice(0, 10) }),
        call(devicesInUse, { app: appId }),
      ])
      return { ...summed(counts), inUse: use?.n ?? 0, perDay }
    },
  }
}

/** Sums the counters of devices by each part of their names. */
function summed(counts: readonly { name: string; devices: number }[]) {
  const rows = counts.map(({ name, devices }) => {
    const [dialect = '', platform = '', provider = '', active] = name.split('/')
    return { dialect, platform, provider, active: active === '1', devices }
  })
  const sum = (some: typeof rows) => some.reduce((total, row) => total + row.devices, 0)
  const by = (part: 'dialect' | 'platform' | 'provider') => {
    const totals: Record<string, number> = {}
    for (const { [part]: name, devices } of rows) {
      if (name !== '') totals[name] = (totals[name] ?? 0) + devices
    }
    return totals
  }
  return {
    total: sum(rows),
    active: sum(rows.filter((row) => row.active)),
    byDialect: by('dialect'),
    byPlatform: by('platform'),
    byProvider: by('provider'),
  }
}
