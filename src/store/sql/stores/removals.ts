import type { Occasion, RemovalStore } from '../../store.ts'
import type { Call, Db } from '../port.ts'
import { call } from '../statement.ts'
import { type Extent, oldestRemoval, PIECES, startRemoval } from '../statements/removals.ts'
import { occasionValues } from './values.ts'

/** Devices of one piece, and rows of one table. A device lies on a dozen pages, each of which is written twice. */
const PIECE = { batch: 100, rows: 500 }
const SMALL_PIECE = { batch: 30, rows: 120 }
/** Pieces that are done before the answer: what is small is gone by then. */
const AT_ONCE = 5

/** What is to be removed; an absent member means any. */
export interface RemovalOf {
  readonly appId: string
  readonly dialect?: string
  readonly userId?: string
}

type Values = Call['values']

/** The calls of one piece, and where among them the devices and the end of the removal are answered. */
function pieceOf(extent: Extent, values: Values) {
  const { before, devices, finish, after } = PIECES[extent]
  const statements = [...before, ...devices.plan, finish, ...after]
  return {
    calls: statements.map((statement) => call(statement, values)),
    removedAt: before.length + devices.plan.length - 1,
    finishedAt: before.length + devices.plan.length,
  }
}

function extentOf({ dialect, userId }: { dialect?: string | null; userId?: string | null }): Extent {
  if (typeof userId === 'string') return typeof dialect === 'string' ? 'userOfDialect' : 'user'
  return typeof dialect === 'string' ? 'dialect' : 'app'
}

/** What else belongs to the plan that begins a removal. */
interface Around {
  readonly before?: readonly Call[]
  /** Right behind what begins the first of them. */
  readonly opened?: readonly Call[]
  readonly after?: readonly Call[]
}

export interface Removals extends RemovalStore {
  /**
   * Begins removals in one plan with what else must happen at that moment, and does their first pieces. `devices`: how
   * many went by now, at least 1 where some are left.
   */
  begin(
    of: readonly RemovalOf[],
    occasion: Occasion,
    around?: Around,
  ): Promise<{ readonly before: unknown[][]; readonly after: unknown[][]; readonly devices: number }>
}

export function removals(db: Db): Removals {
  const piece = db.inThread ? SMALL_PIECE : PIECE
  const valuesOf = ({ appId, dialect, userId }: RemovalOf, occasion: Occasion): Values => ({
    removal: crypto.randomUUID(),
    app: appId,
    dialect: dialect ?? null,
    userId: userId ?? null,
    erase: userId !== undefined && dialect !== undefined ? 0 : 1,
    ...piece,
    ...occasionValues(occasion),
  })

  /** The end of what was to leave no trace, in the files neither. */
  async function scrubbed({ erase }: Values): Promise<void> {
    if (erase === 1) await db.scrub?.()
  }

  /** Up to so many pieces. Not repeatable: the second time would do, and count, the next piece. */
  async function proceed({ extent, values }: { extent: Extent; values: Values }, pieces: number) {
    const { calls, removedAt, finishedAt } = pieceOf(extent, values)
    let devices = 0
    for (let done = 0; done < pieces; done++) {
      const results: unknown[][] = await db.commit(calls)
      devices += (results[removedAt] ?? []).length
      if ((results[finishedAt] ?? []).length > 0) {
        await scrubbed(values)
        return devices
      }
    }
    return Math.max(devices, 1)
  }

  return {
    async begin(of, occasion, { before = [], opened = [], after = [] } = {}) {
      const begun = of.map((one) => ({ extent: extentOf(one), values: valuesOf(one, occasion) }))
      const first = begun.map(({ extent, values }) => pieceOf(extent, values))
      const opening = first.map(({ calls }, at) => [
        call(startRemoval, begun[at]?.values ?? {}),
        ...(at === 0 ? opened : []),
        ...calls,
      ])
      const results: unknown[][] = await db.commit([...before, ...opening.flat(), ...after])
      let place = before.length
      let devices = 0
      for (const [at, one] of begun.entries()) {
        const { calls = [], removedAt = 0, finishedAt = 0 } = first[at] ?? {}
        place += opening[at]?.length ?? 0
        const answers = results.slice(place - calls.length, place)
        devices += (answers[removedAt] ?? []).length
        if ((answers[finishedAt] ?? []).length === 0) devices += await proceed(one, AT_ONCE - 1)
        else await scrubbed(one.values)
      }
      return { before: results.slice(0, before.length), after: results.slice(place), devices }
    },

    async step() {
      const [[row]] = await db.read([call(oldestRemoval, {})])
      if (!row) return false
      const { id, app_id: app, dialect, user_id: userId, erase, cause, at } = row
      const values = { removal: id, app, dialect, userId, erase, cause, now: at, ...piece }
      await proceed({ extent: extentOf({ dialect, userId }), values }, 1)
      return true
    },
  }
}
