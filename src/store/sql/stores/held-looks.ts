import type { TimePlace } from '../../../domain/page.ts'
import type { Counts, HeldOf } from '../../store.ts'
import { OLDEST } from '../keyset.ts'
import { read } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import {
  heldElsewhere,
  heldInLists,
  heldOnDevices,
  heldOnFormer,
  listsEnd,
  windowDevices,
  windowEnd,
} from '../statements/held.ts'
import { timePlace } from './pages.ts'

/** The user's devices scanned per step. */
const WINDOW = 20_000
const SMALL_WINDOW = 2000
/** Waiting calls with lists of users scanned per step; each may name a thousand. */
const LISTS = 100

const KINDS = ['events', 'receipts', 'calls', 'work', 'jobRows', 'clients', 'copies', 'keptStates'] as const
export type Kind = (typeof KINDS)[number]

/** Keys of the rows found, by kind. */
type Found = ReadonlyMap<string, Set<string>>
export const keysOf = (found: Found, kind: string): Set<string> => found.get(kind) ?? new Set()

/** The start of the next step; null if nothing is left. */
interface Place {
  readonly devices: TimePlace | 'all' | null
  readonly list: string | null
}

interface Look {
  readonly devices: number
  readonly next: Place
}

/** Most rows to find. */
interface Most {
  readonly devices: number
  /** Per kind of row. */
  readonly rows: number
}

/**
 * Finds the rows of one window of devices, the users of one window of calls with lists and, in the first step, other rows
 * that name the user.
 */
async function look(db: Db, of: HeldOf, { devices, list }: Place, most: number, found: Found): Promise<Look> {
  const values = {
    app: of.appId,
    userId: of.userId,
    subject: of.subject,
    window: db.inThread ? SMALL_WINDOW : WINDOW,
    lists: LISTS,
    list: list ?? '',
    most,
    ...OLDEST.values(devices === 'all' ? null : devices),
  }
  const asked = [
    ...Object.entries(devices === null ? {} : heldOnDevices),
    ...Object.entries(devices === null ? {} : heldOnFormer),
    ...Object.entries(devices === 'all' ? heldElsewhere : {}),
    ...Object.entries(list === null ? {} : heldInLists),
  ]
  const wanted = asked.filter(([kind]) => keysOf(found, kind).size < most)
  const result = await read(db, {
    end: devices === null ? [] : [call(windowEnd, values)],
    counted: devices === null ? [] : [call(windowDevices, values)],
    lists: list === null ? [] : [call(listsEnd, values)],
    keys: wanted.map(([, one]) => call(one, values)),
  })
  for (const [at, [kind]] of wanted.entries()) {
    for (const { key } of result.keys[at] ?? []) keysOf(found, kind).add(key)
  }
  const [end, last] = [result.end[0]?.[0], result.lists[0]?.[0]]
  const next = { devices: end ? timePlace(end) : null, list: last?.id ?? null }
  return { devices: result.counted[0]?.[0]?.n ?? 0, next }
}

/**
 * Finds rows that name a user or belong to the user's devices, up to a limit per kind, window by window; `between` runs
 * before each further window.
 */
export async function lookThrough(db: Db, of: HeldOf, most: Most, between?: () => Promise<void>) {
  const found: Found = new Map(KINDS.map((kind) => [kind, new Set()]))
  let { devices, next } = await look(db, of, { devices: 'all', list: '' }, most.rows, found)
  while ((next.devices || next.list !== null) && devices < most.devices) {
    await between?.()
    const more = await look(db, of, next, most.rows, found)
    devices += more.devices
    next = more.next
  }
  const rows = [...found].map(([kind, { size }]) => [kind, Math.min(size, most.rows)])
  const counts: Counts = { devices: Math.min(devices, most.devices), ...Object.fromEntries(rows) }
  return { counts, found }
}
