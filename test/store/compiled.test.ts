import { expect, test } from 'vitest'
import { openDb } from '#runtime'
import { read } from '../../src/store/sql/plan.ts'
import { boundValues, call, statement } from '../../src/store/sql/statement.ts'
import { devices, pushTokens } from '../../src/store/sql/tables.ts'
import { columns, integer, sql, value } from '../../src/store/sql/template.ts'

const d = devices.as('d')
const p = pushTokens.left('p')
const one = statement(sql`
  SELECT ${columns({ id: d.id, user_id: d.userId, provider: p.provider, devices: integer(sql`count(*)`) })}
  FROM ${d} LEFT JOIN ${p} ON ${p.id} = ${d.pushTokenId} WHERE ${d.appId} = ${value('app')}`)

// Each `@ts-expect-error` is a case: where the compiler took the line, the check of types would fail.
test('a value that is forgotten does not compile, and would not be run', () => {
  // @ts-expect-error `app` is missing
  const forgotten = call(one, { name: 'of another statement' })
  expect(() => boundValues(forgotten)).toThrow('no value for app')
  expect(boundValues(call(one, { app: 'a', more: 'is harmless' }))).toEqual(['a'])
})

test('a column that the schema does not have does not compile', () => {
  // @ts-expect-error there is `userId`
  expect(d.user).toBeDefined()
  expect(one.text).toContain('SELECT d.id, d.user_id, p.provider, count(*) AS devices')
})

test('a row has the types of the schema, and NULL where a joined row may be missing', async () => {
  const { found } = await read(await openDb(), { found: call(one, { app: 'nobody’s' }) })
  const [row] = found
  // @ts-expect-error no such column was selected
  expect(row?.name).toBeUndefined()
  // @ts-expect-error it may be NULL
  const provider: string | undefined = row?.provider
  const devicesOfApp: number | undefined = row?.devices
  expect({ provider, devicesOfApp }).toEqual({ provider: null, devicesOfApp: 0 })
})
