import { expect, test } from 'vitest'
import type { TopicPolicy } from '../../../src/domain/topic.ts'
import { createHarness } from '../../harness/harness.ts'
import { type Beams, expectVoid, newToken, openBeams } from './kit.ts'

// Identity R6: a phone's topics in another dialect become its initial interests in Beams, once.

const ANYTHING: TopicPolicy = {
  maxLength: 1000,
  refused: [],
  limit: 10_000,
  automatic: ['Everybody'],
  ids: false,
}

const openWithOthers = async (more: Readonly<Record<string, unknown>> = {}) =>
  openBeams({}, more, await createHarness())

/** Registers the phone through a dialect unknown to Beams. */
async function elsewhere({ h, instanceId }: Beams, token: string, topics: readonly string[]) {
  const beams = await h.gateway.apps.find('pusher-beams', instanceId)
  if (!beams) throw new Error('no app')
  await h.admin('PATCH', `/apps/${beams.app.id}`, { dialects: { flameup: {} } })
  const app = { ...beams, dialect: 'flameup', credentials: [] }
  const registration = {
    app,
    externalId: crypto.randomUUID(),
    identity: 'key',
    platform: 'android',
    pushToken: { provider: 'fcm', token },
    topics: { names: topics, when: 'always' },
    policy: ANYTHING,
    cause: 'test',
  } as const
  await h.gateway.devices.register(registration)
  return { app, externalId: registration.externalId }
}

test('a phone that another dialect knows starts with its topics', async () => {
  const beams = await openWithOthers()
  const token = newToken('fcm')
  await elsewhere(beams, token, ['zebra', 'panda'])
  const { initialInterestSet, path } = await beams.register('fcm', { token })
  expect(initialInterestSet).toEqual(['panda', 'zebra'])
  expect(await beams.interests(path)).toEqual(['panda', 'zebra'])
})

test('both devices are one installation, each with its own topics from then on', async () => {
  const beams = await openWithOthers()
  const token = newToken('fcm')
  const other = await elsewhere(beams, token, ['a'])
  const { path } = await beams.register('fcm', { token })
  await beams.setInterests(path, ['b'])
  expect((await beams.h.gateway.devices.find(other))?.topics).toEqual(['a'])
  const devices = await beams.admin()
  expect(new Set(devices.map(({ installationId }) => installationId)).size).toBe(1)
})

test.each([
  ['a blank', 'no good'],
  ['a slash', 'a/b'],
  ['a colon', 'a:b'],
  ['a letter beyond ASCII', 'é'],
  ['a line feed behind', 'news\n'],
  ['a bracket', 'a]b'],
  ['a caret', 'a^b'],
  ['an asterisk', 'a*b'],
  ['165 characters', 'x'.repeat(165)],
  ['the topic that is given to everybody', 'Everybody'],
])('a topic with %s is left behind', async (_, bad) => {
  const beams = await openWithOthers()
  const token = newToken('fcm')
  await elsewhere(beams, token, [bad, 'good'])
  const { initialInterestSet, path } = await beams.register('fcm', { token })
  expect(initialInterestSet).toEqual(['good'])
  await beams.setInterests(path, [...initialInterestSet, 'more'])
})

test('every character of an interest may be carried', async () => {
  const beams = await openWithOthers()
  const token = newToken('fcm')
  const names = [...'AZaz09_-=@,.;'].map((character) => `x${character}`).concat('x'.repeat(164))
  await elsewhere(beams, token, names)
  expect((await beams.register('fcm', { token })).initialInterestSet).toEqual([...names].sort())
})

test('no more than 5,000 topics are carried', async () => {
  const beams = await openWithOthers()
  const token = newToken('fcm')
  await elsewhere(
    beams,
    token,
    Array.from({ length: 5003 }, (_, n) => `i${n}`),
  )
  expect((await beams.register('fcm', { token })).initialInterestSet).toHaveLength(5000)
})

test('topics are carried once: not to a second registration', async () => {
  const beams = await openWithOthers()
  const token = newToken('fcm')
  await elsewhere(beams, token, ['a'])
  const { path } = await beams.register('fcm', { token })
  await beams.setInterests(path, [])
  expect((await beams.register('fcm', { token })).initialInterestSet).toEqual([])
})

test('topics are carried once: not after the device was deleted', async () => {
  const beams = await openWithOthers()
  const token = newToken('fcm')
  await elsewhere(beams, token, ['a'])
  const { path } = await beams.register('fcm', { token })
  expectVoid(await beams.call('DELETE', path))
  expect((await beams.register('fcm', { token })).initialInterestSet).toEqual([])
})

test('twelve registrations at once carry the topics once', async () => {
  const beams = await openWithOthers()
  const token = newToken('fcm')
  await elsewhere(beams, token, ['a', 'b'])
  const all = await Promise.all(Array.from({ length: 12 }, () => beams.register('fcm', { token })))
  expect(new Set(all.map(({ id }) => id)).size).toBe(1)
  for (const { initialInterestSet } of all) expect(initialInterestSet).toEqual(['a', 'b'])
})

test('nothing is carried where the app has it switched off', async () => {
  const beams = await openWithOthers({ settings: { carryOver: false } })
  const token = newToken('fcm')
  await elsewhere(beams, token, ['a'])
  expect((await beams.register('fcm', { token })).initialInterestSet).toEqual([])
})

test('deleting the Beams device leaves the other dialect alone', async () => {
  const beams = await openWithOthers()
  const token = newToken('fcm')
  const other = await elsewhere(beams, token, ['a'])
  const { path } = await beams.register('fcm', { token })
  expectVoid(await beams.call('DELETE', path))
  expect(await beams.h.gateway.devices.find(other)).toMatchObject({
    topics: ['a'],
    pushToken: { token, state: 'live' },
  })
})
