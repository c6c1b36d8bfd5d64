import { describe, expect, test } from 'vitest'
import { createWorld, unique, type World } from '../identity/kit.ts'
import { type Answering, receivers } from './receivers.ts'

const SECOND = 1000
const HOUR = 3600 * SECOND
const refused = (text = 'no', status = 500) => new Response(text, { status })

const register = (world: World, name: string) =>
  world.register('red', name, {
    token: unique('t'),
    patch: { user: { id: 'anna@example.com', proved: false } },
  })

async function setUp(more: Record<string, unknown> = {}, answers?: Answering) {
  const world = await createWorld()
  const outside = receivers(world)
  const { hook, receiver } = await outside.create(more, answers)
  const path = `/apps/${world.appId}/webhooks/${hook.id}`
  const deliveries = async (state: string) => {
    const response = await world.h.admin('GET', `${path}/deliveries?state=${state}`)
    return (await response.json<{ deliveries: Record<string, unknown>[] }>()).deliveries
  }
  const told = () => receiver.got.map(({ data }) => [data.kind, data.device?.externalId ?? null])
  return { ...outside, world, h: world.h, hook, receiver, path, deliveries, told }
}

describe('a webhook of the feed', () => {
  test('is told each event once, in order, with an id that stays, by whoever claims it first', async () => {
    const { world, tell, told, receiver, state, hook } = await setUp()
    await register(world, 'one')
    await register(world, 'two')
    await world.addTopics('red', 'one', 'news')
    await Promise.all([tell(), tell(), tell()])
    await tell()
    expect(told()).toEqual([
      ['registered', 'one'],
      ['registered', 'two'],
      ['subscribed', 'one'],
    ])
    expect(new Set(receiver.got.map(({ id }) => id)).size).toBe(3)
    expect(receiver.got[0]).toMatchObject({ type: 'registered', app: world.appId })
    expect(await state(hook.id)).toMatchObject({ delivered: 3, failures: 0, last: { status: 204 } })
  })

  test('is told what it chose, from where it was told to begin', async () => {
    const { world, create, tell } = await setUp()
    await register(world, 'one')
    await world.addTopics('red', 'one', 'news')
    const early = await create({ events: ['subscribed'], after: 'start' })
    const late = await create({ after: 'latest' })
    await tell()
    expect(early.receiver.got.map(({ type }) => type)).toEqual(['subscribed'])
    expect(late.receiver.got).toEqual([])
  })

  test('tries again what one device’s event failed with, while others go on, and nothing overtakes it', async () => {
    let down = true
    const { world, h, tell, told, deliveries } = await setUp({}, ({ data }) =>
      down && data.device?.externalId === 'one' ? refused() : undefined,
    )
    await register(world, 'one')
    await register(world, 'two')
    await tell()
    await world.addTopics('red', 'one', 'news')
    await world.addTopics('red', 'two', 'news')
    await tell()
    expect(told()).toEqual([
      ['registered', 'two'],
      ['subscribed', 'two'],
    ])
    expect(await deliveries('waiting')).toMatchObject([
      { kind: 'registered', tries: 1, status: 500, error: 'no' },
      { kind: 'subscribed', tries: 0, dueAt: null },
    ])
    down = false
    for (const step of [6, 1, 1]) {
      h.clock.advance(step * SECOND)
      await tell()
    }
    expect(told().slice(2)).toEqual([
      ['registered', 'one'],
      ['subscribed', 'one'],
    ])
    expect(await deliveries('waiting')).toEqual([])
  })

  test('gives an event up after a day, lists it without what it said of anybody, and tries it when asked', async () => {
    let poisoned = true
    const { world, h, tell, told, deliveries, path, receiver } = await setUp({}, ({ data }) =>
      poisoned && data.device?.externalId === 'poison'
        ? refused(`cannot parse anna@example.com ${data.device.token} of poison`, 422)
        : undefined,
    )
    await register(world, 'poison')
    for (let hours = 0; hours < 40; hours++) {
      await register(world, `fine ${hours}`)
      await tell()
      h.clock.advance(HOUR)
    }
    const [dead] = await deliveries('dead')
    expect(dead).toMatchObject({ kind: 'registered', state: 'dead', tries: 11, status: 422, dueAt: null })
    expect(dead?.error).toBe('cannot parse … … of …')
    expect(told()).toHaveLength(40)
    poisoned = false
    expect((await h.admin('POST', `${path}/deliveries/${dead?.id}/replay`)).status).toBe(204)
    await tell()
    expect(told().at(-1)).toEqual(['registered', 'poison'])
    expect(receiver.got.at(-1)?.id).toBe(`${world.appId}-${dead?.id}`)
    expect((await h.admin('POST', `${path}/deliveries/${dead?.id}/replay`)).status).toBe(404)
  })

  test('rests while it takes nothing, loses nothing, and goes on once it does', async () => {
    let up = false
    let calls = 0
    const { world, h, tell, told, state, hook } = await setUp({}, () => {
      calls++
      return up ? undefined : refused('', 503)
    })
    for (let at = 0; at < 20; at++) await register(world, `device ${at}`)
    await tell()
    // As many as start concurrently, and those that started before the fifth had failed.
    expect(calls).toBeLessThanOrEqual(8 + 4)
    expect(await state(hook.id)).toMatchObject({ restingUntil: expect.any(String) })
    for (let hours = 0; hours < 48; hours++) {
      h.clock.advance(HOUR)
      await tell()
    }
    // One call for each pause of an hour.
    expect(calls).toBeLessThan(70)
    expect(await state(hook.id)).toMatchObject({ stopped: null, dead: 0 })
    up = true
    for (let minutes = 0; minutes < 90; minutes++) {
      h.clock.advance(60 * SECOND)
      await tell()
    }
    expect(new Set(told().map(([, name]) => name)).size).toBe(20)
    expect(await state(hook.id)).toMatchObject({ failures: 0, waiting: 0, restingUntil: null })
  })

  test.each([
    ['410 Gone at once', 410, 0, 'gone'],
    ['five days without a taken call', 500, 6 * 24, 'failing'],
  ])('is told nothing more after %s, until it is resumed', async (_, status, hours, stopped) => {
    let answer = status
    const { world, h, tell, told, state, hook, path } = await setUp({}, () =>
      answer === 204 ? undefined : refused('', answer),
    )
    for (let at = 0; at < 9; at++) await register(world, `device ${at}`)
    await tell()
    for (let passed = 0; passed < hours; passed++) {
      h.clock.advance(HOUR)
      await tell()
    }
    expect(await state(hook.id)).toMatchObject({ stopped })
    answer = 204
    h.clock.advance(HOUR)
    await tell()
    expect(told()).toEqual([])
    await h.admin('PATCH', path, { paused: false })
    for (let seconds = 0; seconds < 20; seconds++) {
      h.clock.advance(SECOND)
      await tell()
    }
    expect(new Set(told().map(([, name]) => name)).size).toBe(9)
  })

  test.each([
    [
      'a redirect',
      () => new Response(null, { status: 302, headers: { Location: 'https://evil.example/' } }),
      302,
    ],
    ['an error', () => refused('', 400), 400],
  ])('takes %s as no delivery', async (_, answer, status) => {
    const { world, tell, told, deliveries } = await setUp({}, answer)
    await register(world, 'one')
    await tell()
    expect(told()).toEqual([])
    expect(await deliveries('waiting')).toMatchObject([{ status }])
  })

  test('leaves a receiver alone for as long as that says', async () => {
    let calls = 0
    const { world, h, tell, told } = await setUp({}, () =>
      ++calls === 1 ? new Response(null, { status: 429, headers: { 'Retry-After': '120' } }) : undefined,
    )
    await register(world, 'one')
    await tell()
    h.clock.advance(100 * SECOND)
    await tell()
    expect(calls).toBe(1)
    h.clock.advance(21 * SECOND)
    await tell()
    expect(told()).toEqual([['registered', 'one']])
  })

  test('is told again from a place or a time, with the ids that it knows', async () => {
    const { world, h, tell, receiver, path, hook } = await setUp()
    // After everything that earlier tests have written with their own clocks.
    h.clock.advance(1000 * 24 * HOUR)
    await register(world, 'one')
    h.clock.advance(HOUR)
    const since = h.clock.now.toISOString()
    await register(world, 'two')
    await tell()
    const ids = receiver.got.map(({ id }) => id)
    const replayed = async (from: unknown) => {
      receiver.got.length = 0
      expect((await h.admin('POST', `${path}/replay`, from)).status).toBe(200)
      await tell()
      return receiver.got.map(({ id }) => id)
    }
    expect(await replayed({ after: hook.cursor })).toEqual(ids)
    expect(await replayed({ since })).toEqual(ids.slice(1))
    expect(await replayed({ after: 'latest' })).toEqual([])
    for (const wrong of [{}, { since, after: 'start' }, { after: 'yesterday' }])
      expect((await h.admin('POST', `${path}/replay`, wrong)).status).toBe(400)
  })

  test('that stands behind what is kept is stopped, and says so', async () => {
    const { world, h, tell, state, hook } = await setUp({ after: 'latest' })
    await h.admin('PATCH', `/apps/${world.appId}/webhooks/${hook.id}`, { paused: true })
    await register(world, 'one')
    h.clock.advance(401 * 24 * HOUR)
    const { now } = h.clock
    await h.gateway.maintenance.run({ milliseconds: 10_000, steps: 500 })
    // A clock that jumped so far is believed after a day.
    for (let hours = 0; hours < 50; hours++) {
      h.clock.advance(HOUR)
      await h.gateway.maintenance.run({ milliseconds: 10_000, steps: 500 })
    }
    expect(h.clock.now.getTime()).toBeGreaterThan(now.getTime())
    await register(world, 'two')
    await h.admin('PATCH', `/apps/${world.appId}/webhooks/${hook.id}`, { paused: false })
    await tell()
    expect(await state(hook.id)).toMatchObject({ stopped: 'history' })
  })

  test.each([
    ['a private address', { url: 'https://10.0.0.1/x' }, 400],
    ['another scheme', { url: 'ftp://hooks.example/' }, 400],
    ['a user in the address', { url: 'https://a:b@hooks.example/' }, 400],
    ['no such kind', { events: ['nothing'] }, 400],
    ['no kind at all', { events: [] }, 400],
    ['a short secret', { secret: 'whsec_AAAA' }, 400],
    ['a name twice', { name: 'taken' }, 409],
  ])('refuses %s', async (_, more, status) => {
    const { h, world, create } = await setUp()
    await create({ name: 'taken' })
    const draft = { name: 'other', url: 'https://hooks.example/', ...more }
    expect((await h.admin('POST', `/apps/${world.appId}/webhooks`, draft)).status).toBe(status)
  })

  test('goes with its app, and what it was not told with it', async () => {
    const { world, h, tell, path } = await setUp({}, () => refused('', 400))
    await register(world, 'one')
    await tell()
    await h.admin('DELETE', `/apps/${world.appId}`)
    expect((await h.admin('GET', path)).status).toBe(404)
    await h.gateway.maintenance.run({ milliseconds: 10_000, steps: 500 })
    expect(await h.gateway.feedHooks.list(world.appId)).toEqual([])
  })
})
