import { matchesFilter, tagsOf, topicsOf } from '../domain/filter.ts'
import type { Clock } from '../domain/ids.ts'
import type { Audience } from '../domain/message.ts'
import type { Candidate, Part } from '../store/contract/messages.ts'
import type { Store } from '../store/store.ts'

/** Whom a message would reach now. */
export interface Estimate {
  readonly phones: number
  /** Whether everybody was looked at; else there are at least as many. */
  readonly complete: boolean
  readonly byProvider: Readonly<Record<string, number>>
  readonly byPlatform: Readonly<Record<string, number>>
}

export interface Estimated {
  readonly appId: string
  readonly dialects: readonly string[]
  readonly parts: readonly Part[]
  readonly audience: Audience
}

/** Devices that one step looks at, and most steps of one count. */
const LIMITS = { rows: 500, steps: 50 }

/** All topics, users or ids of an audience. */
const namesOf = (parts: readonly Part[]): readonly string[] =>
  parts.flatMap((part) => {
    if (part.by === 'topic') return [part.topic]
    if (part.by === 'user') return [part.user]
    return part.by === 'ids' ? part.ids : []
  })

/** Counts an audience as its planning would find it, in so many steps at most that a call can wait for them. */
export async function estimated(store: Store, now: Clock, of: Estimated): Promise<Estimate> {
  const { appId, dialects, parts, audience } = of
  const { filter } = audience
  const at = now()
  const seen = { phones: 0, byProvider: new Map<string, number>(), byPlatform: new Map<string, number>() }
  const search = {
    ...{ appId, dialects, at, now: at, limit: LIMITS.rows },
    all: [...new Set(namesOf(parts))],
    tags: filter ? tagsOf(filter) : [],
    topics: filter ? topicsOf(filter) : [],
  }
  let [place, after] = [0, '']
  for (let step = 0; step < LIMITS.steps && place < parts.length; step++) {
    const found = parts[place] as Part
    const earlier = namesOf(parts.slice(0, place))
    const part = found.by === 'topic' ? { ...found, earlier } : found
    const { candidates, after: next } = await store.messages.candidates({ ...search, part, after })
    const meant = candidates.filter((one) => isMeant(audience, one, at))
    // Two names in one list may be one phone's.
    for (const { provider, platform } of new Map(meant.map((one) => [one.tokenId, one])).values()) {
      seen.phones++
      seen.byProvider.set(provider, (seen.byProvider.get(provider) ?? 0) + 1)
      seen.byPlatform.set(platform, (seen.byPlatform.get(platform) ?? 0) + 1)
    }
    ;[place, after] = next === null ? [place + 1, ''] : [place, next]
  }
  return {
    phones: seen.phones,
    complete: place >= parts.length,
    byProvider: Object.fromEntries(seen.byProvider),
    byPlatform: Object.fromEntries(seen.byPlatform),
  }
}

function isMeant({ platforms, platformNames, filter }: Audience, device: Candidate, now: Date): boolean {
  if (platforms && !platforms.includes(device.platform)) return false
  if (platformNames && !platformNames.includes(device.platformName ?? '')) return false
  const { platform, tags, topics } = device
  return !filter || matchesFilter(filter, { platform, tags, topics: new Set(topics) }, now)
}
