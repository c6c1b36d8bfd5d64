import type { DialectApp } from '../domain/app.ts'
import { appGone, GatewayError, StoreUnavailable } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { JobItem, JobProgress } from '../domain/job.ts'
import { isStorable } from '../domain/text.ts'
import type { JobItemDraft, LeasedJob, Store } from '../store/store.ts'
import { createConsumer, type Held } from '../work/consumer.ts'
import type { DevicePatch, Devices, Registration } from './devices.ts'

/** A registration that can be queued: plain JSON. */
export type JobRegistration = Pick<
  Registration,
  'externalId' | 'platform' | 'platformWhen' | 'pushToken' | 'tags' | 'firstTags'
> & { readonly patch?: Omit<DevicePatch, 'expiresAt'> | undefined }

/** A parsed row, or the reason why it can never be registered; `label` names it in the results. */
export type JobRow =
  | { readonly label: string; readonly registration: JobRegistration }
  | { readonly label: string; readonly reason: string }

/** Bulk registrations, queued in the store row by row: none is lost in a restart. */
export interface Jobs {
  /** Stores the rows without processing them; returns the job's unguessable id. */
  create(request: { readonly app: DialectApp; readonly rows: readonly JobRow[] }): Promise<string>
  /** Null for an unknown job. */
  find(dialect: string, id: string): Promise<JobProgress | null>
  /** The state of each row, in the order of the request. */
  results(id: string): Promise<readonly JobItem[]>
  /**
   * Processes one batch of the oldest waiting job or, if none waits, deletes one batch of expired results. Returns
   * false when idle. Safe to run concurrently: a job is leased during a step.
   */
  step(): Promise<boolean>
  /** Releases leases left by a crash. Only safe if no other process uses the same store. */
  recover(): Promise<void>
}

/** Rows per step. */
const STEP = 50
/** Milliseconds. */
const LEASE = 60_000
/** How long the results of a finished job are kept, in milliseconds. */
const KEPT = 7 * 86_400_000
const PRUNE_EVERY = 3_600_000
/** Rows deleted per step: a few milliseconds of database time. */
const PRUNED_ROWS = 500
/** Characters per row, at up to three bytes each: stays below D1's limit for a value. */
const LARGEST = 500_000

export interface JobsDeps {
  readonly store: Store
  readonly devices: Devices
  readonly now: Clock
  readonly ids: Ids
}

export function createJobs({ store, devices, now, ids }: JobsDeps): Jobs {
  let pruned = 0
  const consumer = createConsumer<LeasedJob>({
    source: {
      claim: async (terms, at) => {
        const job = await store.jobs.claim({ ...terms, limit: STEP }, at)
        return job ? [job] : []
      },
      renew: store.jobs.renew,
    },
    now,
    newLease: ids.row,
    lease: LEASE,
    longestWait: LEASE,
    // Callers bound the number of concurrent steps.
    atOnce: Number.POSITIVE_INFINITY,
  })

  /** Returns whether more may be left to delete. */
  async function prune(at: number): Promise<boolean> {
    // `abs`: the clock may have been set back.
    if (Math.abs(at - pruned) < PRUNE_EVERY) return false
    const more = await store.jobs.prune(new Date(at - KEPT), PRUNED_ROWS)
    if (!more) pruned = at
    return more
  }

  async function work({ id, appId, dialect, items }: LeasedJob, held: Held): Promise<void> {
    const record = await store.apps.get(appId)
    const setup = record?.dialects.find((one) => one.dialect === dialect)
    // The app or its dialect was removed after the lease.
    if (!record || !setup) {
      for (const { position } of items) await store.jobs.fail(appId, { job: id, position }, 'the app is gone')
      return
    }
    const app: DialectApp = { ...setup, app: record, credentials: [] }
    const byDevice = new Map<string, (() => Promise<void>)[]>()
    for (const { position, input } of items) {
      // `create` stored a `JobRegistration`.
      const registration = input as JobRegistration
      const item = { job: id, position }
      const register = async () => {
        await held.keep()
        try {
          await devices.register({ ...registration, app, identity: 'key', job: item, cause: `job ${id}` })
        } catch (error) {
          if (error instanceof StoreUnavailable) throw error
          const full = error instanceof GatewayError && error.code === 'device_limit'
          await store.jobs.fail(appId, item, full ? error.message : 'cannot be registered')
        }
      }
      byDevice.set(registration.externalId, [...(byDevice.get(registration.externalId) ?? []), register])
    }
    // Rows of one device are processed in order, different devices in parallel.
    const outcomes = await Promise.allSettled(
      [...byDevice.values()].map(async (rows) => {
        for (const register of rows) await register()
      }),
    )
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  }

  return {
    async create({ app, rows }) {
      const id = ids.secret()
      const job = { id, appId: app.app.id, dialect: app.dialect, total: rows.length, items: itemsOf(rows) }
      if (await store.jobs.create(job, now())) return id
      throw appGone()
    },

    recover: () => store.jobs.endLeases(),
    find: async (dialect, id) => (isStorable(id) ? store.jobs.find(dialect, id) : null),
    results: (id) => store.jobs.items(id, { after: -1, limit: Number.MAX_SAFE_INTEGER }),

    async step() {
      const did = await consumer.drain(
        async (job, held) => {
          await work(job, held)
          await store.jobs.release(job.appId, held.lease, now())
        },
        { most: 1, milliseconds: Number.POSITIVE_INFINITY },
      )
      return did > 0 || prune(now().getTime())
    },
  }
}

/** Serializes each row only when the store takes it; thousands at once would block other requests. */
function* itemsOf(rows: readonly JobRow[]): Generator<JobItemDraft> {
  for (const row of rows) {
    if ('reason' in row) {
      yield { label: row.label, input: null, reason: row.reason }
      continue
    }
    const input = JSON.stringify(row.registration)
    const tooLarge = input.length > LARGEST
    yield { label: row.label, input: tooLarge ? null : input, reason: tooLarge ? 'is too large' : null }
  }
}
