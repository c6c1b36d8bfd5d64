import { describe, expect, test } from 'vitest'
import { type Filter, type Filtered, matchesFilter, tagsOf, topicsOf } from '../../src/domain/filter.ts'

const now = new Date('2026-11-28T15:00:00Z')
const today = Date.UTC(2026, 10, 28) / 1000
const device: Filtered = {
  platform: 'ios',
  topics: new Set(['news']),
  tags: {
    city: 'Graz',
    age: 41,
    paid: false,
    colours: ['red', 'blue'],
    version: '4.10.2',
    seen: today - 3 * 86_400,
    born: '2026-11-28 00:00',
    opened: String(today),
    nobody: null,
  },
}

describe('a device matches a filter', () => {
  test.each<[name: string, filter: Filter, matches: boolean]>([
    ['whose list of conditions is empty', { all: [] }, true],
    ['none of whose alternatives holds', { any: [] }, false],
    ['that holds for its platform', { platforms: ['android', 'ios'] }, true],
    ['that names other platforms', { platforms: ['web'] }, false],
    ['for a topic that it subscribes to', { topic: 'news' }, true],
    ['for another topic', { topic: 'sport' }, false],
    ['for a tag that it has', { tag: 'city', set: true }, true],
    ['for a tag that it has not', { tag: 'town', set: false }, true],
    ['for a tag with a name that every object has', { tag: 'constructor', set: true }, false],
    ['by the text of a tag', { tag: 'city', in: ['Wien', 'Graz'] }, true],
    ['by a number, which is not its text', { tag: 'age', in: ['41'] }, false],
    ['by a truth value', { tag: 'paid', in: [false] }, true],
    ['by any element of a list', { tag: 'colours', in: ['blue'] }, true],
    ['that is negated', { not: { tag: 'city', in: ['Wien'] } }, true],
    ['from a number on', { tag: 'age', from: 41 }, true],
    ['up to a number', { tag: 'age', to: 40 }, false],
    ['between two numbers', { tag: 'age', from: 40, to: 42 }, true],
    ['between two texts', { tag: 'city', from: 'A', to: 'H' }, true],
    ['whose bound is of another type', { tag: 'city', from: 1 }, false],
    ['by a version, number by number', { tag: 'version', from: '4.9', by: 'version' }, true],
    ['by a version that is a text', { tag: 'version', from: '4.9' }, false],
    ['by a version that is none', { tag: 'city', from: '1.0', by: 'version' }, false],
    ['by a version that is a number', { tag: 'age', from: '4.0', by: 'version' }, false],
    ['by a date that is written out', { tag: 'born', from: today, by: 'date' }, true],
    ['by a date in seconds as text', { tag: 'opened', to: today, by: 'date' }, true],
    ['by a date before', { tag: 'born', to: '2026-11-27', by: 'date' }, false],
    ['by a date that is none', { tag: 'city', from: 0, by: 'date' }, false],
    ['from days ago on', { tag: 'seen', from: { daysAgo: 3 } }, true],
    ['up to days ago', { tag: 'seen', to: { daysAgo: 4 } }, false],
    ['on a day some days ago', { tag: 'seen', in: [{ daysAgo: 3 }] }, true],
    ['without the tag, whatever is asked of it', { tag: 'town', in: ['Graz'] }, false],
    [
      'with nested conditions',
      { all: [{ any: [{ tag: 'age', to: 3 }, { topic: 'news' }] }, { tag: 'city', set: true }] },
      true,
    ],
  ])('%s', (_, filter, matches) => expect(matchesFilter(filter, device, now)).toBe(matches))
})

test('a filter tells which tags and topics it reads', () => {
  const filter: Filter = {
    all: [{ not: { tag: 'a', set: true } }, { any: [{ topic: 't' }, { tag: 'b', in: [1] }] }],
  }
  expect([tagsOf(filter), topicsOf(filter)]).toEqual([['a', 'b'], ['t']])
})
