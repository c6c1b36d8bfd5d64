import { describe, expect, test } from 'vitest'
import type { Audience } from '../../src/domain/message.ts'
import { open } from './kit.ts'

const topics = (...names: string[]) => ({ topics: { names, when: 'created' as const } })

describe('a message', () => {
  test('is accepted without a word to a push service, and then reaches each phone once', async () => {
    const o = await open()
    const phones = [await o.phone(), await o.phone()]
    const id = await o.accept()
    expect(o.asked()).toEqual([])
    expect(await o.report(id)).toMatchObject({ state: 'planning' })
    await o.run()
    expect(o.reached().sort()).toEqual(phones.map(({ token }) => token).sort())
    expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: 2 } })
  })

  test('of a phone with two matching topics comes once', async () => {
    const o = await open()
    const { token } = await o.phone(topics('a', 'b'))
    const other = await o.phone(topics('b'))
    await o.phone(topics('c'))
    await o.accept({ audience: { to: { topics: ['a', 'b'] } } })
    await o.run()
    expect(o.reached().sort()).toEqual([token, other.token].sort())
  })

  test('to nobody is done at once', async () => {
    const o = await open()
    const id = await o.accept({ audience: { to: { users: [] } } })
    await o.run()
    expect(await o.report(id)).toMatchObject({ state: 'done', counts: {} })
  })

  test('of an app without a credential is accepted, and its phones count as unconfigured', async () => {
    const o = await open({ set: false })
    await o.phone()
    const id = await o.accept()
    await o.run()
    expect(await o.report(id)).toMatchObject({ state: 'done', counts: { unconfigured: 1 } })
  })

  test('whose credential is removed while it waits counts them so, too', async () => {
    const o = await open()
    await o.phone()
    const id = await o.accept()
    const engine = o.h.engine()
    await engine.plan()
    await o.h.admin('DELETE', `/apps/${o.id}/providers/fcm`)
    await o.run(engine)
    expect(await o.report(id)).toMatchObject({ state: 'done', counts: { unconfigured: 1 } })
  })

  test('has no way to an e-mail address', async () => {
    const o = await open()
    await o.phone({ platform: 'email', pushToken: { provider: 'email', token: 'a@b.example' } })
    const id = await o.accept()
    await o.run()
    expect(await o.report(id)).toMatchObject({ state: 'done', counts: { unsupported: 1 } })
  })

  test('does not go to who registers after it was accepted', async () => {
    const o = await open()
    const { token } = await o.phone()
    await o.accept()
    o.h.clock.advance(1000)
    await o.phone()
    await o.run()
    expect(o.reached()).toEqual([token])
  })

  test('is checked again when it is sent: a device that was disabled meanwhile is skipped', async () => {
    const o = await open()
    const { token } = await o.phone()
    const { device } = await o.phone()
    const id = await o.accept()
    const engine = o.h.engine()
    await engine.plan()
    await o.phone({ externalId: device.externalId, patch: { enabled: false }, pushToken: undefined })
    await o.run(engine)
    expect(o.reached()).toEqual([token])
    expect(await o.report(id)).toMatchObject({ counts: { accepted: 1, skipped: 1 } })
  })

  test('that is cancelled before its page is sent reaches nobody', async () => {
    const o = await open()
    await o.phone()
    const id = await o.accept()
    const engine = o.h.engine()
    await engine.plan()
    const { externalId } = await o.report(id)
    expect(await o.h.gateway.messages.cancel({ app: o.app, externalId })).toBe('cancelled')
    await o.run(engine)
    expect(o.asked()).toEqual([])
    expect(await o.report(id)).toMatchObject({ state: 'cancelled', counts: { cancelled: 1 } })
  })

  test('that is forgotten reaches nobody', async () => {
    const o = await open()
    await o.phone()
    const id = await o.accept()
    const engine = o.h.engine()
    await engine.plan()
    const { externalId } = await o.report(id)
    await o.h.gateway.messages.forget({ app: o.app, externalId })
    await o.run(engine)
    expect(o.asked()).toEqual([])
  })

  test('whose time passes while it waits is expired, unsent', async () => {
    const o = await open()
    await o.phone()
    const id = await o.accept({ body: { text: 'late', ttl: 60 } })
    o.h.clock.advance(60_000)
    await o.run()
    expect(o.asked()).toEqual([])
    expect(await o.report(id)).toMatchObject({ state: 'done', counts: { expired: 1 } })
  })

  test('carries its time to live as given on the first attempt', async () => {
    const o = await open()
    await o.phone()
    await o.accept({ body: { text: 'x', ttl: 60 } })
    o.h.clock.advance(20_000)
    await o.run()
    expect(o.fcm.fake.messages).toMatchObject([{ android: { ttl: '60s' } }])
  })

  test('is rendered for each phone: its language, and the tags that the dialect asked for', async () => {
    const o = await open()
    const de = await o.phone({ patch: { language: 'de' } })
    const other = await o.phone()
    const changes = [{ name: 'name', do: 'set' as const, as: [{ type: 'text' as const, value: 'Ann' }] }]
    await o.h.gateway.tags.change({ app: o.app, externalId: other.token, changes })
    await o.accept({ body: { text: { de: 'Hallo', default: 'Hello' }, tag: 'name' } })
    await o.run()
    const words = new Map(o.fcm.fake.messages.map(({ token, data }) => [token, data]))
    expect(words.get(de.token)).toMatchObject({ words: 'Hallo' })
    expect(words.get(other.token)).toMatchObject({ words: 'Hello Ann' })
  })

  test('that is too large for the push service fails its phones, unsent', async () => {
    const o = await open()
    await o.phone()
    const id = await o.accept({ body: { text: 'x'.repeat(5000) } })
    await o.run()
    expect(o.asked()).toEqual([])
    expect(await o.report(id)).toMatchObject({ state: 'done', counts: { payload: 1 } })
  })
})

test.each<{ says: string; audience: Audience; reaches: readonly string[] }>([
  { says: 'a platform', audience: { to: { all: true }, platforms: ['ios'] }, reaches: ['ios'] },
  { says: 'no platform', audience: { to: { all: true }, platforms: [] }, reaches: [] },
  {
    says: 'a filter',
    audience: { to: { all: true }, filter: { not: { platforms: ['ios'] } } },
    reaches: ['android'],
  },
  {
    says: 'a topic in a filter',
    audience: { to: { all: true }, filter: { topic: 'news' } },
    reaches: ['ios'],
  },
])('an audience with $says reaches who matches', async ({ audience, reaches }) => {
  const o = await open()
  const phones = { android: await o.phone(), ios: await o.phone({ platform: 'ios', ...topics('news') }) }
  await o.accept({ audience })
  await o.run()
  const expected = Object.entries(phones).filter(([platform]) => reaches.includes(platform))
  expect(o.reached()).toEqual(expected.map(([, { token }]) => token))
})
