import type { DialectApp } from '../domain/app.ts'
import { appGone, StoreUnavailable } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { JobItem, JobProgress } from '../domain/job.ts'
import { isStorable } from '../domain/text.ts'
import type { JobItemDraft, LeasedJob, Store } from '../store/store.ts'
import type { DevicePatch, Devices, Registration } from './devices.ts'

/** A registration that can wait: all of it is plain JSON. */
export type JobRegistration = Pick<
  Registration,
  'externalId' | 'platform' | 'platformWhen' | 'pushToken' | 'tags' | 'firstTags'
> & { readonly patch?: Omit<DevicePatch, 'expiresAt'> | undefined }

/** A row as its dialect understood it, called `label` in the results; or why it can never be registered. */
export type JobRow =
  | { readonly label: string; readonly registration: JobRegistration }
  | { readonly label: string; readonly reason: string }

/** Registrations by the thousand, kept in the store until each is done: a restart loses none of them. */
export interface Jobs {
  /** Keeps the rows and says under which id, which is not to be guessed, they are found. Nothing is done yet. */
  create(request: { readonly app: DialectApp; readonly rows: readonly JobRow[] }): Promise<string>
  /** Null for an unknown job. */
  find(dialect: string, id: string): Promise<JobProgress | null>
  /** What became of each row so far, in the order of the request. */
  results(id: string): Promise<readonly JobItem[]>
  /**
   * Does a bounded step of the oldest job that waits, or forgets a few old ones; false where there is neither. To be called from anywhere, as often as
   * one likes: a job is leased while a step of it runs.
   */
  step(): Promise<boolean>
  /** Takes up what a process that died had leased. Only where no other process works on the same store. */
  recover(): Promise<void>
}

/** Rows of one step. */
const STEP = 50
const LEASE = 60_000
/** How long results can be read once the job is finished. */
const KEPT = 7 * 86_400_000
const PRUNE_EVERY = 3_600_000
/** Rows that are forgotten at once: a few milliseconds of work for the database. */
const PRUNED_ROWS = 500
/** Characters of one row, of up to three bytes: what D1 still takes as a value, with room for what is around it. */
const LARGEST = 500_000

export interface JobsDeps {
  readonly store: Store
  readonly devices: Devices
  readonly now: Clock
  readonly ids: Ids
}

export function createJobs({ store, devices, now, ids }: JobsDeps): Jobs {
  let pruned = 0

  /** Whether more may be left to forget. */
  async function prune(at: number): Promise<boolean> {
    // Also where the clock was set back since.
    if (Math.abs(at - pruned) < PRUNE_EVERY) return false
    const more = await store.jobs.prune(new Date(at - KEPT), PRUNED_ROWS)
    if (!more) pruned = at
    return more
  }

  async function work({ id, appId, dialect, items }: LeasedJob): Promise<void> {
    const record = await store.apps.get(appId)
    const setup = record?.dialects.find((one) => one.dialect === dialect)
    // Gone between the lease and now, with everything that was to be registered for.
    if (!record || !setup) {
      for (const { position } of items) await store.jobs.fail({ job: id, position }, 'the app is gone')
      return
    }
    const app: DialectApp = { ...setup, app: record, credentials: [] }
    const byDevice = new Map<string, (() => Promise<void>)[]>()
    for (const { position, input } of items) {
      // Written by `create` from a row of that type.
      const registration = input as JobRegistration
      const item = { job: id, position }
      const register = async () => {
        try {
          await devices.register({ ...registration, app, identity: 'key', job: item, cause: `job ${id}` })
        } catch (error) {
          if (error instanceof StoreUnavailable) throw error
          await store.jobs.fail(item, 'cannot be registered')
        }
      }
      byDevice.set(registration.externalId, [...(byDevice.get(registration.externalId) ?? []), register])
    }
    // The rows of one device keep their order; the devices go side by side.
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
      const at = now()
      const lease = ids.row()
      const until = new Date(at.getTime() + LEASE)
      const horizon = new Date(at.getTime() + 2 * LEASE)
      const job = await store.jobs.lease({ lease, until, horizon, limit: STEP }, at)
      if (!job) return prune(at.getTime())
      await work(job)
      await store.jobs.release(lease, now())
      return true
    },
  }
}

/** Each row is written when the store takes it: thousands of them at once would hold up everybody else. */
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
