import { PROVIDERS } from '../../../domain/push-token.ts'
import type { DeviceFilter, DirectoryStore, Installation, PageRequest } from '../../store.ts'
import { commit, read } from '../plan.ts'
import type { Db } from '../port.ts'
import { toDevice } from '../rows.ts'
import { call } from '../statement.ts'
import * as C from '../statements/counters.ts'
import { deviceById } from '../statements/devices.ts'
import * as Q from '../statements/directory.ts'
import { removeById } from '../statements/removal.ts'
import { audited } from './audit.ts'
import { removing } from './removing.ts'
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
      const values = pageValues(appId, filter, page)
      const source = sourceOf(filter)
      const { rows, end } = await read(db, {
        rows: call(Q.devicePage[source], values),
        end: call(Q.deviceWalkEnd[source], values),
      })
      const whole = pageOf(rows, page.limit, toDevice)
      return { ...whole, next: whole.next ?? cursorAt(cutOf(end)) }
    },

    async device(appId, id) {
      const [[row]] = await db.read([call(deviceById, { app: appId, id })])
      return row ? toDevice(row) : null
    },

    async removeDevice(appId, id, occasion, entry) {
      const values = { app: appId, id, ...occasionValues(occasion) }
      const { removed } = await commit(db, {
        ...removing(removeById, values),
        audit: audited(entry),
      })
      return removed.length > 0
    },

    async history(appId, deviceId) {
      const [rows] = await db.read([call(Q.history, { app: appId, id: deviceId })])
      return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail), at: new Date(row.at) }))
    },

    async installations(appId, filter, page) {
      const values = pageValues(appId, filter, page)
      const source = await installationSource(appId, filter)
      const [{ tokens, tokenless }, ends] = [Q.installationPage[source], Q.installationWalkEnd[source]]
      const { withToken, without, tokensEnd, tokenlessEnd } = await read(db, {
        withToken: call(tokens, values),
        without: call(tokenless, values),
        tokensEnd: call(ends.tokens, values),
        tokenlessEnd: call(ends.tokenless, values),
      })
      // A half that filled the page is known as far as that reaches; the other only as far as its walk went.
      const cuts = [
        withToken.length > page.limit ? [] : tokensEnd,
        without.length > page.limit ? [] : tokenlessEnd,
      ]
      const cut = cuts.map(cutOf).reduce((one, other) => (later(one, other) ? one : other))
      const seen = [...withToken, ...without].filter((row) => cut === undefined || !later(cut, row))
      const rows = seen.sort((one, other) => (later(one, other) ? -1 : 1)).slice(0, page.limit + 1)
      const found = await devicesOf(
        appId,
        rows.map((row) => row.id),
      )
      const whole = pageOf(rows, page.limit, ({ id }) => found.get(id))
      // A row may have gone between the two reads; the cursor goes by what the first one saw.
      const items = whole.items.filter((one) => one !== undefined)
      return { items, next: whole.next ?? cursorAt(cut) }
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

  /** Tokens are found from their devices, unless these are too many: then they are walked like all. */
  async function installationSource(appId: string, filter: DeviceFilter): Promise<Q.Source> {
    const source = sourceOf(filter)
    const owner = source === 'user' ? filter.user : source === 'q' ? filter.q?.text : undefined
    if (owner === undefined) return source
    const [[count]] = await db.read([call(Q.manyOfUser, { app: appId, owner, most: MOST_SORTED })])
    return (count?.n ?? 0) < MOST_SORTED ? source : 'all'
  }

  function pageValues(appId: string, filter: DeviceFilter, { cursor, limit }: PageRequest) {
    const { tag, q, externalId, tokenHashes } = filter
    const equals = tag?.indexOf('=') ?? -1
    return {
      app: appId,
      now: clock().getTime(),
      dialect: filter.dialect ?? null,
      platform: filter.platform ?? null,
      provider: filter.provider ?? null,
      topic: filter.topic ?? null,
      user: filter.user ?? null,
      model: filter.model ?? null,
      appVersion: filter.appVersion ?? null,
      externalIds: externalId === undefined ? null : json([externalId]),
      tokenHashes: tokenHashes ? json(tokenHashes) : null,
      providers: json(PROVIDERS),
      q: q?.text ?? null,
      qNames: json(q ? [q.text] : []),
      qHashes: json(q?.tokenHashes ?? []),
      tag: tag ?? null,
      tagName: tag?.slice(0, Math.max(equals, 0)) ?? null,
      tagValue: tag?.slice(equals + 1) ?? null,
      active: filter.active === undefined ? null : filter.active ? 1 : 0,
      ...cursorValues(cursor),
      limit: limit + 1,
      walk: WALK,
      walked: WALK - 1,
    }
  }
}

/** Rows that one page looks at, at most; and devices of a user that it sorts. */
const WALK = 2000
const MOST_SORTED = 1000

/** The filter that leaves the fewest rows says where to look. */
function sourceOf({ tokenHashes, externalId, q, user }: DeviceFilter): Q.Source {
  if (tokenHashes) return 'tokens'
  if (externalId !== undefined) return 'externalId'
  if (q) return 'q'
  return user === undefined ? 'all' : 'user'
}

interface Place {
  readonly id: string
  readonly created_at: number
}
/** Where a walk stopped that had more before it. */
const cutOf = ([end, more]: readonly Place[]): Place | undefined => (more ? end : undefined)
const cursorAt = (place: Place | undefined) => (place ? { at: place.created_at, id: place.id } : null)
/** Whether one comes before the other in a list that begins with the newest; nowhere comes last. */
const later = (one: Place | undefined, other: Place | undefined): boolean =>
  one !== undefined &&
  (other === undefined ||
    one.created_at > other.created_at ||
    (one.created_at === other.created_at && one.id > other.id))

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
