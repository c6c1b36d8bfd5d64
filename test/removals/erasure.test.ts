import { describe, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { WEBHOOK_KINDS } from '../../src/domain/webhook.ts'
import { createHarness } from '../harness/harness.ts'
import { ENOUGH, open, register } from './kit.ts'
import { putMany } from './many.ts'
import { traces } from './traces.ts'

/** All data that one user can leave in one app: `mark` is in all of it, `ref` is a device of theirs. */
async function lived(mark: string) {
  const t = await open()
  const { h, app } = t
  const { gateway } = h
  await gateway.webhooks.create({ app, name: 'w', url: 'https://w.example', events: WEBHOOK_KINDS })
  const tags = [{ name: 'Name', do: 'set', as: [{ type: 'string', value: `${mark}-tag` }] }]
  const token = (text: string) => ({ pushToken: { provider: 'fcm' as const, token: text } })
  const alice = {
    ...token(`${mark}-token`),
    tags,
    topics: { names: [`${mark}-topic`], when: 'always' },
  }
  // On a phone that was Bob's and is Bob's again: he took over her token, she his.
  await register(h, app, 'phone', mark, token('of-bob'))
  await register(h, app, 'phone', 'bob', token('of-bob'))
  await register(h, app, `${mark}-device`, mark, alice)
  await register(h, app, 'bobs-old', 'bob', token('shared'))
  await register(h, app, `${mark}-second`, mark, token('shared'))
  const report = {
    app,
    externalId: 'phone',
    kind: 'opened',
    details: { userId: mark, metaData: { name: mark } },
  } as const
  await gateway.receipts.record({ ...report, messageId: 'm' })
  await gateway.receipts.record({ ...report, externalId: `${mark}-device`, messageId: `${mark}-message` })
  const rows = [
    {
      label: `${mark}-device`,
      registration: { externalId: `${mark}-device`, platform: 'android', ...token(`${mark}-token`) },
    },
    { label: `${mark}@example.com`, reason: 'is no address' },
    {
      label: 'later',
      registration: {
        externalId: 'later',
        platform: 'email',
        patch: { user: { id: mark, proved: false }, name: mark },
      },
    },
  ] as const
  await register(h, app, `${mark}@example.com`, mark, {
    pushToken: { provider: 'email', token: `${mark}@example.com` },
  })
  await gateway.jobs.create({ app, rows })
  const client = {
    key: { kty: 'RSA' },
    about: { deviceId: `${mark}-device`, displayName: mark },
    externalId: `${mark}-device`,
  }
  await gateway.auth.register(app, client)
  return t
}

describe('review B6, hostile F11: erasing a user', () => {
  test('takes every trace, in every table, and shows all of it before', async () => {
    const mark = `mark${crypto.randomUUID().slice(0, 8)}`
    const { h, id } = await lived(mark)
    const before = await traces(h, mark)
    expect(before).toEqual(
      expect.arrayContaining([
        'devices.user_id',
        'push_tokens.token',
        'tags.value',
        'subscriptions.topic',
        'receipts.details',
        'events.detail',
        'outbox.event',
        'job_items.label',
        'job_items.input',
        'clients.about',
      ]),
    )
    const path = `/apps/${id}/users/${mark}`
    const shown = await (await h.admin('GET', path)).json<Record<string, unknown>>()
    expect(shown).toMatchObject({
      userId: mark,
      devices: [
        { externalId: `${mark}@example.com` },
        { externalId: `${mark}-second` },
        { externalId: `${mark}-device` },
      ],
      held: {
        devices: 3,
        events: expect.any(Number),
        receipts: 2,
        calls: expect.any(Number),
        jobRows: 3,
        clients: 1,
        work: 0,
        keptStates: 0,
      },
      receipts: [{ details: { userId: mark } }, { details: { userId: mark } }],
      clients: [{ about: { displayName: mark } }],
    })
    const text = JSON.stringify(shown)
    for (const left of [`${mark}-message`, `${mark}-tag`, `${mark}-topic`, `${mark}-token`])
      expect(text).toContain(left)

    const rehearsed = await h.admin('DELETE', `${path}?dryRun=true`)
    expect([rehearsed.status, await rehearsed.json()]).toEqual([200, { would: shown.held }])
    expect((await h.admin('DELETE', path)).status).toBe(204)
    // A topic's name belongs to everyone who has it, and its count to nobody.
    await h.gateway.maintenance.run(ENOUGH)
    expect(await traces(h, mark)).toEqual([])
    expect((await h.admin('GET', path)).status).toBe(404)
    expect((await h.admin('DELETE', path)).status).toBe(404)
  })

  test('says beforehand what of many devices it would take, whichever of them it hangs on', async () => {
    const { h, id, app } = await open()
    await putMany(h, app, 2500, 'guest')
    const client = { key: { kty: 'RSA' }, about: {}, externalId: 'device-002499' }
    await h.gateway.auth.register(app, client)
    const rehearsed = await h.admin('DELETE', `/apps/${id}/users/guest?dryRun=true`)
    expect(await rehearsed.json()).toEqual({
      would: {
        devices: 2500,
        events: 2000,
        receipts: 2000,
        copies: 0,
        calls: 0,
        work: 0,
        jobRows: 0,
        clients: 1,
        keptStates: 0,
      },
    })
  })

  test("leaves others' devices, their history and the numbers of jobs whole", async () => {
    const mark = `mark${crypto.randomUUID().slice(0, 8)}`
    const { h, id, app } = await lived(mark)
    await h.admin('DELETE', `/apps/${id}/users/${mark}`)
    await h.gateway.maintenance.run(ENOUGH)
    const { devices } = await (await h.admin('GET', `/apps/${id}/devices`)).json<{
      devices: { id: string; externalId: string; userId: string }[]
    }>()
    expect(devices.map(({ externalId, userId }) => [externalId, userId])).toEqual([
      ['bobs-old', 'bob'],
      ['phone', 'bob'],
    ])
    const history = await (await h.admin('GET', `/apps/${id}/devices/${devices[0]?.id}/events`)).json<{
      events: object[]
    }>()
    expect(history.events).toEqual([
      expect.objectContaining({ kind: 'superseded', detail: { pushTokenId: expect.any(String) } }),
      expect.objectContaining({ kind: 'registered' }),
    ])
    while (await h.gateway.jobs.step());
    expect(await h.gateway.devices.find({ app, externalId: 'later' })).toBeNull()
    expect(await h.gateway.devices.find({ app, externalId: `${mark}-device` })).toBeNull()
  })

  test('says who asked for it, and of whom only to whoever knows the id', async () => {
    const { h, id, app } = await open()
    for (const user of ['ann', 'ann', 'ben']) {
      const patch = { user: { id: user, proved: false } }
      const externalId = crypto.randomUUID()
      await h.gateway.devices.register({
        app,
        externalId,
        identity: 'key',
        platform: 'web',
        patch,
        cause: 'test',
      })
      await h.admin('DELETE', `/apps/${id}/users/${user}`)
    }
    const { entries } = await (await h.admin('GET', `/audit?app=${id}&limit=3`)).json<{
      entries: { target: string }[]
    }>()
    expect(entries).toMatchObject(
      Array.from({ length: 3 }, () => ({ actor: 'admin', action: 'user.erased', app: id })),
    )
    const [ben, ann, again] = entries.map((one) => one.target)
    expect(ann).toMatch(/^[0-9a-f]{16}$/)
    expect([again, ben === ann]).toEqual([ann, false])
  })

  test.each(adapters.filter(({ name }) => ['pushwoosh', 'pusher-beams'].includes(name)))(
    'takes the reports that a user sent through $name from a phone that is another’s now',
    async ({ name }) => {
      const h = await createHarness()
      const mark = `mark${crypto.randomUUID().slice(0, 8)}`
      const created = await h.createApp({ [name]: {} })
      const setup = created.dialects[name] ?? {}
      if (name === 'pushwoosh') {
        const send = (method: string, request: object) =>
          h.request('POST', `/json/1.3/${method}`, {
            body: { request: { application: setup.applicationCode, ...request } },
          })
        await send('registerDevice', { hwid: 'h', device_type: 3, push_token: 't', userId: mark })
        await send('pushStat', { hwid: 'h', hash: 'm', userId: mark })
        await send('registerDevice', { hwid: 'h', device_type: 3, push_token: 't', userId: 'bob' })
      } else {
        const base = `instances/${setup.instanceId}/devices/fcm`
        const { id } = await (
          await h.request('POST', `/device_api/v1/${base}`, { body: { token: 't' } })
        ).json<{ id: string }>()
        await h.request('POST', `/reporting_api/v2/instances/${setup.instanceId}/events`, {
          body: { event: 'Open', publishId: 'p', deviceId: id, userId: mark, timestampSecs: 1 },
        })
      }
      expect(await traces(h, mark)).toContain('receipts.details')
      await h.admin('DELETE', `/apps/${created.id}/users/${mark}`)
      expect(await traces(h, mark)).toEqual([])
      const { receipts } = await (await h.admin('GET', `/apps/${created.id}/receipts`)).json<{
        receipts: object[]
      }>()
      expect(receipts).toEqual([])
    },
  )
})
