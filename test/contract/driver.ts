import { describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../../src/domain/error.ts'
import { changedBefore, elements, item, listed } from '../../src/store/sql/forms.ts'
import { ConstraintViolated, type Db } from '../../src/store/sql/port.ts'
import { call, type Statement, statement } from '../../src/store/sql/statement.ts'
import { sql, value } from '../../src/store/sql/template.ts'
import { unique } from './kit.ts'

/** The smallest table with a unique key: (dialect, value). */
const insert: Statement = statement(
  sql`INSERT INTO identifiers (dialect, value, app_id) VALUES ('scratch', ${value('name')}, ${value('app')})`,
)
const insertAll: Statement = statement(
  sql`INSERT INTO identifiers (dialect, value, app_id) SELECT 'scratch', ${item('j').value}, ${value('app')} FROM ${elements(value('names'))} j`,
)
const rename: Statement<{ app_id: string }> = statement(
  sql`UPDATE identifiers SET app_id = ${value('to')} WHERE dialect = 'scratch' AND value = ${value('name')} AND app_id = ${value('from')} RETURNING app_id`,
)
const renameIfChanged: Statement<{ app_id: string }> = statement(
  sql`UPDATE identifiers SET app_id = ${value('to')} WHERE ${changedBefore} AND dialect = 'scratch' AND value = ${value('name')} RETURNING app_id`,
)
const ownerOf: Statement<{ app_id: string }> = statement(
  sql`SELECT app_id FROM identifiers WHERE dialect = 'scratch' AND value = ${value('name')}`,
)
const count: Statement<{ found: number }> = statement(
  sql`SELECT count(*) AS found FROM identifiers WHERE dialect = 'scratch' AND value IN ${listed('names')}`,
)
/** Values as they are, and numbers that are declared to engines with types. */
const echo: Statement<{ given: unknown }> = statement(sql`SELECT ${value('given')} AS given`)
const echoWhole: typeof echo = statement(sql`SELECT CAST(${value('given')} AS bigint) AS given`)
const echoFraction: typeof echo = statement(sql`SELECT CAST(${value('given')} AS double precision) AS given`)
const echoOf = (given: unknown) => {
  if (typeof given !== 'number') return echo
  return Number.isInteger(given) ? echoWhole : echoFraction
}

/** Cases in which drivers differ. */
export function driverContract(db: () => Db): void {
  const found = async (names: readonly string[]) => {
    const [[row]] = await db().read([call(count, { names: JSON.stringify(names) })])
    return row?.found
  }

  describe('a plan', () => {
    test('is undone as a whole when one of its statements fails', async () => {
      const [taken, first, last] = [unique('n'), unique('n'), unique('n')]
      await db().commit([call(insert, { name: taken, app: 'a' })])
      const plan = [first, taken, last].map((name) => call(insert, { name, app: 'a' }))
      await expect(db().commit(plan)).rejects.toBeInstanceOf(ConstraintViolated)
      expect(await found([first, last])).toBe(0)
    })

    test('that breaks a unique index alone is told so too', async () => {
      const name = unique('n')
      await db().commit([call(insert, { name, app: 'a' })])
      await expect(db().commit([call(insert, { name, app: 'a' })])).rejects.toBeInstanceOf(ConstraintViolated)
    })

    test('may be empty', async () => {
      expect(await db().commit([])).toEqual([])
      expect(await db().read([])).toEqual([])
    })

    test('is seen by its own last statement and by the next read', async () => {
      const name = unique('n')
      const results = await db().commit([
        call(insert, { name, app: 'a' }),
        call(rename, { name, from: 'a', to: 'b' }),
        call(ownerOf, { name }),
      ])
      expect(results).toEqual([[], [{ app_id: 'b' }], [{ app_id: 'b' }]])
      expect(await db().read([call(ownerOf, { name })])).toEqual([[{ app_id: 'b' }]])
    })

    test.each([
      ['goes on where the statement before changed a row', 'a', 'c'],
      ['stops where it changed none', 'x', 'a'],
    ])('whose statement asks for changes() %s', async (_, from, owner) => {
      const name = unique('n')
      await db().commit([call(insert, { name, app: 'a' })])
      await db().commit([call(rename, { name, from, to: 'b' }), call(renameIfChanged, { name, to: 'c' })])
      expect(await db().read([call(ownerOf, { name })])).toEqual([[{ app_id: owner }]])
    })
  })

  describe('plans committed at once', () => {
    test('keep their own outcomes: a refused one takes no other with it', async () => {
      const taken = unique('n')
      await db().commit([call(insert, { name: taken, app: 'a' })])
      const names = Array.from({ length: 12 }, () => unique('n'))
      const plans = names.map((name, at) =>
        db().commit([
          call(insert, { name, app: 'a' }),
          ...(at % 3 === 0 ? [call(insert, { name: taken, app: 'a' })] : []),
        ]),
      )
      const outcomes = await Promise.allSettled(plans)
      expect(outcomes.map((one) => one.status === 'fulfilled')).toEqual(names.map((_, at) => at % 3 !== 0))
      expect(await found(names.filter((_, at) => at % 3 === 0))).toBe(0)
      expect(await found(names)).toBe(8)
    })

    test('have one winner where each is guarded', async () => {
      const name = unique('n')
      await db().commit([call(insert, { name, app: 'a' })])
      const tries = Array.from({ length: 20 }, (_, at) =>
        db().commit([call(rename, { name, from: 'a', to: `winner ${at}` })]),
      )
      expect((await Promise.all(tries)).flat(2)).toHaveLength(1)
    })
  })

  describe('values', () => {
    const VALUES = {
      null: null,
      'an empty string': '',
      text: 'Grüße 👋🏽 \u2028 "quoted" \\ \' %',
      zero: 0,
      'a negative number': -1,
      'a fraction': 0.1 + 0.2,
      'a time in milliseconds': 1_795_608_000_123,
      'the largest whole number': Number.MAX_SAFE_INTEGER,
      'a large JSON text': JSON.stringify(Array.from({ length: 5000 }, (_, at) => `topic ${at}`)),
    }
    test.each(Object.entries(VALUES))('come back as they were bound: %s', async (_, given) => {
      expect(await db().read([call(echoOf(given), { given })])).toEqual([[{ given }]])
      expect(await db().commit([call(echoOf(given), { given })])).toEqual([[{ given }]])
    })

    test.each([
      ['undefined', { name: 'n', app: undefined }],
      ['missing', { name: 'n' }],
    ])('that are %s are a bug, and nothing of the plan happens', async (_, values) => {
      const before = unique('n')
      // Calls that the compiler refuses are tried anyway.
      const wrong = call(insert, values as unknown as { name: string; app: string })
      const plan = db().commit([call(insert, { name: before, app: 'a' }), wrong])
      await expect(plan).rejects.toThrow('no value for app')
      await expect(db().read([wrong])).rejects.toThrow('no value for app')
      expect(await found([before])).toBe(0)
    })

    test.each([500, 5000])('are as many as %i in one list', async (size) => {
      const names = Array.from({ length: size }, () => unique('n'))
      await db().commit([call(insertAll, { names: JSON.stringify(names), app: 'a' })])
      expect(await found(names)).toBe(size)
    })
  })

  describe('a bug of ours', () => {
    const BUGS = {
      'a function that is not there': statement(sql`SELECT no_such_function()`),
      'a syntax error': statement(sql`SELEKT 1`),
      'null where it must not be': statement(
        sql`INSERT INTO identifiers (dialect, value, app_id) VALUES ('scratch', 'null', NULL)`,
      ),
      'malformed JSON': statement(sql`SELECT value FROM json_each('[')`),
    }
    test.each(Object.entries(BUGS))(
      'is neither a taken name nor a passing trouble: %s',
      async (_, broken) => {
        for (const method of ['read', 'commit'] as const) {
          const error: unknown = await db()
            [method]([call(broken, {})])
            .then(
              () => null,
              (reason: unknown) => reason,
            )
          expect(error).toBeInstanceOf(Error)
          expect(error).not.toBeInstanceOf(ConstraintViolated)
          expect(error).not.toBeInstanceOf(StoreUnavailable)
        }
      },
    )
  })
}
