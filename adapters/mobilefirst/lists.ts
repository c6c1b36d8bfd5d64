import type { Request } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import { fromBase64Url, toBase64Url } from '../../src/domain/encoding.ts'
import { isStorable } from '../../src/domain/text.ts'
import type { List, Place } from '../../src/gateway/listings.ts'
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
export async function answerList<Criteria, Item>(
  c: Request,
  of: {
    readonly app: DialectApp
    readonly list: List<Criteria, Item>
    readonly criteria: Criteria
    readonly columns: Columns<Item>
  },
): Promise<Response> {
  const { offset, size } = paging(c)
  if (size === undefined || size > AT_ONCE) return streamed(c, of, { offset, size })
  const known = cursor(c, offset)
  const { items, total, last } = await of.list.page(of.app, of.criteria, { offset, limit: size, known })
  const arrays = Object.entries(of.columns).map(([name, column]) => [name, [...shown(items, column, null)]])
  const info = pageInfo(c, { offset, size, count: items.length, total, last })
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

type Listed<Criteria, Item> = Parameters<typeof answerList<Criteria, Item>>[1]

async function streamed<Criteria, Item>(
  c: Request,
  of: Listed<Criteria, Item>,
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
async function* listText<Criteria, Item>(
  c: Request,
  { app, list, criteria, columns }: Listed<Criteria, Item>,
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
  yield `${opening}"pageInfo":${JSON.stringify(pageInfo(c, { offset, size, count, total, last: null }))}}`
}

/**
 * The position and total that a `next` link carries besides the vendor's parameters, so that its page costs only its own
 * rows. Ignored with a different offset; an invalid cursor is refused.
 */
function cursor(c: Request, offset: number): { after: Place; total: number } | undefined {
  const text = c.req.query('cursor')
  if (text === undefined) return undefined
  const mark = markOf(text)
  if (!mark) throw fault('badValue', 'cursor')
  return mark.from === offset ? mark : undefined
}

function markOf(text: string): { from: number; after: Place; total: number } | null {
  try {
    const bytes = fromBase64Url(text)
    const mark: unknown = JSON.parse(new TextDecoder().decode(bytes ?? undefined))
    const [from, total, after] = Array.isArray(mark) ? mark : []
    return isCount(from) && isCount(total) && isPlace(after) ? { from, total, after } : null
  } catch {
    return null
  }
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
/** Places have at most three members. */
const isPlace = (value: unknown): value is Place =>
  Array.isArray(value) &&
  value.length <= 3 &&
  value.every((one) => (typeof one === 'string' && isStorable(one)) || Number.isSafeInteger(one))

interface PageFacts extends Paging {
  readonly count: number
  readonly total: number
  /** The position of the page's last item. */
  readonly last: Place | null
}

/** Counts are strings; links keep all criteria, and are empty if there is no such page (section 5.4). */
function pageInfo(c: Request, { offset, size, count, total, last }: PageFacts) {
  const to = (from: number, length: number, mark?: string): string => {
    const url = new URL(c.req.url)
    url.searchParams.set('offset', String(from))
    url.searchParams.set('size', String(length))
    url.searchParams.delete('cursor')
    if (mark !== undefined) url.searchParams.set('cursor', mark)
    return `${c.var.outside.origin}${url.pathname}${url.search}`
  }
  const behind = offset + (size ?? 0)
  const mark =
    last === null ? undefined : toBase64Url(new TextEncoder().encode(JSON.stringify([behind, total, last])))
  const next = size !== undefined && behind < total ? to(behind, size, mark) : ''
  const from = size === undefined ? 0 : Math.max(0, offset - size)
  const previous = offset > 0 ? to(from, size ?? offset) : ''
  return { count: String(count), totalCount: String(total), next, previous }
}
