import { expect, test } from 'vitest'
import { statementsIn } from '../../src/move/d1-export.ts'
import { openSource, openTarget } from '../../src/move/open.ts'
import { MIGRATIONS } from './kit.ts'

test.each([
  ['none that ends', 'INSERT INTO a', '', 'INSERT INTO a'],
  ['two and a begun one', 'A;B;C', 'A;B;', 'C'],
  ['a semicolon in a text', `A 'x;y';B 'z`, `A 'x;y';`, `B 'z`],
  ['a text with a quote in it', `A 'it''s;';B`, `A 'it''s;';`, 'B'],
  ['a text that is cut off at a semicolon', `A;B 'x;`, 'A;', `B 'x;`],
  ['a text that is cut off at a doubled quote', `A;B 'x;'`, 'A;', `B 'x;'`],
  ['names in quotes', 'A "x;" `y;`;B', 'A "x;" `y;`;', 'B'],
  ['a remark', 'A;-- it; is\nB;C', 'A;-- it; is\nB;', 'C'],
  ['a remark that is cut off', 'A;-- it; is', 'A;', '-- it; is'],
  ['a quote in a remark', "-- it's\nA;B", "-- it's\nA;", 'B'],
])('statements: %s', (_, text, whole, left) => {
  expect(statementsIn(text)).toEqual({ whole, left })
})

test.each([
  ['', /^Nothing is not a database: use file:PATH or postgres:/],
  ['mysql://host/db', /^mysql:\/\/host\/db is not a database/],
  [':memory:', /^:memory: is not a database/],
  ['file:', /^file: is not a database/],
  ['file:/nowhere/at/all.db', /^There is no file \/nowhere\/at\/all\.db\.$/],
  ['postgres://host:port/', /^The address /],
])('a source at "%s" is refused with a reason', async (url, reason) => {
  await expect(openSource(url, MIGRATIONS)).rejects.toThrow(reason)
})

test('a D1 is no target', async () => {
  await expect(openTarget('file:./d1.sql', MIGRATIONS)).rejects.toThrow(/^Cannot move to D1/)
})
