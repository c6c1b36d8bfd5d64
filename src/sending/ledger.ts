import { hourOf } from '../domain/hour.ts'
import type { Clock } from '../domain/ids.ts'
import { characterOf, type TargetOutcome } from '../domain/message.ts'
import type { Mutable } from '../domain/mutable.ts'
import type { Environment } from '../domain/push-token.ts'
import type { WebhookKind } from '../domain/webhook.ts'
import type { ActivityLog } from '../gateway/activity.ts'
import { tokenHashes } from '../gateway/token-hashes.ts'
import type {
  CountDraft,
  FailureDraft,
  LeasedPage,
  Phone,
  Replacement,
  Settlement,
  ToldDraft,
} from '../store/contract/messages.ts'
import type { Store } from '../store/store.ts'

/** Collects the results for the phones of a page and writes them in groups of a few dozen. */
export interface Ledger {
  /** Positions waiting for an attempt. */
  all(): readonly number[]
  /** Those whose attempt is due. */
  due(): readonly number[]
  /** The number of a position's current attempt, from 1. */
  attempt(position: number): number
  settled(position: number, outcome: TargetOutcome, more?: Details): void
  /** Schedules the next attempt. */
  waits(position: number, until: Date, counts: boolean): void
  uncount(position: number): void
  /** Whether any phone was reached. */
  readonly reached: boolean
  /** False once another process has the page: nothing of it may then be sent any more. */
  readonly ours: boolean
  /** Writes new results once there are enough. Callers wait for this, so that a crash repeats few sends. */
  full(): Promise<void> | undefined
  /** Called every second: writes new results and renews the lease. */
  tick(): Promise<void>
  /** Writes everything and releases the page; it is due again when its next position is. */
  end(): Promise<void>
}

interface Details {
  readonly phone?: Phone
  readonly reason?: string
  readonly deadAt?: Date
  /** How much later than the last registration the death must be. */
  readonly tolerance?: number
  readonly environment?: Environment | undefined
  /** The token with which the service replaced this one. */
  readonly replacedBy?: string | undefined
  /** Whether the phone's dialect shows when it was last reached. */
  readonly shown?: boolean
}

/** Results per write, and the most seconds between renewals of the lease. */
const FLUSH = 50
const RENEW = 20
export const LEASE = 60_000

/** Results not yet written. */
function createNews(page: LeasedPage, now: Clock) {
  const counts = new Map<string, Mutable<CountDraft>>()
  const failures: FailureDraft[] = []
  const dead: Settlement['dead'][number][] = []
  const accepted: string[] = []
  const environments: Settlement['environments'][number][] = []
  const told: ToldDraft[] = []
  /** By token hash: if two phones now share a token, the second one is not changed. */
  const replaced = new Map<string, Replacement>()
  const tell = (kind: WebhookKind, deviceId: string | null, reason: string | null) => {
    if (deviceId !== null && page.told.includes(kind)) told.push({ deviceId, kind, reason })
  }
  return {
    size: 0,
    written: () => ({
      counts: [...counts.values()],
      failures,
      dead,
      accepted,
      environments,
      told,
      replaced: [...replaced.values()],
    }),
    add(
      tokenId: string,
      outcome: TargetOutcome,
      { phone, reason = outcome, ...more }: Details,
      attempts: number,
    ) {
      this.size++
      const platform = phone?.platform ?? 'unknown'
      const hour = hourOf(now())
      const key = `${platform} ${outcome} ${hour}`
      const known = counts.get(key)
      if (known) known.count++
      else counts.set(key, { provider: page.provider, platform, outcome, hour, count: 1 })
      if (more.deadAt) dead.push({ tokenId, at: more.deadAt, reason, tolerance: more.tolerance ?? 0 })
      if (more.shown) accepted.push(tokenId)
      if (more.replacedBy !== undefined) {
        const [{ hash } = { hash: '' }] = tokenHashes(more.replacedBy, page.provider)
        replaced.set(hash, { tokenId, token: more.replacedBy, hash })
      }
      if (more.environment) environments.push({ tokenId, environment: more.environment })
      const deviceId = phone?.deviceId ?? null
      if (outcome === 'accepted') tell('messageStatusChanged', deviceId, null)
      if (QUIET.has(outcome)) return
      failures.push({ tokenId, deviceId, outcome, reason, attempts })
      tell('messageFailed', deviceId, reason)
    },
  }
}

