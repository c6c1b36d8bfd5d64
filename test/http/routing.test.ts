import { expect, test } from 'vitest'
import type { Adapter, PathForms } from '../../src/adapter.ts'
import { houseBases, routingPath } from '../../src/http/routing.ts'
import { withDotsMarked } from '../../src/wire/path.ts'

const adapter = (bases: Adapter['bases'], paths: PathForms = {}) =>
  ({ bases, capabilities: { paths } }) as unknown as Adapter

const HOUSE = houseBases([
  { path: '/*' },
  { path: '/healthz' },
  { path: '/admin/v1/*' },
  { path: '/admin/v1/apps/:app' },
])

const path = routingPath(
  [
    adapter(['/one', '/two/api']),
    adapter(['/~first'], { claim: ([, second]) => (second === 'mine' ? '/~first/x' : null) }),
    adapter(['/empty'], { emptySegments: true }),
    adapter(['/~second'], {
      claim: (segments) => (segments.length > 1 ? `/~second/${segments.join('|')}` : null),
    }),
  ],
  HOUSE,
)

test.each([
  ['a base', '/one/mine', '/one/mine'],
  ['a base alone', '/one', '/one'],
  ['a base of two segments', '/two/api/mine', '/two/api/mine'],
  ['the administration', '/admin/mine', '/admin/mine'],
  ['the checks', '/healthz/mine', '/healthz/mine'],
  ['what nobody claims', '/mine', '/mine'],
  ['what the first claims', '/ones/mine', '/~first/x'],
  ['what begins like a base', '/two/apis', '/~second/two|apis'],
  ['what the second claims, as it was sent', '/a%2Fb/%zz/', '/~second/a%2Fb|%zz|'],
  ['a query, which is no part of it', '/a/mine?x=/one', '/~first/x'],
  ['doubled slashes in front', '///a/mine', '/~first/x'],
  ['an internal base from outside', '/~first/x', '/~'],
  ['behind doubled slashes too', '//~second/x', '/~'],
  ['nothing at all', '', '/'],
  ['doubled slashes inside a base', '/one//a///b', '/one/a/b'],
  ['doubled slashes inside what is claimed', '/a//mine', '/~first/x'],
  ['doubled slashes at the end', '/one/a//', '/one/a/'],
  ['doubled slashes where empty segments mean something', '/empty//a/', '/empty//a/'],
  ['doubled slashes there, in front', '//empty//a', '/empty//a'],
  ['doubled slashes in the administration', '/admin/v1//apps', '/admin/v1//apps'],
  ['dots, as ids', '/one/../.././a', '/one/../.././a'],
  ['encoded dots, as they were sent', '/one/%2E%2e/.%2e/%2e', '/one/%2E%2e/.%2e/%2e'],
  ['dots in front', '/../one/a', '/~second/..|one|a'],
])('%s', (_, sent, routed) => {
  expect(path(new Request(`http://gateway.test${withDotsMarked(sent)}`))).toBe(routed)
})

test('the house’s own paths are those that are mounted', () => {
  expect(HOUSE).toEqual(['/healthz', '/admin'])
})

test('without claims every path stays as it is', () => {
  const plain = routingPath([adapter(['/one'])], HOUSE)
  expect(plain(new Request('http://gateway.test/x/mine'))).toBe('/x/mine')
})
