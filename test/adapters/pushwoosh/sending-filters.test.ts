import { describe, expect, test } from 'vitest'
import { conditionsFilter } from '../../../adapters/pushwoosh/sending/conditions.ts'
import { devicesFilter } from '../../../adapters/pushwoosh/sending/devices-filter.ts'
import { matchesFilter } from '../../../src/domain/filter.ts'
import { openTenant, tenantOf } from './kit.ts'
import { kept } from './sending-kit.ts'

const now = new Date('2026-11-28T15:00:00Z')
const day = Date.UTC(2026, 10, 25) / 1000
/** Tags as getTags answers them, of every type and form. */
const tags = {
  City: 'Graz',
  Digits: '41',
  Age: 41,
  Price: 19.95,
  Paid: false,
  Colours: ['red', 'blue'],
  Language: 'zh-Hans',
  'Application Version': '4.10.2',
  'First Install': String(day),
  Born: '2026-11-25 00:00',
  Seen: day + 3600,
}
const device = { platform: 'ios', topics: new Set<string>(), tags } as const
const matches = (condition: unknown) => {
  const filter = conditionsFilter([condition], undefined)
  return filter !== undefined && matchesFilter(filter, device, now)
}

describe('conditions', () => {
  test.each<[condition: readonly unknown[], matches: boolean]>([
    [['City', 'EQ', 'Graz'], true],
    [['City', 'eq', 'Wien'], false],
    [['City', 'EQ', 'graz'], false],
    [['City', 'NOTEQ', 'Wien'], true],
    [['City', 'IN', ['Wien', 'Graz']], true],
    [['City', 'NOTIN', ['Wien', 'Graz']], false],
    [['Digits', 'EQ', 41], true],
    [['Age', 'EQ', 41], true],
    [['Age', 'EQ', '41'], true],
    [['Age', 'NOTEQ', 41], false],
    [['Age', 'IN', [40, 41]], true],
    [['Age', 'NOTIN', [40, 41]], false],
    [['Age', 'LTE', 41], true],
    [['Age', 'LTE', '40'], false],
    [['Age', 'GTE', 41], true],
    [['Age', 'BETWEEN', [40, 42]], true],
    [['Age', 'BETWEEN', [42, 50]], false],
    [['Price', 'EQ', 19.95], true],
    [['Price', 'GTE', '19.9'], true],
    [['Price', 'GTE', 19.96], false],
    [['Price', 'LTE', '19.100'], false],
    [['Application Version', 'EQ', '4.10.2'], true],
    [['Application Version', 'EQ', '4.10.2.0'], true],
    [['Application Version', 'GTE', '4.9'], true],
    [['Application Version', 'GTE', 5], false],
    [['Application Version', 'BETWEEN', ['4.2', '4.11']], true],
    [['Application Version', 'NOTIN', ['4.10.2']], false],
    [['Paid', 'EQ', 0], true],
    [['Paid', 'EQ', false], true],
    [['Paid', 'EQ', 'true'], false],
    [['Colours', 'IN', ['blue', 'green']], true],
    [['Colours', 'NOTIN', ['blue']], false],
    [['Colours', 'NOTIN', ['green']], true],
    [['Language', 'EQ', 'zh-hans'], true],
    [['Language', 'EQ', 'de'], false],
    [['First Install', 'EQ', '2026-11-25 00:00'], true],
    [['First Install', 'EQ', day], true],
    [['First Install', 'EQ', '3 days ago'], true],
    [['First Install', 'EQ', '2 days ago'], false],
    [['First Install', 'GTE', '3 days ago'], true],
    [['First Install', 'LTE', '4 days ago'], false],
    [['Born', 'EQ', day], true],
    [['Born', 'LTE', '2026-11-25 00:00'], true],
    [['Born', 'GTE', '2026-11-26 00:00'], false],
    [['Born', 'BETWEEN', ['2026-11-01 00:00', '2026-11-30 00:00']], true],
    [['Seen', 'EQ', '3 days ago'], true],
    [['Seen', 'GTE', String(day)], true],
    [['City', 'ANY'], true],
    [['City', 'NOTSET'], false],
    [['Town', 'NOTSET'], true],
    [['Town', 'ANY'], false],
    [['Town', 'NOTEQ', 'Wien'], false],
    [['Town', 'NOTIN', ['Wien']], false],
    [['Town', 'EQ', 'Wien'], false],
  ])('%j', (condition, result) => expect(matches(condition)).toBe(result))

  test('hold together by AND, and each by itself by OR', () => {
    const both = [
      ['City', 'EQ', 'Graz'],
      ['Age', 'EQ', 1],
    ]
    const joined = (operator: unknown) => {
      const filter = conditionsFilter(both, operator)
      return filter !== undefined && matchesFilter(filter, device, now)
    }
    expect([joined(undefined), joined('AND'), joined('or')]).toEqual([false, false, true])
    expect([conditionsFilter([], 'AND'), conditionsFilter(undefined, undefined)]).toEqual([
      undefined,
      undefined,
    ])
  })

  test.each<[name: string, conditions: unknown]>([
    ['an operator that is none', [['a', 'LIKE', 'b']]],
    ['no operator', [['a']]],
    ['no tag', [[5, 'EQ', 1]]],
    ['an operand that is an object', [['a', 'EQ', {}]]],
    ['a list that is none', [['a', 'IN', 'b']]],
    ['bounds that are none', [['a', 'BETWEEN', [1]]]],
    ['a bound that is a word', [['a', 'LTE', 'b']]],
    ['too many', Array.from({ length: 201 }, () => ['a', 'ANY'])],
    ['a list that is too long', [['a', 'IN', Array.from({ length: 1001 }, String)]]],
  ])('%s are refused', (_, conditions) => expect(() => conditionsFilter(conditions, 'AND')).toThrow())
})

