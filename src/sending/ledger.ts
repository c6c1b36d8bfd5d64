import type { Clock } from '../domain/ids.ts'
import { characterOf, type TargetOutcome } from '../domain/message.ts'
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
import { hourOf } from './results.ts'

/** What is known of the phones of a page, written a few dozen at a time. */
export interface Ledger {
  /** Positions that wait for an attempt. */
  all(): readonly number[]
  /** Those of them that may have one now. */
  due(): readonly number[]
  /** The attempt that a position is at, from 1. */
  attempt(position: number): number
  settled(position: number, outcome: TargetOutcome, more?: Details): void
  /** Waits for its next attempt. */
  waits(position: number, until: Date, counts: boolean): void
  uncount(position: number): void
  /** Whether any phone was reached. */
  readonly reached: boolean
  /** False once somebody else has the page: then nothing of it may be sent any more. */
  readonly ours: boolean
  /** Writes what is new once there is enough of it: who settles waits for that, so that a crash repeats little. */
  full(): Promise<void> | undefined
  /** Called every second: writes what is new, and keeps the lease. */
  tick(): Promise<void>
  /** Writes everything and gives the page back: when it is due again follows from what waits. */
  end(): Promise<void>
}

interface Details {
  readonly phone?: Phone
  readonly reason?: string
  readonly deadAt?: Date
  /** How much later than the last registration that must be. */
  readonly tolerance?: number
  readonly environment?: Environment | undefined
  /** The token that the service has put in the place of this one. */
  readonly replacedBy?: string | undefined
  /** Whether the phone's dialect shows when it was last reached. */
  readonly shown?: boolean
}

/** Results that are written together, and seconds until a lease is renewed in any case. */
const FLUSH = 50
const RENEW = 20
export const LEASE = 60_000

type Mutable<Type> = { -readonly [Name in keyof Type]: Type[Name] }

/** Results that wait to be written. */
function createNews(page: LeasedPage, now: Clock) {
  const counts = new Map<string, Mutable<CountDraft>>()
  const failures: FailureDraft[] = []
  const dead: Settlement['dead'][number][] = []
  const accepted: string[] = []
  const environments: Settlement['environments'][number][] = []
  const told: ToldDraft[] = []
  /** By their hashes: of two phones that become one, the second one stays as it is. */
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

/** Outcomes that say nothing about a phone: they are only counted. */
const QUIET: ReadonlySet<TargetOutcome> = new Set(['accepted', 'cancelled'])

/** Counts results for plots. */
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
  /** Attempts by position and, under `@` and the position, when the next one may come. */
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
      // What could not be written is nobody's: after the lease these phones get the message again.
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
