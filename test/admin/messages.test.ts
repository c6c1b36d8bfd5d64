import { describe, expect, test } from 'vitest'
import { openMessages, type ShownMessage } from './message-kit.ts'

interface Listed {
  readonly messages: readonly ShownMessage[]
  readonly nextCursor?: string
}

describe('the messages of an app', () => {
  test('are listed newest first, in pages, whoever sent them', async () => {
    const { h, path, sent } = await openMessages()
    const made: string[] = []
    for (let at = 0; at < 3; at++) {
      made.unshift((await sent()).id)
      h.clock.advance(at === 1 ? 0 : 1000)
    }
    const read = async (cursor?: string): Promise<readonly string[]> => {
      const answer = await h.admin('GET', `${path}?limit=2${cursor ? `&cursor=${cursor}` : ''}`)
      const page = await answer.json<Listed>()
      const ids = page.messages.map(({ id }) => id)
      return page.nextCursor === undefined ? ids : [...ids, ...(await read(page.nextCursor))]
    }
    expect(await read()).toEqual(made)
  })

  test('are listed by state where asked', async () => {
    const { h, path, sent } = await openMessages()
    const [first, second] = [await sent(), await sent()]
    await h.admin('DELETE', `${path}/${first.id}`)
    const of = async (state: string) =>
      (await (await h.admin('GET', `${path}?state=${state}`)).json<Listed>()).messages.map(({ id }) => id)
    expect([await of('cancelled'), await of('planning'), await of('done')]).toEqual([
      [first.id],
      [second.id],
      [],
    ])
  })

  test.each([
    ['state=sent', 'state'],
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['cursor=x', 'cursor'],
    ['q=hello', 'q'],
  ])('with %s are not listed: it says what is wrong', async (query, at) => {
    const { h, path } = await openMessages()
    const answer = await h.admin('GET', `${path}?${query}`)
    expect([answer.status, await answer.json()]).toMatchObject([400, { errors: [{ path: at }] }])
  })
})

describe('a message', () => {
  test('shows whom it is for without anybody’s id, and nothing of the vendor’s call', async () => {
    const { h, sent, shown } = await openMessages()
    const { id, externalId } = await sent({
      audience: { to: { users: ['alice', 'bob'] }, platforms: ['ios'] },
      schedule: { at: new Date('2026-12-01T08:00:00Z'), every: 3600 },
      ttl: 60,
      ignored: ['notification.colour'],
    })
    expect(await shown(id)).toEqual({
      ...{ id, dialect: 'echo', externalId, state: 'scheduled', priority: 'high', ttl: 60 },
      audience: { users: 2, platforms: ['ios'] },
      schedule: { at: '2026-12-01T08:00:00.000Z', localTime: false, every: 3600, until: null },
      ...{ ignored: ['notification.colour'], counts: {}, breakdown: [], delivered: 0, opened: 0 },
      createdAt: h.clock.now.toISOString(),
      ...{ startedAt: null, finishedAt: null, content: null },
    })
  })

  test('shows what became of it: by outcome, and by push service, platform and hour', async () => {
    const { h, sent, planned, shown } = await openMessages()
    const { id } = await sent({ audience: { to: { users: ['alice', 'bob'] } } })
    const hour = Math.floor(h.clock.now.getTime() / 3_600_000)
    const of = { provider: 'fcm', platform: 'android', hour } as const
    await planned(id, [
      { ...of, outcome: 'unconfigured', count: 3 },
      { ...of, outcome: 'accepted', count: 2 },
      { ...of, outcome: 'accepted', count: 1, hour: hour + 1 },
    ])
    const at = (hours: number) => new Date((hour + hours) * 3_600_000).toISOString()
    const shownOf = { provider: 'fcm', platform: 'android' }
    expect(await shown(id)).toMatchObject({
      state: 'done',
      audience: { users: 2 },
      counts: { accepted: 3, unconfigured: 3 },
      breakdown: [
        { ...shownOf, outcome: 'accepted', hour: at(0), count: 2 },
        { ...shownOf, outcome: 'unconfigured', hour: at(0), count: 3 },
        { ...shownOf, outcome: 'accepted', hour: at(1), count: 1 },
      ],
      finishedAt: h.clock.now.toISOString(),
    })
  })

  test('shows how many devices reported it, each once', async () => {
    const { h, speaks, sent, phone, shown } = await openMessages()
    await phone('one')
    await phone('two')
    const { id, externalId } = await sent()
    for (const [device, kind] of [
      ['one', 'delivered'],
      ['one', 'delivered'],
      ['two', 'delivered'],
      ['two', 'opened'],
    ] as const)
      await h.gateway.receipts.record({ app: speaks, externalId: device, messageId: externalId, kind })
    expect(await shown(id)).toMatchObject({ delivered: 2, opened: 1 })
  })

  test('shows the phones that it did not reach, in pages', async () => {
    const { h, path, app, sent, phone, messages } = await openMessages()
    const registered = [await phone('a'), await phone('b'), await phone('c')]
    const devices = registered.map(({ device }) => device)
    const tokens = devices.map(({ pushToken }) => pushToken?.id ?? '').sort()
    const { id } = await sent()
    const page = { provider: 'fcm', tokens, dueAt: h.clock.now } as const
    const [start, end] = [
      { part: 0, after: '' },
      { part: 1, after: '' },
    ]
    const step = { id, appId: app, priority: 'high', run: 0, from: start, to: end, done: true } as const
    const rest = { next: null, audience: {}, pages: [page], settled: [] }
    await messages.advance({ ...step, ...rest }, h.clock.now)
    const until = new Date(h.clock.now.getTime() + 60_000)
    const lease = crypto.randomUUID()
    // Other tests over the same database may have left pages.
    await messages.claim({ lease, until, horizon: until, resting: [], each: 50, limit: 50 }, h.clock.now)
    const failures = tokens.map((tokenId) => {
      const deviceId = devices.find(({ pushToken }) => pushToken?.id === tokenId)?.id ?? null
      return { tokenId, deviceId, outcome: 'failed', reason: 'UNAVAILABLE', attempts: 5 } as const
    })
    await messages.settle(
      {
        page: { send: id, appId: app, run: 0, number: 0, provider: 'fcm' },
        ...{ lease, result: 'fff', attempts: {}, counts: [], failures, dead: [], accepted: [] },
        ...{ environments: [], ends: null, until },
      },
      { at: h.clock.now, cause: 'test' },
    )
    const read = async (cursor = ''): Promise<readonly unknown[]> => {
      const answer = await h.admin('GET', `${path}/${id}/failures?limit=2${cursor}`)
      const found = await answer.json<{ failures: readonly unknown[]; nextCursor?: string }>()
      if (found.nextCursor === undefined) return found.failures
      return [...found.failures, ...(await read(`&cursor=${found.nextCursor}`))]
    }
    const at = h.clock.now.toISOString()
    expect(await read()).toEqual(
      failures.map(({ tokenId, ...failure }) => ({
        ...{ installationId: tokenId, ...failure, provider: 'fcm', at },
      })),
    )
  })
})

