import { expect, test } from 'vitest'
import { allowedBy, type RefusedForm, type TopicPolicy } from '../../src/domain/topic.ts'

const policy = (...refused: RefusedForm[]): TopicPolicy => ({
  maxLength: 4,
  refused,
  limit: 10,
  automatic: [],
  ids: false,
})

test.each([
  ['a name as long as one may be', policy(), '🦊🦊🦊🦊', true],
  ['a longer one', policy(), 'abcde', false],
  ['one of the characters alone', policy({ holdsOtherThan: 'a-z_.-' }), 'a-_.', true],
  ['another character at the end', policy({ holdsOtherThan: 'a-z' }), 'ab\n', false],
  ['a text that is refused', policy({ holds: '::' }), 'a::b', false],
  ['half of it', policy({ holds: '::' }), 'a:b:', true],
  ['the second form that is refused', policy({ holds: '::' }, { holds: ',' }), 'a,b', false],
  ['what is a pattern elsewhere', policy({ holds: '*' }), 'abc', true],
  ['and is a text here', policy({ holds: '*' }), 'a*c', false],
])('%s', (_, rules, name, allowed) => {
  expect(allowedBy(rules)(name)).toBe(allowed)
})
