import { describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../../src/domain/error.ts'
import { ConstraintViolated } from '../../src/store/sql/port.ts'
import { call, statement } from '../../src/store/sql/statement.ts'
import { sql } from '../../src/store/sql/template.ts'
import { openD1 } from '../../src/store/sqlite/d1.ts'

const one = call(statement(sql`SELECT 1`), {})

/** Faults of D1 itself, with the messages of Cloudflare's "Debug D1" and of workerd. */
function failing(error: unknown, times = Number.POSITIVE_INFINITY) {
  let left = times
  const prepared = { bind: () => prepared }
  return {
    prepare: () => prepared,
    async batch(statements: readonly unknown[]) {
      if (left-- > 0) throw error
      return statements.map(() => ({ results: [{ answered: 1 }], meta: {} }))
    },
  } as unknown as D1Database
}

const UNAVAILABLE = [
  'D1_ERROR: Network connection lost.',
  'Network connection lost.',
  'D1_ERROR: D1 DB is overloaded. Requests queued for too long.',
  'D1_ERROR: D1 DB is overloaded. Too many requests queued.',
  'D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.',
  'D1_ERROR: D1 DB reset because its code was updated.',
  'D1_ERROR: Internal error while starting up D1 DB storage caused object to be reset.',
  'D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.',
  'D1_ERROR: Exceeded maximum DB size.',
  "D1_ERROR: Your account has exceeded D1's maximum account storage limit.",
  'D1_ERROR: database or disk is full: SQLITE_FULL',
  'D1_ERROR: database is locked: SQLITE_BUSY',
  'D1_ERROR: database disk image is malformed: SQLITE_CORRUPT',
  'D1_ERROR: no such table: devices: SQLITE_ERROR',
  'D1_ERROR: no such column: x at offset 7: SQLITE_ERROR',
]
const BUGS = [
  'D1_ERROR: near "SELEKT": syntax error at offset 0: SQLITE_ERROR',
  'D1_ERROR: too many SQL variables at offset 900: SQLITE_ERROR',
  'D1_ERROR: NOT NULL constraint failed: devices.id: SQLITE_CONSTRAINT',
  "D1_TYPE_ERROR: Type 'undefined' not supported for value 'undefined'",
  'Cannot read properties of undefined',
]
const thrown = (error: unknown, method: 'read' | 'commit') =>
  openD1(failing(error))
    [method]([one])
    .then(
      () => null,
      (reason: unknown) => reason,
    )

describe.each(['read', 'commit'] as const)('a failing D1, asked to %s,', (method) => {
  test.each(UNAVAILABLE)('is unavailable, and keeps the cause: %s', async (message) => {
    const cause = new Error(message)
    const error = await thrown(cause, method)
    expect(error).toBeInstanceOf(StoreUnavailable)
    expect(error).toMatchObject({ cause })
  })

  test('is unavailable where only the inner error says why', async () => {
    const cause = new Error('D1_ERROR', { cause: new Error('Network connection lost.') })
    expect(await thrown(cause, method)).toBeInstanceOf(StoreUnavailable)
  })

  test.each([
    'D1_ERROR: UNIQUE constraint failed: identifiers.dialect, identifiers.value: SQLITE_CONSTRAINT',
    'UNIQUE constraint failed: credentials.dialect, credentials.lookup: SQLITE_CONSTRAINT_UNIQUE',
  ])('tells a refused row from a fault: %s', async (message) => {
    expect(await thrown(new Error(message), method)).toBeInstanceOf(ConstraintViolated)
  })

  test.each(BUGS)('does not hide a bug: %s', async (message) => {
    const bug = new Error(message)
    expect(await thrown(bug, method)).toBe(bug)
  })

  test.each([
    ['D1_ERROR: string or blob too big: SQLITE_TOOBIG', 'too_large'],
    ["D1_ERROR: bad JSON path: 'refused: tags 5001': SQLITE_ERROR", 'limit'],
  ])('tells a refusal of the caller from a fault (A4): %s', async (message, code) => {
    expect(await thrown(new Error(message), method)).toMatchObject({ name: 'GatewayError', code })
  })

  test('throws an error even where D1 throws none', async () => {
    expect(await thrown('gone', method)).toEqual(new Error('gone'))
  })

  test('heals by itself', async () => {
    // An overload, which an immediate retry would make worse.
    const db = openD1(failing(new Error(UNAVAILABLE[2]), 1))
    await expect(db[method]([one])).rejects.toBeInstanceOf(StoreUnavailable)
    expect(await db[method]([one])).toEqual([[{ answered: 1 }]])
  })
})
