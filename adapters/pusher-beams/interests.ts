import { fromBase64Url, toBase64Url } from '../../src/domain/encoding.ts'
import { allowedBy, type TopicPage, type TopicPolicy } from '../../src/domain/topic.ts'
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

/** A cursor contains the last name of the previous page, after a marker that distinguishes it from foreign texts. */
const MARK = 'after:'
const cursorAfter = (name: string): string => toBase64Url(new TextEncoder().encode(MARK + name))

/** The name in a cursor; empty without a cursor. */
export function afterCursor(cursor: string | undefined): string {
  if (cursor === undefined) return ''
  const bytes = fromBase64Url(cursor)
  const name = bytes ? new TextDecoder().decode(bytes).slice(MARK.length) : ''
  if (!isInterest(name) || cursorAfter(name) !== cursor) throw fault('cursorInvalid')
  return name
}

/** The last page has no `nextCursor`, because the web SDK continues while there is one. */
export function presentInterests({ topics, more }: TopicPage) {
  const last = topics.at(-1)
  const responseMetadata = more && last !== undefined ? { nextCursor: cursorAfter(last) } : {}
  return { interests: topics, responseMetadata }
}
