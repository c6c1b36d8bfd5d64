import { characterOf, outcomeOf, type Target, type TargetPlace } from '../../../domain/message.ts'
import type { Listing, Scope, TargetCriteria } from '../../contract/listing.ts'
import type { Step, Window } from '../../contract/step.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import * as T from '../statements/targets.ts'
import { json } from './values.ts'

/** The number of pages per step, with and without their tokens. A page has hundreds of phones. */
const READ = 2
const COUNTED = 50
/** From this number of phones to skip on, pages are only counted: more than one page has. */
const FAR = 10_000

type At = TargetPlace
interface Page {
  readonly run: number
  readonly number: number
  readonly result: string
}
interface Found<Of> {
  readonly page: Of
  readonly place: At
}

/**
 * Reads the phones of a message, page by page, in the order of sending. A step reads a few pages, and the
 * device rows of the phones it returns.
 */
export function targetListing(db: Db): Listing<TargetCriteria, Target, At> {
  return {
    async step(scope, criteria, window) {
      const { message: send, outcomes } = criteria
      const [run, fromPage] = window.after ?? [0, 0]
      const values = { app: scope.appId, send, run, fromPage }
      const wanted = new Set(outcomes.map(characterOf))
      const found = <Of extends Page>(page: Of) => foundOn(page, wanted, window.after)
      if (window.limit === 0 || window.offset >= FAR) {
        const [pages] = await db.read([call(T.resultsOfMessage, { ...values, limit: COUNTED })])
        return counted(pages, found, window)
      }
      const [pages] = await db.read([call(T.pagesOfMessage, { ...values, limit: READ })])
      const all = pages.flatMap(found)
      const chosen = all.slice(window.offset, window.offset + window.limit)
      const full = !window.counted && chosen.length === window.limit
      const end = pages.length < READ ? null : endOf(pages.at(-1))
      return {
        items: await targetsOf(db, scope, criteria.externalId, chosen),
        matches: window.counted ? all.length : 0,
        end: full ? (chosen.at(-1)?.place ?? null) : end,
      }
    },
    placeOf: ({ place }) => place,
  }
}

const endOf = (page: Page | undefined): At | null =>
  page ? [page.run, page.number, Math.max(0, page.result.length - 1)] : null

/** The phones of a page with the requested outcome, after a position. */
function foundOn<Of extends Page>(page: Of, wanted: ReadonlySet<string>, after: At | null): Found<Of>[] {
  const again = after !== null && after[0] === page.run && after[1] === page.number
  const found: Found<Of>[] = []
  for (let position = again ? after[2] + 1 : 0; position < page.result.length; position++) {
    if (wanted.has(page.result.charAt(position)))
      found.push({ page, place: [page.run, page.number, position] })
  }
  return found
}

/** Skips whole pages, up to the page that contains the first phone to return. */
function counted(
  pages: readonly Page[],
  found: (page: Page) => readonly unknown[],
  { offset, limit }: Window<At>,
): Step<Target, At> {
  let matches = 0
  let end: At | null = null
  for (const page of pages) {
    const more = found(page).length
    if (limit > 0 && matches + more > offset) return { items: [], matches, end }
    matches += more
    end = endOf(page)
  }
  return { items: [], matches, end: pages.length < COUNTED ? null : end }
}

/** Adds the current devices of the push tokens. */
async function targetsOf(
  db: Db,
  { appId, dialect }: Scope,
  externalId: string,
  chosen: readonly Found<Page & { readonly tokens: string }>[],
): Promise<readonly Target[]> {
  if (chosen.length === 0) return []
  const tokensOf = new Map(
    [...new Set(chosen.map(({ page }) => page))].map((page) => [page, JSON.parse(page.tokens) as string[]]),
  )
  const targets = chosen.map(({ page, place }) => ({
    place,
    tokenId: tokensOf.get(page)?.[place[2]] ?? '',
    outcome: outcomeOf(page.result.charAt(place[2])) ?? 'waiting',
  }))
  const tokens = json(targets.map(({ tokenId }) => tokenId))
  const [rows] = await db.read([call(T.devicesOfTargets, { app: appId, dialect, externalId, tokens })])
  // The device seen last comes first.
  const devices = new Map([...rows].reverse().map((row) => [row.token_id, row]))
  return targets.map(({ tokenId, ...target }) => {
    const row = devices.get(tokenId)
    const device = row && {
      externalId: row.external_id,
      user: row.user_id,
      platformName: row.platform_name,
      reported: row.opened ? ('opened' as const) : row.delivered ? ('delivered' as const) : null,
    }
    return { ...target, device: device ?? null }
  })
}