describe('devices_filter', () => {
  const APP = new Set(['APP00-00001'])
  const holds = (source: string) => matchesFilter(devicesFilter(source, APP), device, now)
  test.each<[source: string, matches: boolean]>([
    ['A("APP00-00001")', true],
    ['A("OTHER-00001")', false],
    ['A("APP00-00001", ["iOS", "Android"])', true],
    ['A("APP00-00001", ["Chrome"])', false],
    ['G("group")', false],
    ['T("City", EQ, "Graz")', true],
    ['t("Age", BETWEEN, [40, 42])', true],
    ['T("Town", NOTSET)', true],
    ['AT("APP00-00001", "City", EQ, "Graz")', true],
    ['AT("OTHER-00001", "City", EQ, "Graz")', false],
    ['T("City", EQ, "Wien") + T("Age", EQ, 41)', true],
    ['T("City", EQ, "Wien") * T("Age", EQ, 41)', false],
    ['A("APP00-00001") \\ T("City", EQ, "Graz")', false],
    ['A("APP00-00001") \\ T("City", EQ, "Wien")', true],
    // From left to right: (Wien * Wien) + Graz, and (Graz + Wien) * Wien.
    ['T("City",EQ,"Wien")*T("City",EQ,"Wien")+T("City",EQ,"Graz")', true],
    ['T("City",EQ,"Graz")+T("City",EQ,"Wien")*T("City",EQ,"Wien")', false],
    ['T("City",EQ,"Graz")+(T("City",EQ,"Wien")*T("City",EQ,"Wien"))', true],
    ['T("Quote \\" mark", NOTSET)', true],
  ])('%s', (source, result) => expect(holds(source)).toBe(result))

  test.each<[name: string, source: unknown]>([
    ['nothing', ''],
    ['a number', 5],
    ['a letter of no set', 'X("a")'],
    ['an open parenthesis', '(A("APP00-00001")'],
    ['an open text', 'A("APP00-00001'],
    ['more after its end', 'A("APP00-00001") A("APP00-00001")'],
    ['an unknown operator', 'T("a", LIKE, "b")'],
    ['a list in a list', 'T("a", IN, [["b"]])'],
    ['too long a text', `A("${'x'.repeat(16_400)}")`],
    ['too many conditions', Array(201).fill('G("a")').join('+')],
    ['too deep a nesting', `${'('.repeat(5000)}G("a")${')'.repeat(5000)}`],
    ['too deep an alternation', Array(60).fill('T("a",ANY)*T("b",ANY)').join('+')],
  ])('%s is refused', (_, source) => expect(() => devicesFilter(source, APP)).toThrow())

  test('a long chain is not a deep one', () => {
    expect(holds(Array(200).fill('T("City", EQ, "Graz")').join(' * '))).toBe(true)
  })
})

describe('createTargetedMessage', () => {
  test('sends to those of the application that the filter means', async () => {
    const t = await openTenant()
    const request = { auth: t.token, content: 'a', application: undefined }
    const filter = `A("${t.code}") * T("City", EQ, "Graz")`
    const { messageCode } = (await t.ok('createTargetedMessage', { ...request, devices_filter: filter })) as {
      messageCode: string
    }
    const message = await kept(t, messageCode)
    expect([message.body, message.ignored]).toEqual([{ content: 'a' }, []])
    const of = (city: string) =>
      message.audience.filter &&
      matchesFilter(message.audience.filter, { ...device, tags: { City: city } }, now)
    expect([of('Graz'), of('Wien')]).toEqual([true, false])
  })

  test('a filter of tags alone is of the only application of the account', async () => {
    const t = await openTenant()
    const request = { auth: t.token, content: 'a', application: undefined, devices_filter: 'T("a", ANY)' }
    expect(await t.ok('createTargetedMessage', request)).toMatchObject({ messageCode: expect.any(String) })
    await tenantOf(t.h, { apiToken: t.token })
    expect(await t.refused('createTargetedMessage', request)).toMatch(/application/)
  })

  test.each([
    ['bad auth', { auth: 'wrong' }, 'Account not found'],
    ['no filter', { devices_filter: undefined }, /devices_filter/],
    ['a bad filter', { devices_filter: 'A(' }, /devices_filter/],
    ['a bad notification', { send_date: 'x' }, 'Cannot parse date'],
  ])('%s is refused', async (_, more, text) => {
    const t = await openTenant()
    const request = { auth: t.token, content: 'a', devices_filter: `A("${t.code}")`, ...more }
    expect(await t.refused('createTargetedMessage', request)).toMatch(text)
  })
})
