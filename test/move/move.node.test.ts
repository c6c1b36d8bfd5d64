import Database from 'better-sqlite3'
import { Client } from 'pg'
import { describe, expect, test } from 'vitest'
import { digestOf, type MoveStep, move } from '../../src/move/move.ts'
import { type Row, readKey, type Source, storedKey, type Target } from '../../src/move/place.ts'
import { TABLES } from '../../src/move/tables.ts'
import { parseAddress } from '../../src/store/postgres/address.ts'
import { openPostgres } from '../../src/store/postgres/node.ts'
import { openNodeDb } from '../../src/store/sqlite/node.ts'
import { postgresMissing } from '../harness/postgres/owner.ts'
import { fill, type Home, homes, MIGRATIONS } from './kit.ts'

/** Fewer rows than a table has, and not a divisor of their number. */
const PAGE = 4
const ROWS = 19

/** Moves, and closes both ends. */
async function moved(from: Home, to: Home, through: (target: Target) => Target = (target) => target) {
  const steps: MoveStep[] = []
  const source = await from.source()
  try {
    const target = await to.target()
    try {
      const told = (step: MoveStep) => steps.push(step)
      return { tables: await move({ from: source, to: through(target), page: PAGE, told }), steps }
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}

async function held(home: Home) {
  const source: Source = await home.source()
  const all = []
  for (const table of TABLES) all.push(await digestOf(source, table))
  await source.close()
  return all
}

/** The error of a gateway that is started on it; null if it starts. */
async function refusal({ url }: Home): Promise<string | null> {
  const address = parseAddress(url)
  try {
    const opened = url.startsWith('file:')
      ? openNodeDb(url.slice('file:'.length), MIGRATIONS.sqlite)
      : await openPostgres(typeof address === 'string' ? expect.fail(address) : address, MIGRATIONS.postgres)
    await opened.close()
    return null
  } catch (error) {
    return String(error)
  }
}

async function change({ url }: Home, text: string): Promise<void> {
  if (url.startsWith('file:')) {
    const client = new Database(url.slice('file:'.length))
    client.exec(text)
    return void client.close()
  }
  const client = new Client(url)
  await client.connect()
  await client.query(text)
  await client.end()
}

const ways = Object.entries(homes).flatMap(([from, source]) =>
  Object.entries(homes).map(([to, target]) => ({ from, to, source, target })),
)

test.each([[Buffer.from([0, 255])], [new Uint8Array([0, 255])], ['text'], [7], [null]])(
  'a move that goes on knows the key %j where it was',
  (cell) => {
    const progress = { devices: { rows: 2, after: ['a', cell] } }
    expect(readKey(storedKey(progress))).toEqual({
      devices: { rows: 2, after: ['a', cell instanceof Uint8Array ? Buffer.from(cell) : cell] },
    })
  },
)

describe.skipIf(postgresMissing())('a move', () => {
  test.each(ways)('from $from to $to takes every row of every table as it is', async ({ source, target }) => {
    const [from, to] = [await source(), await target()]
    await fill(from, ROWS)
    const before = await held(from)
    const { tables, steps } = await moved(from, to)
    expect(tables).toEqual(before)
    expect(tables.every(({ rows }) => rows === ROWS)).toBe(true)
    expect(await held(to)).toEqual(before)
    expect(await held(from)).toEqual(before)
    expect(await refusal(to)).toBeNull()

    const total = ROWS * TABLES.length
    const copying = steps.filter(({ phase }) => phase === 'copying')
    expect(copying).toHaveLength(TABLES.length * Math.ceil(ROWS / PAGE))
    expect(copying.at(-1)).toMatchObject({ done: total, total })
    expect(steps.at(-1)).toMatchObject({ phase: 'comparing', done: total, total })
  })

  test.each(ways)('from $from to $to draws no number again', async ({ source, target }) => {
    const [from, to] = [await source(), await target()]
    await fill(from, 3)
    await moved(from, to)
    const drawn = TABLES.filter((table) => table.drawn !== undefined)
    expect(drawn.length).toBeGreaterThan(0)
    const end = await to.source()
    // Values that were deleted at the source are not created here either.
    for (const table of drawn) expect(await end.lastDrawn(table)).toBe(103)
    await end.close()
  })

  test.each(ways)('from $from to $to that was cut off goes on where it was', async ({ source, target }) => {
    const [from, to] = [await source(), await target()]
    await fill(from, ROWS)
    let left = 2 * TABLES.length
    const cutOff = (end: Target): Target => ({
      ...end,
      async put(...page) {
        if (left-- === 0) throw new Error('cut off')
        await end.put(...page)
      },
    })
    await expect(moved(from, to, cutOff)).rejects.toThrow('cut off')
    expect(await refusal(to)).toMatch(/rows are being moved into it: end that with the same `pushport move`/)

    const again: Row[] = []
    const { tables, steps } = await moved(from, to, (end) => ({
      ...end,
      async put(table, rows, progress) {
        again.push(...rows)
        await end.put(table, rows, progress)
      },
    }))
    expect(tables).toEqual(await held(from))
    // Pages of four, the last of three: five per table, of which 2 × tables had arrived.
    const [full, rest] = [Math.floor((2 * TABLES.length) / 5), (2 * TABLES.length) % 5]
    expect(again).toHaveLength(ROWS * TABLES.length - full * ROWS - rest * PAGE)
    const next = Math.min(PAGE, ROWS - rest * PAGE)
    expect(steps[0]?.done).toBe(full * ROWS + rest * PAGE + next)
    expect(await refusal(to)).toBeNull()
  })

  test.each(Object.entries(homes))('into %s that has rows is refused, and leaves them', async (_, made) => {
    const [from, to] = [await homes['a file'](), await made()]
    await fill(from, 2)
    await fill(to, 1)
    const before = await held(to)
    await expect(moved(from, to)).rejects.toThrow(/is not empty: there are rows in \w+\. A move needs/)
    expect(await held(to)).toEqual(before)
    expect(await refusal(to)).toBeNull()
  })

  test.each(Object.entries(homes))('into %s that differs in the end leaves it closed', async (_, made) => {
    const [from, to] = [await homes['a file'](), await made()]
    await fill(from, ROWS)
    const changing = (end: Target): Target => ({
      ...end,
      async put(table, rows, progress) {
        const changed = table.name === 'apps' ? rows.map((row) => row.with(1, `${row[1]}!`)) : rows
        await end.put(table, changed, progress)
      },
    })
    await expect(moved(from, to, changing)).rejects.toThrow(
      /^apps differs: 19 rows at \S+, 19 at \S+\. One of them was written to/,
    )
    expect(await refusal(to)).toMatch(/rows are being moved into it/)
  })

  test.each(Object.entries(homes))('from %s of another version is refused', async (_, made) => {
    const [from, to] = [await made(), await homes['a file']()]
    await fill(from, 1)
    const kept = from.url.startsWith('file:') ? '__drizzle_migrations' : 'drizzle.__drizzle_migrations'
    await change(from, `DELETE FROM ${kept} WHERE created_at = (SELECT max(created_at) FROM ${kept})`)
    await expect(moved(from, to)).rejects.toThrow(/has the schema of another version/)
  })

  test.each(Object.entries(homes))('into %s that another move fills is refused', async (_, made) => {
    const [from, to] = [await homes['a file'](), await made()]
    await fill(from, 1)
    const first = await to.target()
    await expect(moved(from, to)).rejects.toThrow(
      /another gateway has it open|Another move into .* is running/,
    )
    await first.close()
    await moved(from, to)
  })

  test.each(Object.entries(homes))('from %s to which a gateway writes is refused', async (_, made) => {
    const [from, to] = [await made(), await homes['a file']()]
    await fill(from, 1)
    const address = parseAddress(from.url)
    const gateway = from.url.startsWith('file:')
      ? openNodeDb(from.url.slice('file:'.length), MIGRATIONS.sqlite)
      : await openPostgres(typeof address === 'string' ? expect.fail(address) : address, MIGRATIONS.postgres)
    await expect(moved(from, to)).rejects.toThrow(/another gateway has it open|A gateway writes to/)
    await gateway.close()
    await moved(from, to)
  })

  test('reads a page in one statement, however many rows there are', async () => {
    const reads = async (rows: number) => {
      const from = await homes['a file']()
      await fill(from, rows)
      const source = await from.source()
      let pages = 0
      let most = 0
      const counting = {
        async page(...of: Parameters<Source['page']>) {
          pages++
          const read = await source.page(...of)
          most = Math.max(most, read.length)
          return read
        },
      }
      for (const table of TABLES) await digestOf(counting, table, PAGE)
      await source.close()
      return { pages, most }
    }
    const pagesOf = (rows: number) => (Math.floor(rows / PAGE) + 1) * TABLES.length
    expect(await reads(10)).toEqual({ pages: pagesOf(10), most: PAGE })
    expect(await reads(40)).toEqual({ pages: pagesOf(40), most: PAGE })
  })
})
