import type { Request } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import { type Cursors, cursorsOf, isCount } from '../../src/domain/cursor.ts'
import type { Place } from '../../src/domain/page.ts'
import type { List } from '../../src/gateway/listings.ts'
import type { Json } from '../../src/wire/json.ts'
import { fault } from './errors.ts'

/** Pages up to this size are read at once; longer ones are streamed. */
const AT_ONCE = 500

/** The arrays of a list answer, in order, with the function that renders an item for each. */
export type Columns<Item> = Readonly<Record<string, (item: Item, before: Item | null) => Json | null>>

interface Paging {
  readonly offset: number
  /** Absent: the whole list, because SDKs never page (section 5.4). */
  readonly size: number | undefined
}

function paging(c: Request): Paging {
  const offset = wholeNumber(c.req.query('offset'), 0)
  if (offset === null) throw fault('badOffset', 'offset')
  const size = wholeNumber(c.req.query('size'), 1)
  if (size === null) throw fault('badSize', 'size')
  return { offset: offset ?? 0, size }
}

function wholeNumber(text: string | undefined, least: number): number | null | undefined {
  if (text === undefined) return undefined
  const number = /^\d{1,15}$/.test(text) ? Number(text) : -1
  return number >= least ? number : null
}

/** Answers a list request with a page, or with the whole list as a stream in constant memory. */
export async function answerList<Criteria, Item, At extends Place>(
  c: Request,
  of: {
    readonly app: DialectApp
    readonly list: List<Criteria, Item, At>
    readonly criteria: Criteria
    readonly columns: Columns<Item>
  },
): Promise<Response> {
  const { offset, size } = paging(c)
  if (size === undefined || size > AT_ONCE) return streamed(c, of, { offset, size })
  const cursors = cursorsFor(of)
  const known = cursor(c, cursors, offset)
  const { items, total, last } = await of.list.page(of.app, of.criteria, { offset, limit: size, known })
  const mark = last && cursors.encode([offset + size, total, ...last])
  const arrays = Object.entries(of.columns).map(([name, column]) => [name, [...shown(items, column, null)]])
  const info = pageInfo(c, { offset, size, count: items.length, total, mark })
  return c.json({ ...Object.fromEntries(arrays), pageInfo: info })
}

function* shown<Item>(items: readonly Item[], column: Columns<Item>[string], before: Item | null) {
  let last = before
  for (const item of items) {
    const one = column(item, last)
    if (one) yield one
    last = item
  }
}

type Listed<Criteria, Item, At extends Place> = Parameters<typeof answerList<Criteria, Item, At>>[1]

async function streamed<Criteria, Item, At extends Place>(
  c: Request,
  of: Listed<Criteria, Item, At>,
  { offset, size }: Paging,
): Promise<Response> {
  const text = listText(c, of, { offset, size })
  // Reads the first part before sending the status, so that a store failure is still answered as an error.
  const first = await text.next()
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await text.next()
      if (next.done) controller.close()
      else controller.enqueue(encoder.encode(next.value))
    },
    start(controller) {
      if (!first.done) controller.enqueue(encoder.encode(first.value))
    },
    async cancel() {
      await text.return()
    },
  })
  return c.body(body, 200, { 'Content-Type': 'application/json' })
}

/** Yields the list's JSON in pieces, one per part read; each array iterates over the list again. */
async function* listText<Criteria, Item, At extends Place>(
  c: Request,
  { app, list, criteria, columns }: Listed<Criteria, Item, At>,
  { offset, size }: Paging,
): AsyncGenerator<string, void> {
  let count = 0
  let opening = '{'
  for (const [index, [name, column]] of Object.entries(columns).entries()) {
    let before: Item | null = null
    let seen = 0
    let written = 0
    opening += `${JSON.stringify(name)}:[`
    for await (const part of list.parts(app, criteria, offset)) {
      const items: readonly Item[] = size === undefined ? part : part.slice(0, size - seen)
      const texts = [...shown(items, column, before)].map((one) => JSON.stringify(one))
      const piece = `${opening}${written > 0 && texts.length > 0 ? ',' : ''}${texts.join(',')}`
      if (piece !== '') yield piece
      opening = ''
      written += texts.length
      seen += items.length
      before = items.at(-1) ?? before
      if (size !== undefined && seen >= size) break
    }
    if (index === 0) count = seen
    opening = '],'
  }
  const whole = size === undefined && (offset === 0 || count > 0)
  const total = whole ? offset + count : await list.count(app, criteria)
  yield `${opening}"pageInfo":${JSON.stringify(pageInfo(c, { offset, size, count, total, mark: null }))}}`
}

/** The offset at which the next page begins, the total, and the place of the last item. */
type Mark<At extends Place> = readonly [from: number, total: number, ...At]

/** The cursors of a list, which is named by its first array. */
const cursorsFor = <Criteria, Item, At extends Place>({ list, columns }: Listed<Criteria, Item, At>) =>
  cursorsOf<Mark<At>>(`mobilefirst/${Object.keys(columns)[0]}`, [isCount, isCount, ...list.places])

/**
 * The position and total that a `next` link carries besides the vendor's parameters, so that its page costs only its own
 * rows. Ignored with a different offset; an invalid cursor is refused.
 */
function cursor<At extends Place>(
  c: Request,
  cursors: Cursors<Mark<At>>,
  offset: number,
): { after: At; total: number } | undefined {
  const text = c.req.query('cursor')
  if (text === undefined) return undefined
  const mark = cursors.decode(text)
  if (!mark) throw fault('badValue', 'cursor')
  const [from, total, ...after] = mark
  return from === offset ? { after, total } : undefined
}

interface PageFacts extends Paging {
  readonly count: number
  readonly total: number
  /** The cursor of the next page. */
  readonly mark: string | null
}

/** Counts are strings; links keep all criteria, and are empty if there is no such page (section 5.4). */
function pageInfo(c: Request, { offset, size, count, total, mark }: PageFacts) {
  const to = (from: number, length: number, cursor: string | null = null): string => {
    const url = new URL(c.req.url)
    url.searchParams.set('offset', String(from))
    url.searchParams.set('size', String(length))
    url.searchParams.delete('cursor')
    if (cursor !== null) url.searchParams.set('cursor', cursor)
    return `${c.get('outside').origin}${url.pathname}${url.search}`
  }
  const behind = offset + (size ?? 0)
  const next = size !== undefined && behind < total ? to(behind, size, mark) : ''
  const from = size === undefined ? 0 : Math.max(0, offset - size)
  const previous = offset > 0 ? to(from, size ?? offset) : ''
  return { count: String(count), totalCount: String(total), next, previous }
}
