import { PROFILE_FIELDS } from '../../domain/device.ts'
import type { ImportRow } from '../../domain/import.ts'
import { sha256Hex } from '../../secrets/hash.ts'

/** How new a row is among those of imports, as text that compares. */
export const orderKey = (asOf: number, time: number, position: number): string =>
  [asOf, time].map((one) => one.toString().padStart(14, '0')).join('-') +
  `-${position.toString().padStart(10, '0')}`

/** The row after all cleaning, whatever the order of its lists: two that say the same have the same. */
export function markOf(
  row: Omit<ImportRow, 'mark'>,
  times: { readonly createdAt: number | null; readonly lastSeenAt: number | null },
): string {
  const { dialect, externalId, token, platform, user, enabled, expiresAt, details } = row
  const topics = inOrder(row.topics.map(({ t, i }) => [t, i]))
  const tags = inOrder(row.tags.map(({ name, as }) => [name, as[0]]))
  const profile = PROFILE_FIELDS.map((name) => row[name])
  const environment = row.environment === 'unknown' ? null : row.environment
  return sha256Hex(
    JSON.stringify([
      dialect,
      externalId,
      token && [token.provider, token.hash, token.keys],
      platform,
      environment,
      user,
      topics,
      tags,
      profile,
      enabled,
      expiresAt,
      details,
      times.createdAt,
      times.lastSeenAt,
      // Behind the others, so that rows without it keep the marks that earlier versions made.
      ...(row.supersededAt === null ? [] : [row.supersededAt]),
    ]),
  )
}

/** As `sort` puts them: by their texts, which it would make anew for each comparison. */
function inOrder(pairs: (readonly unknown[])[]): readonly (readonly unknown[])[] {
  if (pairs.length < 2) return pairs
  const texts = pairs.map(String)
  if (texts.every((text, at) => at === 0 || (texts[at - 1] ?? '') <= text)) return pairs
  return pairs.sort()
}
