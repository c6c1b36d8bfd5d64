import { describe, expect, test } from 'vitest'
import { measures } from '../../bench/measures.ts'
import { PAIRS } from '../../bench/peer/measures.ts'
import { bars } from '../../bench/report/bars.ts'
import { curves } from '../../bench/report/curves.ts'
import { textTable } from '../../bench/report/table.ts'
import { existing, fresh, phone } from '../../bench/seed/phone.ts'

const DEVICES = 1000
const many = Array.from({ length: 300 }, (_, k) => k)
const numbers = (half: 'kept' | 'changed') => many.map((k) => existing('pushwoosh', DEVICES, k, half).n)

describe('the phones of the load', () => {
  test('those that change are never those that must stay as they are', () => {
    const kept = new Set(numbers('kept'))
    expect(numbers('changed').filter((n) => kept.has(n))).toEqual([])
  })

  test('all of them are among the seeded ones, of their own dialect', () => {
    const all = [...numbers('kept'), ...numbers('changed')]
    expect(all.filter((n) => n < 0 || n >= DEVICES || n % 5 !== 3)).toEqual([])
  })

  test('a new one is new in every job, and keeps twelve digits', () => {
    const made = [1, 2, 999].flatMap((job) => many.map((k) => fresh(job, k).digits))
    expect(new Set(made).size).toBe(made.length)
    expect(made.filter((digits) => !/^[2-9][0-9]{11}$/.test(digits))).toEqual([])
  })

  test('ten topics a phone, of which a hundredth of a million have one', () => {
    expect(new Set(phone(123_456).topics).size).toBe(10)
    const city = many.filter((k) => phone(k * 5).topics.includes('city-7'))
    expect(city.length).toBe(many.length / 100)
  })
})

test('what the peer is measured with is measured of ours', () => {
  const names = measures.map(({ name }) => name)
  expect(Object.keys(PAIRS).filter((name) => !names.includes(name))).toEqual([])
})

describe('the report', () => {
  const form = String

  test('a picture holds what was measured, leaves out what was not, and escapes names', () => {
    const drawn = bars({ title: 'a < b', names: ['x'], groups: [{ label: 'one', values: [3, null] }], form })
    expect(drawn).toContain('a &lt; b')
    expect(drawn.match(/height="11"/g)).toHaveLength(1)
  })

  test('a level line is what costs the same at every size', () => {
    const x = { values: [10, 100], form }
    const drawn = curves({ title: 't', x, y: { form, unit: 'u' }, lines: [{ name: 'l', values: [50, 50] }] })
    const [, points = ''] = /points="([^"]+)"/.exec(drawn) ?? []
    const heights = points.split(' ').map((point) => point.split(',')[1])
    expect(new Set(heights).size).toBe(1)
  })

  test('a table is in line', () => {
    expect(textTable({ head: ['', 'rate'], rows: [['long name', '7']] })).toEqual([
      '           rate',
      'long name     7',
    ])
  })
})
