import { hourOf } from '../domain/hour.ts'
import type { Clock } from '../domain/ids.ts'
import type { Retention } from '../domain/retention.ts'
import type { Store } from '../store/store.ts'
import { runInTurns } from '../work/turns.ts'
import type { Budget, Report, Work } from '../work/work.ts'
import type { ActivityLog } from './activity.ts'
import type { Apps } from './apps.ts'
import type { Copies } from './copies.ts'
import type { FeedCalls } from './feed-calls.ts'
import type { ImportUses } from './imports.ts'
import type { Operators } from './operators.ts'
import type { Outbox } from './outbox.ts'
import type { Readiness } from './readiness.ts'
import type { Removals } from './removals.ts'
import type { Undos } from './undos.ts'

/** Expiry, retention, removals and other background work; each run continues where the last one stopped. */
export interface Maintenance {
  readonly work: readonly Work[]
  /** Runs the given work, by default its own. */
  run(budget: Budget, work?: readonly Work[]): Promise<Report>
}

export interface MaintenanceDeps {
  readonly store: Store
  readonly now: Clock
  readonly retention: Retention
  readonly outbox: Pick<Outbox, 'dropAbandoned'>
  readonly apps: Pick<Apps, 'flushUsed'>
  readonly operators: Pick<Operators, 'drop'>
  readonly activity: Pick<ActivityLog, 'flush' | 'drop'>
  readonly removals: Removals
  readonly imports: Pick<ImportUses, 'sweep'>
  readonly copies: Pick<Copies, 'sweep'>
  readonly readiness: Pick<Readiness, 'step' | 'sweep'>
  readonly feedCalls: Pick<FeedCalls, 'sweep'>
  readonly undos: Pick<Undos, 'step' | 'seal'>
  /** Creates push credentials from settings that earlier versions only stored. */
  readonly adopt: () => Promise<boolean>
}

/** Rows per step: a few milliseconds, during which the database serves nothing else. */
const BATCH = 100
/** How soon the rest of a large removal follows its answer, in milliseconds. */
const REMOVALS_EVERY = 1000
/** How soon counts for plots are stored, in milliseconds. */
const ACTIVITY_EVERY = 5000
/** How soon the count of a large app continues, in milliseconds, and its batches in a shared run. */
const COUNTINGS_EVERY = 1000
/** How soon a state that is kept for an undo is sealed, in milliseconds. */
const SEALING_EVERY = 1000
const COUNTING_STEPS = 40
/** Interval between checks of an app with its own retention, the longest duration of a batch, and batches per run. */
const SWEPT_EVERY = 3 * 3_600_000
const LEASE = 60_000
const SWEEPS = 40
/** Days after its last use for which a former device id still works. */
const ALIAS_DAYS = 90
const DAY = 86_400_000

export function createMaintenance(deps: MaintenanceDeps): Maintenance {
  const {
    store,
    now,
    retention,
    apps,
    outbox,
    removals,
    imports,
    copies,
    adopt,
    operators,
    activity,
    readiness,
    undos,
  } = deps
  const { upkeep } = store
  const daysAgo = (days: number) => new Date(now().getTime() - days * DAY)
  const occasion = () => ({ at: now(), cause: 'maintenance' })
  const { historyDays, receiptDays, messageDays, tombstoneDays, supersededDays, undoDays } = retention
  const superseded = () => upkeep.dropSuperseded(daysAgo(supersededDays), BATCH, occasion())
  /** Deletes a batch of data of apps with their own retention. */
  async function sweep(): Promise<number> {
    const [lease, at] = [crypto.randomUUID(), now()]
    const of = await store.sweeps.claim({ lease, until: new Date(at.getTime() + LEASE) }, at)
    if (of === null) return 0
    const again = new Date(at.getTime() + SWEPT_EVERY)
    await store.sweeps.proceed(of, { lease, before: daysAgo(of.days), again }, { at, cause: 'retention' })
    return 1
  }
  const ages = true
  const own: readonly Work[] = [
    { name: 'expiry', ages, step: () => upkeep.expireDevices(BATCH, occasion()) },
    { name: 'history', ages, step: () => upkeep.dropHistory(daysAgo(historyDays), BATCH) },
    { name: 'receipts', ages, step: () => upkeep.dropReceipts(daysAgo(receiptDays), BATCH) },
    { name: 'messages', ages, step: () => store.messages.prune(daysAgo(messageDays), BATCH) },
    // Messages whose app, dialect or author withdrew them.
    { name: 'forgotten', step: () => store.messages.prune(new Date(1), BATCH) },
    { name: 'tombstones', ages, step: () => upkeep.dropTombstones(daysAgo(tombstoneDays), BATCH) },
    { name: 'superseded', ages, step: superseded },
    { name: 'retention', ages, most: SWEEPS, step: sweep },
    { name: 'counters', step: () => upkeep.dropSpentCounters(BATCH) },
    { name: 'calls', step: () => outbox.dropAbandoned(BATCH) },
    { name: 'removals', every: REMOVALS_EVERY, step: removals.step },
    { name: 'audit', step: () => store.audit.drop(daysAgo(historyDays), BATCH) },
    { name: 'differences', step: () => store.mirrors.prune(now(), hourOf(daysAgo(historyDays)), BATCH) },
    { name: 'aliases', ages, step: () => store.mirrors.pruneAliases(daysAgo(ALIAS_DAYS), BATCH) },
    { name: 'backlog', step: copies.sweep },
    { name: 'letters', step: () => deps.feedCalls.sweep(BATCH) },
    { name: 'swept', ages, step: imports.sweep },
    { name: 'countings', every: COUNTINGS_EVERY, most: COUNTING_STEPS, step: readiness.step },
    { name: 'undos', every: COUNTINGS_EVERY, most: COUNTING_STEPS, step: undos.step },
    { name: 'sealing', every: SEALING_EVERY, step: undos.seal },
    { name: 'kept', ages, step: () => store.undos.dropKept(daysAgo(undoDays), BATCH) },
    { name: 'old undos', ages, step: () => store.undos.prune(daysAgo(historyDays), BATCH) },
    { name: 'old countings', ages, step: () => readiness.sweep(BATCH) },
    { name: 'credentials', step: apps.flushUsed },
    { name: 'settings', step: adopt },
    { name: 'operators', step: () => operators.drop(BATCH) },
    { name: 'activity', every: ACTIVITY_EVERY, step: activity.flush },
    { name: 'old activity', ages, step: () => activity.drop(BATCH) },
  ]
  return {
    work: own,
    run: (budget, work = own) => runInTurns(work, budget, () => upkeep.noteTime(now())),
  }
}
