import { describe, expect, test } from 'vitest'
import { openBeams } from './kit.ts'
import { INTERESTS, PATHS, publish, publishBody, published } from './sending-kit.ts'

describe.each(PATHS)('POST %s', (path) => {
  test('answers the id of what was kept, which waits for no push service', async () => {
    const beams = await openBeams()
    const message = await published(
      beams,
      path,
      publishBody(path, { fcm: { notification: { title: 'Hi' } } }),
    )
    expect(message).toMatchObject({
      dialect: 'pusher-beams',
      state: 'planning',
      body: { fcm: { notification: { title: 'Hi' } } },
      counts: {},
      ignored: [],
    })
    expect(Object.keys(message.body)).toEqual(['fcm'])
  })

  test('is two messages when it is repeated', async () => {
    const beams = await openBeams()
    const [one, other] = [
      await published(beams, path, publishBody(path)),
      await published(beams, path, publishBody(path)),
    ]
    expect(one.externalId).not.toBe(other.externalId)
  })

  test.each([
    [{ apns: {} }, ['ios', 'macos']],
    [{ fcm: {} }, ['android']],
    [{ web: {} }, ['web']],
    [{ web: {}, fcm: {}, apns: null }, ['android', 'web']],
  ])('with the parts %j is for those phones', async (parts, platforms) => {
    const message = await published(await openBeams(), path, publishBody(path, parts))
    expect([...(message.audience.platforms ?? [])].sort()).toEqual(platforms)
  })

  test('takes an instance id in capitals, a charset, empty PHP arrays, null for absent and the address of a webhook', async () => {
    const beams = await openBeams()
    const body = publishBody(path, {
      fcm: { notification: [], data: [], priority: null },
      apns: { aps: { 'content-available': null } },
      webhookUrl: 'https://shop.example/hook',
    })
    const type = { 'Content-Type': 'Application/JSON; charset=utf-8' }
    const instanceId = beams.instanceId.toUpperCase()
    const answer = await publish({ ...beams, instanceId }, path, JSON.stringify(body), type)
    expect(answer.status, answer.text).toBe(200)
  })

  test('lists the members that have no effect', async () => {
    const body = publishBody(path, {
      nonsense: 1,
      webhookUrl: 'https://shop.example/hook',
      apns: { aps: {}, 'media-url': 'x', data: { pusher: 1, own: 2 } },
      fcm: { data: { from: 'a', pusher: 'b', pusherTokenValidation: 'true' }, dry_run: true },
      web: { notification: {}, icon: 'x', nothing: null },
    })
    const message = await published(await openBeams(), path, body)
    expect([...(message.ignored ?? [])].sort()).toEqual([
      'apns.data.pusher',
      'apns.media-url',
      'fcm.data.from',
      'fcm.data.pusher',
      'fcm.data.pusherTokenValidation',
      'fcm.dry_run',
      'nonsense',
      'web.icon',
      'webhookUrl',
    ])
  })
})

test.each(INTERESTS)('POST %s is for whoever has any of the interests', async (path) => {
  const interests = Array.from({ length: 100 }, (_, n) => `i${n}`)
  const message = await published(await openBeams(), path, { interests, fcm: {} })
  expect(message.audience.to).toEqual({ topics: interests })
  const odd = { interests: ['aZ9_-=@,.;', 'x'.repeat(164)], fcm: {} }
  expect((await published(await openBeams(), path, odd)).audience.to).toEqual({ topics: odd.interests })
})

test('POST publishes/users is for devices whose user was proved; an id that nobody can have is no fault', async () => {
  const users = [...Array.from({ length: 997 }, (_, n) => `u${n}`), 'a b/ü', '😀'.repeat(164)]
  const message = await published(await openBeams(), 'publishes/users', {
    users: [...users, '\ud800'],
    web: {},
  })
  expect(message.audience.to).toEqual({ users, proved: true })
})

test('delivery and open reports of a publish are kept for the device', async () => {
  const beams = await openBeams()
  const { id } = await beams.register()
  const { externalId } = await published(beams, 'publishes', publishBody('publishes'))
  for (const event of ['Delivery', 'Open']) {
    const body = { event, publishId: externalId, deviceId: id, timestampSecs: 1_764_000_000 }
    const at = `/reporting_api/v2/instances/${beams.instanceId}/events`
    expect((await beams.call('POST', at, { body })).status).toBe(200)
  }
  const answer = await beams.h.admin('GET', `/apps/${beams.app.id}/receipts`)
  const { receipts } = await answer.json<{ receipts: Record<string, unknown>[] }>()
  expect(receipts.map(({ kind, messageId }) => [kind, messageId]).sort()).toEqual([
    ['delivered', externalId],
    ['opened', externalId],
  ])
})
