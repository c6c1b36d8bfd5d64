import type { TimePlace } from '../../../domain/page.ts'
import type { Counts } from '../../store.ts'
import { OLDEST } from '../keyset.ts'
import { read } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import { heldElsewhere, heldOnDevices, windowDevices, windowEnd } from '../statements/held.ts'
import { timePlace } from './pages.ts'

/** Devices of the user that one look goes through. */
const WINDOW = 20_000
const SMALL_WINDOW = 2000

const KINDS = ['events', 'receipts', 'calls', 'work', 'jobRows', 'clients'] as const
export type Kind = (typeof KINDS)[number]

/** Keys of what was found, by its kind. */
type Found = ReadonlyMap<string, Set<string>>
export const keysOf = (found: Found, kind: string): Set<string> => found.get(kind) ?? new Set()

interface User {
  readonly appId: string
  readonly userId: string
}
interface Look {
  readonly devices: number
  /** Where the next window begins; null where there is none. */
  readonly next: TimePlace | null
}

/** How many it looks for, at most. */
interface Most {
  readonly devices: number
  /** Of each kind. */
  readonly rows: number
}

/** Finds what hangs on one window of devices and, with the first one, what names the user elsewhere. */
async function look(db: Db, of: User, behind: TimePlace | null, most: number, found: Found): Promise<Look> {
  const values = {
    app: of.appId,
    userId: of.userId,
    window: db.inThread ? SMALL_WINDOW : WINDOW,
    most,
    ...OLDEST.values(behind),
  }
  const asked = [...Object.entries(heldOnDevices), ...(behind ? [] : Object.entries(heldElsewhere))]
  const wanted = asked.filter(([kind]) => keysOf(found, kind).size < most)
  const { end, counted, keys } = await read(db, {
    end: call(windowEnd, values),
    counted: call(windowDevices, values),
    keys: wanted.map(([, one]) => call(one, values)),
  })
  for (const [at, [kind]] of wanted.entries()) {
    for (const { key } of keys[at] ?? []) keysOf(found, kind).add(key)
  }
  const next = end[0] ? timePlace(end[0]) : null
  return { devices: counted[0]?.n ?? 0, next }
}

/**
 * Finds what names a user or hangs on the user's devices, up to the most of each, window by window; `between` runs
 * before each further window.
 */
export async function lookThrough(db: Db, of: User, most: Most, between?: () => Promise<void>) {
  const found: Found = new Map(KINDS.map((kind) => [kind, new Set()]))
  let { devices, next } = await look(db, of, null, most.rows, found)
  while (next && devices < most.devices) {
    await between?.()
    const more = await look(db, of, next, most.rows, found)
    devices += more.devices
    next = more.next
  }
  const rows = [...found].map(([kind, { size }]) => [kind, Math.min(size, most.rows)])
  const counts: Counts = { devices: Math.min(devices, most.devices), ...Object.fromEntries(rows) }
  return { counts, found }
}
