import type { Clock } from '../domain/ids.ts'
import type { Retention } from '../domain/retention.ts'
import type { Store } from '../store/store.ts'
import type { Apps } from './apps.ts'
import type { Outbox } from './outbox.ts'

/** Work that is done without a request, in pieces. */
export interface Chore {
  readonly name: string
  /** One bounded piece, on its own as good as many; false or 0 where nothing waits. Two may run at once anywhere. */
  readonly step: () => Promise<number | boolean>
  /** Most pieces of it in one run, for pieces that take many times what others do. */
  readonly most?: number
}

/** A chore that removes what is old waits until the clock is believed. */
interface OwnChore extends Chore {
  readonly ages?: boolean
}

/** What one run may use: no piece begins once either is used up. */
export interface Budget {
  readonly milliseconds: number
  readonly steps: number
}

export interface MaintenanceReport {
  /** What each chore did: the sum of what its pieces said. */
  readonly done: Readonly<Record<string, number>>
  /** A chore that failed is left until the next run; the others go on. */
  readonly faults: readonly { readonly chore: string; readonly error: unknown }[]
  /** Whether something may be left to do. */
  readonly more: boolean
}

/** Expiry and retention, and whatever else waits; resumed by running it again. */
export interface Maintenance {
  /** One piece of what is being removed; false where nothing is. */
  remove(): Promise<boolean>
  run(budget: Budget, further?: readonly Chore[]): Promise<MaintenanceReport>
}

export interface MaintenanceDeps {
  readonly store: Store
  readonly now: Clock
  readonly retention: Retention
  readonly outbox: Pick<Outbox, 'dropAbandoned'>
  readonly apps: Pick<Apps, 'flushUsed'>
}

/** Rows of one piece: a few milliseconds of work for the database, during which it serves nobody else. */
const BATCH = 100
const DAY = 86_400_000

export function createMaintenance(deps: MaintenanceDeps): Maintenance {
  const { store, now, retention, apps, outbox } = deps
  const { upkeep } = store
  const daysAgo = (days: number) => new Date(now().getTime() - days * DAY)
  const occasion = () => ({ at: now(), cause: 'maintenance' })
  const { historyDays, receiptDays, tombstoneDays, supersededDays } = retention
  const ages = true
  const chores: readonly OwnChore[] = [
    { name: 'expiry', ages, step: () => upkeep.expireDevices(BATCH, occasion()) },
    { name: 'history', ages, step: () => upkeep.dropHistory(daysAgo(historyDays), BATCH) },
    { name: 'receipts', ages, step: () => upkeep.dropReceipts(daysAgo(receiptDays), BATCH) },
    { name: 'tombstones', ages, step: () => upkeep.dropTombstones(daysAgo(tombstoneDays), BATCH) },
    {
      name: 'superseded',
      ages,
      step: () => upkeep.dropSuperseded(daysAgo(supersededDays), BATCH, occasion()),
    },
    { name: 'counters', step: () => upkeep.dropSpentCounters(BATCH) },
    { name: 'calls', step: () => outbox.dropAbandoned(BATCH) },
    { name: 'removals', step: store.removals.step },
    { name: 'audit', step: () => store.audit.drop(daysAgo(retention.historyDays), BATCH) },
    { name: 'credentials', step: apps.flushUsed },
  ]

  return {
    remove: store.removals.step,
    async run(budget, further = []) {
      const done: Record<string, number> = {}
      const faults: { chore: string; error: unknown }[] = []
      const end = performance.now() + budget.milliseconds
      const all: readonly OwnChore[] = [...chores, ...further]
      const waiting = all.map((chore) => ({ chore, left: chore.most ?? budget.steps }))
      let more = false
      let believed: Promise<boolean> | undefined
      const stepOf = async ({ ages: old, step }: OwnChore) => {
        if (!old) return step()
        believed ??= upkeep.noteTime(now())
        return (await believed) ? step() : 0
      }
      // In turns, so that a chore with much to do keeps none of the others from their share.
      for (let step = 0; step < budget.steps && performance.now() < end; step++) {
        const next = waiting.shift()
        if (!next) break
        const { chore, left } = next
        try {
          const did = Number(await stepOf(chore))
          if (did === 0) continue
          done[chore.name] = (done[chore.name] ?? 0) + did
          if (left > 1) waiting.push({ chore, left: left - 1 })
          else more = true
        } catch (error) {
          faults.push({ chore: chore.name, error })
        }
      }
      return { done, faults, more: more || waiting.length > 0 }
    },
  }
}
