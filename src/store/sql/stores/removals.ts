import type { Occasion, RemovalStore, ScopeRemoval } from '../../store.ts'
import { commit, type Outcome, type Plan } from '../plan.ts'
import type { Call, Db } from '../port.ts'
import { call } from '../statement.ts'
import { anyDue as anyTopicDue, claimGoing } from '../statements/catalogue.ts'
import type { Extent } from '../statements/removal-extents.ts'
import {
  anyDue,
  claimRemoval,
  PIECES,
  type RemovalRow,
  release,
  startRemoval,
} from '../statements/removals.ts'
import { anyDueIn, leaseFrom } from './claiming.ts'
import { removing } from './removing.ts'
import { topicRemovalOf, topicRemovals } from './topic-removals.ts'
import { claimValues, occasionValues } from './values.ts'

/** Devices per batch, and rows per table. A device is on a dozen pages, each of which is written twice. */
const PIECE = { batch: 100, rows: 500 }
const SMALL_PIECE = { batch: 30, rows: 120 }
/** Batches before the answer, enough for small removals. */
const AT_ONCE = 5

/** The scope of a removal; an absent member means any. */
export interface RemovalOf {
  readonly appId: string
  readonly dialect?: string
  readonly userId?: string
  /** A keyed hash of the user, if all rows naming the user are removed. */
  readonly subject?: string | undefined
}

const valuesOf = ({ appId, dialect, userId, subject }: RemovalOf, occasion: Occasion) => ({
  removal: String(crypto.randomUUID()),
  app: appId,
  dialect: dialect ?? null,
  userId: userId ?? null,
  subject: subject ?? '',
  erase: userId !== undefined && dialect !== undefined ? 0 : 1,
  ...leaseFrom(occasion.at),
  ...occasionValues(occasion),
})
type Values = Omit<ReturnType<typeof valuesOf>, 'change' | 'until'> & typeof PIECE

/** The calls of one batch: the removed devices, and a row once the removal is done. `last`: the lease ends with it. */
function pieceOf(extent: Extent, values: Values, last = false) {
  const { before, devices, finish, after } = PIECES[extent]
  return {
    before: before.map((one) => call(one, values)),
    ...removing(devices, values),
    finished: call(finish, values),
    after: after.map((one) => call(one, values)),
    released: last ? [call(release, values)] : [],
  }
}

function extentOf({ dialect, userId }: { dialect?: string | null; userId?: string | null }): Extent {
  if (typeof userId === 'string') return typeof dialect === 'string' ? 'userOfDialect' : 'user'
  return typeof dialect === 'string' ? 'dialect' : 'app'
}

/** Other parts of the plan that begins a removal. */
interface Around<Before extends Plan, After extends Plan> {
  readonly before?: Before
  /** Directly after the statement that begins the first removal. */
  readonly opened?: readonly Call[]
  readonly after?: After
}

type Nothing = Readonly<Record<never, never>>
interface Begun<Before, After> {
  readonly before: Outcome<Before>
  readonly after: Outcome<After>
  readonly devices: number
}

export interface Removals extends RemovalStore {
  /**
   * Begins removals in one plan together with other changes, and processes their first batches. `devices`: the number removed
   * so far, at least 1 if some are left.
   */
  begin<const Before extends Plan = Nothing, const After extends Plan = Nothing>(
    of: readonly RemovalOf[],
    occasion: Occasion,
    around?: Around<Before, After>,
  ): Promise<Begun<Before, After>>
}

export function removals(db: Db): Removals {
  const piece = db.inThread ? SMALL_PIECE : PIECE
  const topics = topicRemovals(db)

  /** After an erasure, removes deleted data from the database's files, too. */
  async function scrubbed({ erase }: Values): Promise<void> {
    if (erase === 1) await db.scrub?.()
  }

  /** Not repeatable: a second run would process, and count, the next batch. */
  async function proceed(extent: Extent, values: Values, last: boolean) {
    const { removed, finished } = await commit(db, pieceOf(extent, values, last))
    await db.drain?.()
    const done = finished.length > 0
    if (done) await scrubbed(values)
    return { devices: removed.length, done }
  }

  /** Further batches before the answer, after the first one. */
  async function rest({ extent, values }: { extent: Extent; values: Values }): Promise<number> {
    let devices = 0
    for (let piece = 2; piece <= AT_ONCE; piece++) {
      const did = await proceed(extent, values, piece === AT_ONCE)
      devices += did.devices
      if (did.done) return devices
    }
    return Math.max(devices, 1)
  }

  return {
    async begin<const Before extends Plan, const After extends Plan>(
      of: readonly RemovalOf[],
      occasion: Occasion,
      { before, opened = [], after }: Around<Before, After> = {},
    ) {
      const begun = of.map((one) => ({
        extent: extentOf(one),
        values: { ...valuesOf(one, occasion), ...piece },
      }))
      const outcome = await commit(db, {
        before: before ?? {},
        begun: begun.map(({ extent, values }, at) => ({
          start: call(startRemoval, values),
          opened: at === 0 ? opened : [],
          piece: pieceOf(extent, values),
        })),
        after: after ?? {},
      })
      let devices = 0
      for (const [at, one] of begun.entries()) {
        const { removed = [], finished = [] } = outcome.begun[at]?.piece ?? {}
        devices += removed.length
        if (finished.length === 0) devices += await rest(one)
        else await scrubbed(one.values)
      }
      // A part that was not given has no results.
      return { before: outcome.before as Outcome<Before>, after: outcome.after as Outcome<After>, devices }
    },

    async claim(claim, now) {
      const values = claimValues(claim, now)
      if (!(await anyDueIn(db, [anyDue, anyTopicDue], values))) return []
      const plan = { scopes: call(claimRemoval, values), topics: call(claimGoing, values) }
      const { scopes, topics: going } = await commit(db, plan)
      return [...scopes.map(toRemoval), ...going.map(topicRemovalOf)]
    },

    async proceed(removal, { lease, last }) {
      const app = removal.appId
      if ('topic' in removal) {
        const { dialect, topic: name } = removal
        const held = last ? { lease: null, until: 0 } : { lease, until: null }
        return topics.proceed({ app, dialect, name, ...held })
      }
      const { done } = await proceed(extentOf(removal), { ...goingOn(removal), lease, ...piece }, last)
      return !done
    },
  }
}

const goingOn = ({ id, appId, dialect, userId, subject, erases, cause, at }: ScopeRemoval) => ({
  ...{ removal: id, app: appId, dialect, userId, subject, cause },
  ...{ erase: erases ? 1 : 0, now: at.getTime(), keeps: 0 as const },
})

const toRemoval = ({ app_id, user_id, erase, mark, at, ...row }: RemovalRow): ScopeRemoval => ({
  ...row,
  appId: app_id,
  userId: user_id,
  subject: mark ?? '',
  erases: erase === 1,
  at: new Date(at),
})
