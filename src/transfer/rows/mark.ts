import { PROFILE_FIELDS } from '../../domain/device.ts'
import type { ImportRow } from '../../domain/import.ts'
import { sha256Hex } from '../../secrets/hash.ts'

/** A sort key for how new a row is among those of imports. */
export const orderKey = (asOf: number, time: number, position: number): string =>
  [asOf, time].map((one) => one.toString().padStart(14, '0')).join('-') +
  `-${position.toString().padStart(10, '0')}`

/** A hash of the cleaned row, independent of the order of its lists: equal rows have equal hashes. */
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
      // At the end, so that rows without it keep the marks that earlier versions computed.
      ...(row.supersededAt === null ? [] : [row.supersededAt]),
    ]),
  )
}

/** The order of `sort`, which would convert each value to text for every comparison. */
function inOrder(pairs: (readonly unknown[])[]): readonly (readonly unknown[])[] {
  if (pairs.length < 2) return pairs
  const texts = pairs.map(String)
  if (texts.every((text, at) => at === 0 || (texts[at - 1] ?? '') <= text)) return pairs
  return pairs.sort()
}
