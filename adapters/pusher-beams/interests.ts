import { cursorsOf } from '../../src/domain/cursor.ts'
import type { Page, TextPlace } from '../../src/domain/page.ts'
import { allowedBy, type TopicPolicy } from '../../src/domain/topic.ts'
import { fault } from './errors.ts'

/** Interests as topics (section 4, "Interests"). */
export const INTERESTS: TopicPolicy = {
  maxLength: 164,
  refused: [{ holdsOtherThan: 'A-Za-z0-9_=@,.;-' }],
  limit: 5000,
  automatic: [],
  ids: false,
}

const isAllowed = allowedBy(INTERESTS)
export const isInterest = (name: unknown): name is string =>
  typeof name === 'string' && name !== '' && isAllowed(name)

/** The set of a PUT, validated completely before any change. */
export function interestSet(body: Readonly<Record<string, unknown>>): readonly string[] {
  const { interests } = body
  if (!Array.isArray(interests)) throw fault('interestsMissing')
  const set = new Set<string>()
  for (const name of interests) {
    if (!isInterest(name)) throw fault('interestInvalid')
    set.add(name)
  }
  if (set.size > INTERESTS.limit) throw fault('interestsTooMany')
  return [...set]
}

/** Integers from 1 to 100; larger values are refused (section 9). */
export function pageLimit(limit: string | undefined): number {
  if (limit === undefined) return 100
  const value = /^[0-9]{1,3}$/.test(limit) ? Number(limit) : 0
  if (value < 1 || value > 100) throw fault('limitInvalid')
  return value
}

const CURSORS = cursorsOf<TextPlace>('pusher-beams/interests', [isInterest])

/** The place in a cursor; null without one. */
export function afterCursor(cursor: string | undefined): TextPlace | null {
  if (cursor === undefined) return null
  return CURSORS.decode(cursor) ?? invalidCursor()
}

function invalidCursor(): never {
  throw fault('cursorInvalid')
}

/** The last page has no `nextCursor`, because the web SDK continues while there is one. */
export const presentInterests = ({ items, next }: Page<string, TextPlace>) => ({
  interests: items,
  responseMetadata: next ? { nextCursor: CURSORS.encode(next) } : {},
})
