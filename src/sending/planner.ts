import { hourOf } from '../domain/hour.ts'
import type { Clock } from '../domain/ids.ts'
import { type Message, withoutIds } from '../domain/message.ts'
import { PROVIDERS, type Provider } from '../domain/push-token.ts'
import { type AudienceStep, audienceStep, type SoughtAudience } from '../gateway/audience.ts'
import type {
  Advance,
  Candidate,
  CountDraft,
  Cursor,
  PageDraft,
  Planning,
} from '../store/contract/messages.ts'
import type { Store } from '../store/store.ts'
import type { Dialects } from './envelopes.ts'
import { rest, type Waiting } from './turns.ts'
import { localTime, wallOf } from './zones.ts'

export interface PlannerDeps {
  readonly dialects: Dialects
  readonly store: Store
  readonly now: Clock
  /** All push services. */
  readonly kinds: ReadonlySet<string>
  /** Devices per call, per commit, and per read; the event loop is blocked during a read. */
  readonly candidates: number
  readonly written: number
  readonly look: number
  /** Phones per page. */
  readonly page: number
  readonly waiting: Waiting
}

/** From this index on, providers have no push service. */
const FIRST_OTHER = PROVIDERS.indexOf('email')

/** When the next run is due; runs that were missed while nothing ran are skipped. */
function nextRun({ schedule }: Message, due: Date, now: Date): Date | null {
  if (!schedule?.every) return null
  const step = schedule.every * 1000
  const missed = Math.max(1, Math.ceil((now.getTime() - due.getTime()) / step))
  const next = new Date(due.getTime() + missed * step)
  return schedule.until && next > schedule.until ? null : next
}

/** Plans audiences, a limited number of devices per call. False if there is nothing to plan. */
export function createPlanner(deps: PlannerDeps): () => Promise<boolean> {
  const { store, now, dialects: known, kinds, candidates, written, look, page, waiting } = deps
  /** Milliseconds that the last read took. */
  let took = 0

  async function configured(appId: string): Promise<ReadonlySet<string>> {
    const set = await store.providers.list(appId)
    return new Set(set.map(({ kind }) => kind).filter((kind) => kinds.has(kind)))
  }

  /** Reads devices of one part, with a pause before each read. */
  async function read(sought: SoughtAudience, from: Cursor, most: number): Promise<AudienceStep> {
    const meant: Candidate[] = []
    let next: Cursor | null = from
    for (let left = most; next?.part === from.part && left > 0; left -= look) {
      await rest(took, waiting)
      const begun = performance.now()
      const one: AudienceStep = await audienceStep(store, sought, {
        ...{ cursor: next, limit: Math.min(look, left), now: now() },
      })
      took = performance.now() - begun
      meant.push(...one.meant)
      next = one.next
    }
    return { meant, next }
  }

  /** Writes what was read in one commit; false if somebody else did. */
  function write(planning: Planning, from: Cursor, { meant, next }: AudienceStep, set: ReadonlySet<string>) {
    const { message, run, at } = planning
    const { appId, dialect, audience } = message
    const sorted = sort(meant, set, now())
    const done = next === null
    return store.messages.advance(
      {
        ...{ id: message.id, appId, priority: message.priority, run, from, done },
        to: next ?? { part: from.part + 1, after: '' },
        next: done ? nextRun(message, at, now()) : null,
        audience: withoutIds(audience),
        pages: paged(planning, sorted.reached, page),
        settled: sorted.settled,
        failures: sorted.failures,
        ...(done && dialect !== null && 'users' in audience.to && { users: audience.to.users }),
      },
      now(),
    )
  }

  return async () => {
    const planning = await store.messages.planning(now())
    if (!planning) return false
    const { message, dialects, parts, at } = planning
    const { appId, dialect, audience } = message
    const platformMember = known.get(dialect ?? '')?.capabilities.sending?.platformMember
    const sought = { appId, dialects, parts, audience, at, platformMember }
    const set = await configured(appId)
    let from = planning.cursor
    let reading = read(sought, from, Math.min(written, candidates))
    for (let left = candidates - written; ; left -= written) {
      const step = await reading
      const writing = write(planning, from, step, set)
      const { next } = step
      // The next devices are read while the store writes these.
      if (next && left > 0) reading = read(sought, next, Math.min(written, left))
      reading.catch(() => {})
      if (!(await writing) || !next || left <= 0) return true
      from = next
    }
  }
}

/** The reachable devices, and the counts of the others. */
function sort(meant: readonly Candidate[], configured: ReadonlySet<string>, now: Date) {
  const settled = new Map<string, CountDraft>()
  const failures: NonNullable<Advance['failures']>[number][] = []
  const reached = meant.filter(({ provider, platform, tokenId, deviceId }) => {
    if (configured.has(provider)) return true
    const outcome = PROVIDERS.indexOf(provider) < FIRST_OTHER ? 'unconfigured' : 'unsupported'
    const key = `${provider} ${platform} ${outcome}`
    const count = (settled.get(key)?.count ?? 0) + 1
    settled.set(key, { provider, platform, outcome, hour: hourOf(now), count })
    failures.push({ tokenId, deviceId, provider, outcome, reason: outcome, attempts: 0 })
    return false
  })
  return { reached, failures, settled: [...settled.values()] }
}

/** Splits phones into pages by push service and time. */
function paged({ message, run, at }: Planning, reached: readonly Candidate[], size: number): PageDraft[] {
  const { schedule } = message
  const wall = wallOf(schedule, run, at)
  const groups = new Map<string, { provider: Provider; dueAt: Date; tokens: string[] }>()
  for (const { provider, timezone, tokenId } of reached) {
    const dueAt = schedule?.local ? localTime(wall, timezone) : at
    const key = `${provider} ${dueAt.getTime()}`
    const group = groups.get(key) ?? { provider, dueAt, tokens: [] }
    group.tokens.push(tokenId)
    groups.set(key, group)
  }
  return [...groups.values()].flatMap(({ tokens, ...rest }) =>
    Array.from({ length: Math.ceil(tokens.length / size) }, (_, page) => ({
      ...rest,
      tokens: tokens.slice(page * size, (page + 1) * size),
    })),
  )
}