/** Outcomes that show nothing about a phone; they are only counted. */
const QUIET: ReadonlySet<TargetOutcome> = new Set(['accepted', 'cancelled'])

/** Counts results for charts. */
function tally(activity: LedgerDeps['activity'], page: LeasedPage, counts: readonly CountDraft[]): void {
  const of = { app: page.appId, dialect: page.message.dialect ?? '', facet: page.provider }
  for (const { outcome, count } of counts) {
    if (outcome === 'cancelled') continue
    activity?.note({ kind: outcome === 'accepted' ? 'accepted' : 'failed', ...of }, count)
  }
}

interface LedgerDeps {
  readonly store: Store
  readonly now: Clock
  readonly activity?: Pick<ActivityLog, 'note'> | undefined
}

export function createLedger(
  { store, now, activity }: LedgerDeps,
  { page, lease }: { readonly page: LeasedPage; readonly lease: string },
): Ledger {
  const result = [...page.result]
  /** Attempt numbers by position, and under `@` and the position the time of the next attempt. */
  const attempts = new Map(Object.entries(page.attempts))
  let news = createNews(page, now)
  let ticks = 0
  let ours = true
  let writing: Promise<void> = Promise.resolve()

  const positions = () => result.flatMap((one, at) => (one === characterOf('waiting') ? [at] : []))
  const dueOf = (position: number) => attempts.get(`@${position}`) ?? 0

  async function write(ends?: Date | null): Promise<void> {
    if (!ours || (ends === undefined && news.size === 0 && ticks < RENEW)) return
    const results = news.written()
    news = createNews(page, now)
    ticks = 0
    const at = now()
    try {
      const settlement: Settlement = {
        ...{ page, lease, ...results },
        result: result.join(''),
        attempts: Object.fromEntries(attempts),
        until: new Date(at.getTime() + LEASE),
        ...(ends !== undefined && { ends, hasten: page.told.includes('usersAttempted') }),
      }
      ours = await store.messages.settle(settlement, { at, cause: `send ${page.send}` })
      if (ours) tally(activity, page, results.counts)
    } catch (error) {
      // Results that cannot be written are lost: after the lease, these phones get the message again.
      ours = false
      throw error
    }
  }
  const queue = (ends?: () => Date | null) => {
    writing = writing.then(() => write(ends?.()))
    return writing
  }

  return {
    all: positions,
    due: () => positions().filter((position) => dueOf(position) <= now().getTime()),
    attempt: (position) => (attempts.size === 0 ? 1 : (attempts.get(String(position)) ?? 0) + 1),
    settled(position, outcome, more = {}) {
      const made = attempts.get(String(position)) ?? 0
      result[position] = characterOf(outcome)
      if (attempts.size > 0) {
        attempts.delete(String(position))
        attempts.delete(`@${position}`)
      }
      news.add(page.tokens[position] ?? '', outcome, more, made + 1)
    },
    waits(position, until, counts) {
      const key = String(position)
      if (counts) attempts.set(key, (attempts.get(key) ?? 0) + 1)
      attempts.set(`@${key}`, until.getTime())
      news.size++
    },
    uncount(position) {
      const key = String(position)
      const made = attempts.get(key)
      if (made !== undefined) attempts.set(key, Math.max(0, made - 1))
    },
    get reached() {
      return result.includes(characterOf('accepted'))
    },
    get ours() {
      return ours
    },
    full: () => (news.size >= FLUSH ? queue() : undefined),
    async tick() {
      ticks++
      await queue()
    },
    end: () =>
      queue(() => {
        const waiting = positions().map(dueOf)
        return waiting.length === 0 ? null : new Date(Math.max(now().getTime(), Math.min(...waiting)))
      }),
  }
}