describe('cancelling', () => {
  test('ends a message once, twice is the same, and says who did it once', async () => {
    const { h, app, path, sent, shown } = await openMessages()
    const { id } = await sent({ schedule: { at: new Date('2027-01-01T00:00:00Z') } })
    const rehearsed = await h.admin('DELETE', `${path}/${id}?dryRun=true`)
    expect([rehearsed.status, await rehearsed.json()]).toEqual([200, { would: { messages: 1 } }])
    expect(await shown(id)).toMatchObject({ state: 'scheduled' })
    for (const _ of [1, 2]) expect((await h.admin('DELETE', `${path}/${id}`)).status).toBe(204)
    expect(await shown(id)).toMatchObject({ state: 'cancelled' })
    const audit = await h.admin('GET', `/audit?app=${app}`)
    const { entries } = await audit.json<{ entries: readonly { action: string; target: string }[] }>()
    expect(entries.filter(({ action }) => action === 'message.cancelled')).toMatchObject([
      { target: id, actor: 'admin' },
    ])
  })

  test('a message of which nothing is left is a conflict', async () => {
    const { h, path, sent, planned } = await openMessages()
    const { id } = await sent()
    await planned(id)
    for (const query of ['', '?dryRun=true']) {
      const answer = await h.admin('DELETE', `${path}/${id}${query}`)
      expect([answer.status, await answer.json()]).toMatchObject([
        409,
        { type: 'urn:pushport:problem:conflict' },
      ])
    }
  })
})

describe.each([
  ['GET', ''],
  ['GET', '/failures'],
  ['DELETE', ''],
  ['DELETE', '?dryRun=true'],
])('%s …/messages/{message}%s', (method, rest) => {
  test('finds no message of another app, none of an unknown app, and none by another name', async () => {
    const { h, path, sent } = await openMessages()
    const { id, externalId } = await sent()
    const other = await h.createApp({ echo: { code: crypto.randomUUID() } })
    for (const [at, type] of [
      [`/apps/${other.id}/messages/${id}`, 'not-found'],
      [`/apps/nobody/messages/${id}`, 'app-unknown'],
      [`${path}/${externalId}`, 'not-found'],
    ] as const) {
      const answer = await h.admin(method, at + rest)
      expect([answer.status, await answer.json()]).toMatchObject([
        404,
        { type: `urn:pushport:problem:${type}` },
      ])
    }
  })
})

test.each([
  ['GET', ''],
  ['GET', '/x'],
  ['GET', '/x/failures'],
  ['DELETE', '/x'],
])('%s …/messages%s needs the admin token', async (method, rest) => {
  const { h, path } = await openMessages()
  expect((await h.request(method, `/admin/v1${path}${rest}`)).status).toBe(401)
})
