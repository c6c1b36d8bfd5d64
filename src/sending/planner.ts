import { matchesFilter, tagsOf, topicsOf } from '../domain/filter.ts'
import type { Clock } from '../domain/ids.ts'
import type { Message } from '../domain/message.ts'
import { PROVIDERS, type Provider } from '../domain/push-token.ts'
import { withoutIds } from '../gateway/messages.ts'
import type { Candidate, CountDraft, PageDraft, Part, Planning } from '../store/contract/messages.ts'
import type { Store } from '../store/store.ts'
import { hourOf } from './results.ts'
import { localTime } from './zones.ts'

export interface PlannerDeps {
  readonly store: Store
  readonly now: Clock
  /** The push services that there are. */
  readonly kinds: ReadonlySet<string>
  /** Devices that one step looks at. */
  readonly candidates: number
  /** Phones of one page. */
  readonly page: number
}

/** A message by local time begins when the first zone has it (UTC+14). */
const EARLIEST_ZONE = 14 * 3_600_000
/** From here on in the list, there is no push service behind a provider. */
const FIRST_OTHER = PROVIDERS.indexOf('email')

/** All topics, users or ids of an audience: what tells whether another device on a phone is meant too. */
function allOf(parts: readonly Part[]): readonly string[] {
  const named = parts.flatMap((part) => {
    if (part.by === 'topic') return [part.topic]
    if (part.by === 'user') return [part.user]
    return part.by === 'ids' ? part.ids : []
  })
  return [...new Set(named)]
}

/** A part as it is looked up: who subscribes to an earlier topic has had a turn. */
function partAt(parts: readonly Part[], at: number): Part | undefined {
  const part = parts[at]
  return part?.by === 'topic' ? { ...part, earlier: allOf(parts.slice(0, at)) } : part
}

/** When the next run is due; what was missed while nothing ran is not made up for. */
function nextRun({ schedule }: Message, due: Date, now: Date): Date | null {
  if (!schedule?.every) return null
  const step = schedule.every * 1000
  const missed = Math.max(1, Math.ceil((now.getTime() - due.getTime()) / step))
  const next = new Date(due.getTime() + missed * step)
  return schedule.until && next > schedule.until ? null : next
}

/** Looks up audiences, one bounded step at a time. False if there is nothing to plan. */
export function createPlanner({ store, now, kinds, candidates, page }: PlannerDeps): () => Promise<boolean> {
  async function look(planning: Planning, part: Part) {
    const { message, dialects, parts, at, cursor } = planning
    const { filter } = message.audience
    const found = await store.messages.candidates({
      ...{ appId: message.appId, dialects, part, at, now: now(), after: cursor.after, limit: candidates },
      all: dialects.length > 1 ? allOf(parts) : [],
      tags: filter ? tagsOf(filter) : [],
      topics: filter ? topicsOf(filter) : [],
    })
    const meant = found.candidates.filter((one) => isMeant(message, one, now()))
    // Two names in one list may be one phone's.
    return { after: found.after, meant: [...new Map(meant.map((one) => [one.tokenId, one])).values()] }
  }

  async function configured(appId: string): Promise<ReadonlySet<string>> {
    const set = await store.providers.list(appId)
    return new Set(set.map(({ kind }) => kind).filter((kind) => kinds.has(kind)))
  }

  return async () => {
    const planning = await store.messages.planning(now())
    if (!planning) return false
    const { message, parts, run, at, cursor } = planning
    const part = partAt(parts, cursor.part)
    const { meant, after } = part ? await look(planning, part) : { meant: [], after: null }
    const sorted = sort(meant, meant.length > 0 ? await configured(message.appId) : new Set(), now())
    const done = after === null && cursor.part + 1 >= parts.length
    await store.messages.advance(
      {
        ...{ id: message.id, appId: message.appId, priority: message.priority, run, from: cursor, done },
        to: after === null ? { part: cursor.part + 1, after: '' } : { part: cursor.part, after },
        next: done ? nextRun(message, at, now()) : null,
        audience: withoutIds(message.audience),
        pages: paged(planning, sorted.reached, page),
        settled: sorted.settled,
      },
      now(),
    )
    return true
  }
}

function isMeant({ audience }: Message, device: Candidate, now: Date): boolean {
  const { platforms, platformNames, filter } = audience
  if (platforms && !platforms.includes(device.platform)) return false
  if (platformNames && !platformNames.includes(device.platformName ?? '')) return false
  const { platform, tags, topics } = device
  return !filter || matchesFilter(filter, { platform, tags, topics: new Set(topics) }, now)
}

/** Who can be reached at all, and the counts of the rest. */
function sort(meant: readonly Candidate[], configured: ReadonlySet<string>, now: Date) {
  const settled = new Map<string, CountDraft>()
  const reached = meant.filter(({ provider, platform }) => {
    if (configured.has(provider)) return true
    const outcome = PROVIDERS.indexOf(provider) < FIRST_OTHER ? 'unconfigured' : 'unsupported'
    const key = `${provider} ${platform} ${outcome}`
    const count = (settled.get(key)?.count ?? 0) + 1
    settled.set(key, { provider, platform, outcome, hour: hourOf(now), count })
    return false
  })
  return { reached, settled: [...settled.values()] }
}

/** Pages of phones that one service reaches at one time. */
function paged({ message, run, at }: Planning, reached: readonly Candidate[], size: number): PageDraft[] {
  const { schedule } = message
  const wall = run === 0 && schedule?.at ? schedule.at : new Date(at.getTime() + EARLIEST_ZONE)
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
