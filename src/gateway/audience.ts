import { matchesFilter, tagsOf, topicsOf } from '../domain/filter.ts'
import type { Addressees, Audience } from '../domain/message.ts'
import { PROVIDERS } from '../domain/push-token.ts'
import type { Candidate, Cursor, Part } from '../store/contract/messages.ts'
import type { Store } from '../store/store.ts'
import { tokenHashes } from './token-hashes.ts'

/** Most entries of a list per step. */
const STEP = 500

const slices = <T>(list: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(list.length / STEP) }, (_, at) => list.slice(at * STEP, (at + 1) * STEP))

/** The hashes of these tokens in every provider's compared form (identity R18). */
const hashesOf = (tokens: readonly string[]) =>
  tokens.flatMap((token) =>
    tokenHashes(token).flatMap(({ hash, providers }) =>
      providers
        .filter((provider) => PROVIDERS.indexOf(provider) < PROVIDERS.indexOf('email'))
        .map((provider) => ({ provider, hash })),
    ),
  )

const byIds = (dialects: readonly string[], ids: readonly string[]): readonly Part[] =>
  dialects.flatMap((dialect) => slices(ids).map((some): Part => ({ by: 'ids', dialect, ids: some })))
const byTokens = (tokens: readonly string[], except: readonly string[]): readonly Part[] =>
  slices(hashesOf(tokens)).map((hashes): Part => ({ by: 'hashes', hashes, except }))

const distinct = (list: readonly string[]): readonly string[] => [...new Set(list)]

/**
 * Splits an audience into parts, each read in steps through one index. Later parts skip devices of earlier ones, so that no
 * device is returned twice.
 */
export function partsOf(to: Addressees, dialects: readonly string[]): readonly Part[] {
  if ('all' in to) return dialects.map((dialect) => ({ by: 'dialect', dialect }))
  if ('topics' in to) return distinct(to.topics).map((topic) => ({ by: 'topic', topic, earlier: [] }))
  if ('users' in to) {
    const proved = to.proved ?? false
    return distinct(to.users).flatMap((user) =>
      dialects.map((dialect): Part => ({ by: 'user', dialect, user, proved })),
    )
  }
  if ('devices' in to) return byIds(dialects, distinct(to.devices))
  if ('tokens' in to) return byTokens(distinct(to.tokens), [])
  const either = distinct(to.devicesOrTokens)
  return [...byIds(dialects, either), ...byTokens(either, either)]
}

/** An audience to look up. */
export interface SoughtAudience {
  readonly appId: string
  readonly dialects: readonly string[]
  readonly parts: readonly Part[]
  readonly audience: Audience
  /** The member of a device's details that `platformNames` refer to. */
  readonly platformMember?: string | undefined
  /** Devices registered or subscribed after this time are skipped. */
  readonly at: Date
}

/** The phones of one step, without duplicates, and the start of the next step; null at the end of the audience. */
export interface AudienceStep {
  readonly meant: readonly Candidate[]
  readonly next: Cursor | null
}

/** All topics, users or ids of an audience: determines whether another device on a phone is addressed too. */
const namesOf = (parts: readonly Part[]): readonly string[] =>
  distinct(
    parts.flatMap((part) => {
      if (part.by === 'topic') return [part.topic]
      if (part.by === 'user') return [part.user]
      return part.by === 'ids' ? part.ids : []
    }),
  )

/** Looks up a number of devices of an audience, starting at a cursor. */
export async function audienceStep(
  store: Store,
  { appId, dialects, parts, audience, at, platformMember }: SoughtAudience,
  { cursor, limit, now }: { readonly cursor: Cursor; readonly limit: number; readonly now: Date },
): Promise<AudienceStep> {
  const found = parts[cursor.part]
  if (!found) return { meant: [], next: null }
  // Subscribers of an earlier topic were already returned.
  const earlier = () => namesOf(parts.slice(0, cursor.part))
  const part = found.by === 'topic' ? { ...found, earlier: earlier() } : found
  const { filter, platforms, platformNames } = audience
  const { candidates, after } = await store.messages.candidates({
    ...{ appId, dialects, part, at, now, limit, after: cursor.after },
    all: dialects.length > 1 ? namesOf(parts) : [],
    tags: filter ? tagsOf(filter) : [],
    topics: filter ? topicsOf(filter) : [],
    // Reading it costs a look into every device's document.
    platformMember: platformNames ? platformMember : null,
  })
  const everyone = !filter && !platforms && !platformNames
  const meant = everyone ? candidates : candidates.filter((one) => isMeant(audience, one, now))
  const place = after === null ? { part: cursor.part + 1, after: '' } : { part: cursor.part, after }
  return {
    meant: part.by === 'ids' || part.by === 'hashes' ? eachPhone(meant) : meant,
    next: place.part < parts.length ? place : null,
  }
}

/** Two entries of one list may address the same phone. */
const eachPhone = (meant: readonly Candidate[]): readonly Candidate[] => [
  ...new Map(meant.map((one) => [one.tokenId, one])).values(),
]

function isMeant({ platforms, platformNames, filter }: Audience, device: Candidate, now: Date): boolean {
  if (platforms && !platforms.includes(device.platform)) return false
  if (platformNames && !platformNames.includes(device.platformName ?? '')) return false
  const { platform, tags, topics } = device
  return !filter || matchesFilter(filter, { platform, tags, topics: new Set(topics) }, now)
}
