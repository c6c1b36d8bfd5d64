import { PROVIDERS } from '../../domain/push-token.ts'
import type { Call, Db } from '../port.ts'
import { toDevice } from '../rows.ts'
import { call } from '../statement.ts'
import * as C from '../statements/counters.ts'
import { deviceById } from '../statements/devices.ts'
import * as Q from '../statements/directory.ts'
import { removeById } from '../statements/removal.ts'
import type { DeviceFilter, DirectoryStore, Installation, PageRequest } from '../store.ts'
import { audited } from './audit.ts'
import { cursorValues, json, occasionValues, pageOf } from './values.ts'

const DAY = 86_400_000
/** How far back registrations are counted by day. */
const DAYS = 30

export function directoryStore(db: Db, clock: () => Date): DirectoryStore {
  async function devicesOf(appId: string, ids: readonly string[]): Promise<Map<string, Installation>> {
    const values = { app: appId, ids: json(ids), now: clock().getTime() }
    const [rows] = await db.read([call(Q.installationDevices, values)])
    const found = new Map<string, Installation>()
    for (const device of rows.map(toDevice)) {
      const id = device.pushToken?.id ?? device.id
      found.set(id, { id, devices: [...(found.get(id)?.devices ?? []), device] })
    }
    return found
  }

  return {
    async devices(appId, filter, page) {
      const [rows] = await db.read([call(Q.devicePage(used(filter)), pageValues(appId, filter, page))])
      return pageOf(rows, page.limit, toDevice)
    },

    async device(appId, id) {
      const [[row]] = await db.read([call(deviceById, { app: appId, id })])
      return row ? toDevice(row) : null
    },

    async removeDevice(appId, id, occasion, entry) {
      const values = { app: appId, id, ...occasionValues(occasion) }
      const plan = removeById.plan.map((statement) => call(statement, values))
      const results = await db.commit([...plan, ...audited(entry)] as Call[])
      return (results[plan.length - 1] ?? []).length > 0
    },

    async history(appId, deviceId) {
      const [rows] = await db.read([call(Q.history, { app: appId, id: deviceId })])
      return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail), at: new Date(row.at) }))
    },

    async installations(appId, filter, page) {
      const [rows] = await db.read([call(Q.installationPage(used(filter)), pageValues(appId, filter, page))])
      const found = await devicesOf(
        appId,
        rows.map((row) => row.id),
      )
      const whole = pageOf(rows, page.limit, ({ id }) => found.get(id))
      // A row may have gone between the two reads; the cursor goes by what the first one saw.
      return { ...whole, items: whole.items.filter((one) => one !== undefined) }
    },

    async installation(appId, id) {
      return (await devicesOf(appId, [id])).get(id) ?? null
    },

    async topics(appId, { after, limit }) {
      const values = { app: appId, after, limit: limit + 1, now: clock().getTime() }
      const [rows] = await db.read([call(C.topicCounts, values)])
      const items = rows.slice(0, limit)
      return { items, next: rows.length > limit ? (items.at(-1)?.topic ?? null) : null }
    },

    async stats(appId, now) {
      const first = new Date(now.getTime() - (DAYS - 1) * DAY)
      const [counts, perDay] = await db.read([
        call(C.deviceCounts, { app: appId, now: now.getTime() }),
        call(C.registrationsPerDay, { app: appId, since: first.toISOString().slice(0, 10) }),
      ])
      return { ...summed(counts), perDay }
    },
  }

  function pageValues(appId: string, filter: DeviceFilter, { cursor, limit }: PageRequest): Call['values'] {
    return {
      app: appId,
      now: clock().getTime(),
      dialect: filter.dialect ?? null,
      platform: filter.platform ?? null,
      provider: filter.provider ?? null,
      topic: filter.topic ?? null,
      user: filter.user ?? null,
      tokenHashes: json(filter.tokenHashes ?? []),
      providers: json(PROVIDERS),
      active: filter.active ? 1 : 0,
      ...cursorValues(cursor),
      limit: limit + 1,
    }
  }
}

/** The counters of devices, summed by each part of their names. */
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

const used = (filter: DeviceFilter) => Q.FILTERS.filter((name) => filter[name] !== undefined)
