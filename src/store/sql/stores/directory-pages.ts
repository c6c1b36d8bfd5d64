import type { PageRequest } from '../../../domain/page.ts'
import { PROVIDERS } from '../../../domain/push-token.ts'
import type { DeviceFilter } from '../../store.ts'
import { NEWEST } from '../keyset.ts'
import type { Source } from '../statements/directory.ts'
import { timePlace } from './pages.ts'
import { json } from './values.ts'

/** Most rows scanned per page. */
const WALK = 2000

/** The values of all statements that read a page of devices or installations. */
export function pageValues(appId: string, filter: DeviceFilter, { after, limit }: PageRequest, now: Date) {
  const { tag, q, externalId, tokenHashes } = filter
  const equals = tag?.indexOf('=') ?? -1
  return {
    app: appId,
    now: now.getTime(),
    dialect: filter.dialect ?? null,
    platform: filter.platform ?? null,
    provider: filter.provider ?? null,
    topic: filter.topic ?? null,
    user: filter.user ?? null,
    model: filter.model ?? null,
    appVersion: filter.appVersion ?? null,
    externalIds: externalId === undefined ? null : json([externalId]),
    tokenHashes: tokenHashes ? json(tokenHashes) : null,
    providers: json(PROVIDERS),
    q: q?.text ?? null,
    qNames: json(q ? [q.text] : []),
    qHashes: json(q?.tokenHashes ?? []),
    tag: tag ?? null,
    tagName: tag?.slice(0, Math.max(equals, 0)) ?? null,
    tagValue: tag?.slice(equals + 1) ?? null,
    active: filter.active === undefined ? null : filter.active ? 1 : 0,
    ...NEWEST.values(after),
    limit,
    selective: isSelective(filter) ? 1 : 0,
    walk: WALK,
    walked: WALK - 1,
  }
}

/** Whether rows must meet more conditions than the one that finds them. */
function isSelective(filter: DeviceFilter): boolean {
  const given = Object.values(filter).filter((wanted) => wanted !== undefined)
  return given.length > (sourceOf(filter) === 'all' ? 0 : 1)
}

/** Chooses the source by the filter that leaves the fewest rows. */
export function sourceOf({ tokenHashes, externalId, q, user }: DeviceFilter): Source {
  if (tokenHashes) return 'tokens'
  if (externalId !== undefined) return 'externalId'
  if (q) return 'q'
  return user === undefined ? 'all' : 'user'
}

/** A row of a list ordered from the newest. */
interface Row {
  readonly id: string
  readonly created_at: number
}

/** Where a scan stopped that had more rows. */
export const cutOf = ([end, more]: readonly Row[]): Row | undefined => (more ? end : undefined)

export const cutPlace = (cut: Row | undefined) => (cut ? timePlace(cut) : null)

/** Whether one row comes before another in a list ordered from the newest; undefined sorts last. */
export const later = (one: Row | undefined, other: Row | undefined): boolean =>
  one !== undefined &&
  (other === undefined ||
    one.created_at > other.created_at ||
    (one.created_at === other.created_at && one.id > other.id))
