import { describe, expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import { createOffice, fcm, type Office } from '../transfer/kit.ts'
import { call } from '../transfer/phone.ts'
import { asked, lines } from './kit.ts'
import {
  dialect,
  eventOf,
  history,
  imported,
  phone,
  replaceAlike,
  row,
  stats,
  takeBack,
  undo,
  window,
} from './undo-kit.ts'

const HOUR = 3_600_000
const open = () => createOffice({ pushwoosh: {} })
const seal = async ({ h }: Office) => {
  const work = h.gateway.maintenance.work.find(({ name }) => name === 'sealing')
  while (await work?.step());
}
const reason = async (office: Office, event: unknown, query = '') =>
  (await takeBack(office, event, `dryRun=true&${query}`)).body.conflicts

describe(`section 8 on ${runtimeName}: a device that was imported without an id`, () => {
  const token = fcm('phone')
  const placeholder = async (office: Office) => {
    await imported(office, [
      {
        ...{ platform: 'android', token, userId: 'anna', model: 'Pixel' },
        ...{ tags: { Level: 7, Plan: 'pro' }, topics: ['news', 'own'] },
      },
    ])
    const device = [...(await office.devices()).values()].find(({ externalId }) => externalId !== 'phone')
    office.h.clock.advance(1000)
    return device
  }

  test('and then called has its former name again, and waits for the call once more', async () => {
    const office = await open()
    const before = await placeholder(office)
    await call(office, { id: 'phone', token })
    const event = await eventOf(office, before?.id, 'adopted')
    expect((await takeBack(office, event, 'dryRun=true')).body).toEqual({
      ...{ dryRun: true, events: 1, conflicts: [] },
    })
    expect((await takeBack(office, event)).body).toMatchObject({ events: 1 })
    expect([...(await office.devices()).values()]).toEqual([{ ...before, updatedAt: expect.any(String) }])
    expect((await takeBack(office, event)).status).toBe(409)
    await call(office, { id: 'phone', token })
    expect(await phone(office)).toMatchObject({
      id: before?.id,
      userId: 'anna',
      tags: { Level: 7, Plan: 'pro' },
    })
    expect(await stats(office)).toMatchObject({ total: 1, active: 1 })
  })

  test('keeps what its call said, and what it said since', async () => {
    const office = await open()
    const before = await placeholder(office)
    await call(office, { id: 'phone', token, appVersion: '2.0', tags: { Plan: 'free' } })
    await takeBack(office, await eventOf(office, before?.id, 'adopted'))
    const [after] = [...(await office.devices()).values()]
    expect(after).toMatchObject({
      ...{ externalId: before?.externalId, liveAt: null, appVersion: '2.0', model: 'Pixel' },
      tags: { Level: 7, Plan: 'free' },
    })
  })

  test('stays adopted where the phone called since, but for an operator who insists', async () => {
    const office = await open()
    const before = await placeholder(office)
    await call(office, { id: 'phone', token })
    const event = await eventOf(office, before?.id, 'adopted')
    office.h.clock.advance(2 * HOUR)
    await call(office, { id: 'phone', token })
    expect(await reason(office, event)).toMatchObject([{ reason: 'called_since' }])
    expect((await takeBack(office, event)).status).toBe(409)
    expect((await takeBack(office, event, 'force=true')).status).toBe(200)
    expect([...(await office.devices()).keys()]).toEqual([before?.externalId])
  })

  test('and was merged into another is a device of its own again, with its token and what it brought', async () => {
    const office = await open()
    await call(office, { id: 'phone', tags: { Plan: 'free' }, topics: ['own'] })
    const own = await phone(office)
    const made = await placeholder(office)
    await call(office, { id: 'phone', token })
    expect(await phone(office)).toMatchObject({ userId: 'anna', model: 'Pixel', token })
    await seal(office)
    const event = await eventOf(office, own?.id, 'adopted')
    expect(await reason(office, event)).toEqual([])
    expect((await takeBack(office, event)).body).toMatchObject({ events: 1 })
    const after = await office.devices()
    expect(after.size).toBe(2)
    expect(after.get(String(made?.externalId))).toEqual({ ...made, updatedAt: expect.any(String) })
    expect(after.get('phone')).toEqual({
      ...own,
      ...{ updatedAt: expect.any(String), lastSeenAt: expect.any(String) },
      ...{ active: expect.any(Boolean), supersededAt: office.h.clock.now.toISOString() },
    })
    expect(await stats(office)).toMatchObject({ active: 1 })
    // The phone's next call finds the placeholder as before.
    await call(office, { id: 'phone', token })
    expect(await phone(office)).toMatchObject({ userId: 'anna', tags: { Plan: 'free', Level: 7 }, token })
    expect((await office.devices()).size).toBe(1)
  })
})

describe(`section 8 on ${runtimeName}: tags`, () => {
  const tagged = async (office: Office, tags: Record<string, string>) => {
    office.h.clock.advance(1000)
    await call(office, { id: 'phone', tags })
  }

  test('that a call set have their former values again, and new ones go', async () => {
    const office = await open()
    await tagged(office, { Plan: 'free', Level: '1' })
    await tagged(office, { Plan: 'pro', Color: 'red' })
    const device = (await phone(office))?.id
    const event = await eventOf(office, device, 'tagsChanged')
    expect(await reason(office, event)).toEqual([])
    expect((await takeBack(office, event)).body).toMatchObject({ events: 1 })
    expect(await phone(office)).toMatchObject({ tags: { Plan: 'free', Level: '1' } })
    expect((await takeBack(office, event)).status).toBe(409)
  })

  test('that were changed again since stay, and a removed one does not come back', async () => {
    const office = await open()
    await tagged(office, { Plan: 'free', Level: '1', Color: 'red' })
    await tagged(office, { Plan: 'pro', Level: '2', Color: 'blue' })
    await tagged(office, { Plan: 'team' })
    const app = await dialect(office)
    const changes = [{ name: 'Color', do: 'remove' as const }]
    await office.h.gateway.tags.change({ app, externalId: 'phone', changes, cause: 'test' })
    const device = (await phone(office))?.id
    const events = (await history(office, device)).filter(({ kind }) => kind === 'tagsChanged')
    expect(events).toHaveLength(3)
    expect((await takeBack(office, events[2]?.id)).body).toMatchObject({ events: 1 })
    expect(await phone(office)).toMatchObject({ tags: { Plan: 'team', Level: '1' } })
    await tagged(office, { Level: '9' })
    expect(await reason(office, events[2]?.id)).toEqual([])
  })

  test('that one call changed in several ways have the values from before the first of them', async () => {
    const office = await open()
    const app = await dialect(office)
    const list = (...of: string[]) => [{ type: 'list', value: of }]
    const change = (...changes: readonly object[]) =>
      office.h.gateway.tags.change({ app, externalId: 'phone', changes: changes as never, cause: 'test' })
    await call(office, { id: 'phone' })
    await change({ name: 'Likes', do: 'set', as: list('a') }, { name: 'Old', do: 'set', as: list('x') })
    office.h.clock.advance(1000)
    await change(
      { name: 'Likes', do: 'append', as: list('b') },
      { name: 'Old', do: 'remove' },
      { name: 'New', do: 'set', as: list('n') },
      { name: 'Likes', do: 'append', as: list('c') },
    )
    expect(await phone(office)).toMatchObject({ tags: { Likes: ['a', 'b', 'c'], New: ['n'] } })
    await takeBack(office, await eventOf(office, (await phone(office))?.id, 'tagsChanged'))
    expect((await phone(office))?.tags).toEqual({ Likes: ['a'], Old: ['x'] })
  })

  test('whose former values are large are not in the history, and the preview says so', async () => {
    const office = await open()
    await tagged(office, { Plan: 'x'.repeat(5000) })
    await tagged(office, { Plan: 'y' })
    const event = await eventOf(office, (await phone(office))?.id, 'tagsChanged')
    expect(await reason(office, event)).toMatchObject([{ reason: 'value_not_kept' }])
  })

  test('of an erased user are in no history, even if the device is another one’s by now', async () => {
    const office = await open()
    await call(office, { id: 'phone', token: fcm('phone'), user: 'anna', tags: { Plan: 'annas-secret' } })
    await tagged(office, { Plan: 'pro' })
    await call(office, { id: 'phone', user: 'bert' })
    const device = (await phone(office))?.id
    const { h, app } = office
    const shown = async () => (await asked(h, 'GET', `/apps/${app}/devices/${device}/events`)).text
    expect(await shown()).toContain('annas-secret')
    await h.gateway.directory.eraseUser(app, 'anna')
    while (await h.gateway.maintenance.work.find(({ name }) => name === 'removals')?.step());
    expect(await shown()).not.toContain('annas-secret')
  })
})

describe(`section 8 on ${runtimeName}: the other kinds`, () => {
  test('a proved user is never taken back', async () => {
    const office = await open()
    const ref = { app: await dialect(office), externalId: 'phone', superseded: false, cause: 'test' }
    await call(office, { id: 'phone', token: fcm('phone') })
    for (const id of ['anna', 'bert']) {
      await office.h.gateway.devices.update({ ...ref, patch: { user: { id, proved: true } } })
    }
    const device = (await phone(office))?.id
    const event = await eventOf(office, device, 'userChanged')
    expect(await reason(office, event)).toMatchObject([{ path: 'user', reason: 'proved_user' }])
    expect((await takeBack(office, event, 'force=true')).status).toBe(409)
  })

  test('topics that were replaced are as before, each on its own', async () => {
    const office = await open()
    await call(office, { id: 'phone', topics: ['a', 'b'] })
    const app = await dialect(office)
    const policy = { maxLength: 64, refused: [], limit: 100, automatic: [], ids: false }
    const ref = { app, externalId: 'phone', policy, superseded: true, cause: 'test' }
    await office.h.gateway.topics.replace({ ...ref, names: ['b', 'c'] })
    const device = (await phone(office))?.id
    await takeBack(office, await eventOf(office, device, 'subscribed'))
    expect((await phone(office))?.topics).toEqual(['b'])
    await takeBack(office, await eventOf(office, device, 'unsubscribed'))
    expect((await phone(office))?.topics).toEqual(['a', 'b'])
  })

  test('a device that the vendor renamed has its former name again, unless another one has it', async () => {
    const office = await open()
    await call(office, { id: 'old', token: fcm('phone') })
    await office.h.gateway.mirrors.adopt(await dialect(office), { externalId: 'old', renamed: 'new' }, 'test')
    const device = (await office.devices()).get('new')?.id
    const event = await eventOf(office, device, 'renamed')
    expect(await reason(office, event)).toEqual([])
    await takeBack(office, event)
    expect([...(await office.devices()).keys()]).toEqual(['old'])
  })

  test('a device that a similar one replaced is in use again', async () => {
    const office = await createOffice({ pushwoosh: {} })
    await replaceAlike(office, ['old', 'new'])
    expect(await stats(office)).toMatchObject({ total: 2, active: 1 })
    const device = (await office.devices()).get('old')?.id
    await takeBack(office, await eventOf(office, device, 'deactivated'))
    expect(await stats(office)).toMatchObject({ total: 2, active: 2 })
  })

  test('one row of an import is taken back alone', async () => {
    const office = await open()
    await call(office, { id: 'phone', token: fcm('phone') })
    await imported(office, [row('phone', { model: 'Pixel' }), row('other')])
    const device = (await phone(office))?.id
    await takeBack(office, await eventOf(office, device, 'imported'))
    expect(await phone(office)).toMatchObject({ model: null, importedAt: null })
    expect((await office.devices()).size).toBe(2)
  })

  test('a token that a newer row replaced comes back with the row', async () => {
    const office = await open()
    await call(office, { id: 'phone', token: fcm('old') })
    office.h.clock.advance(HOUR)
    const exportedAt = office.h.clock.now.toISOString()
    const { id } = await imported(
      office,
      [row('phone', { token: fcm('new') })],
      `&exportedAt=${encodeURIComponent(exportedAt)}`,
    )
    expect(await phone(office)).toMatchObject({ token: fcm('new') })
    await seal(office)
    expect((await undo(office, id)).body).toMatchObject({ restored: 1, kept: 0 })
    expect(await phone(office)).toMatchObject({ token: fcm('old'), active: true })
    expect(await stats(office)).toMatchObject({ total: 1, active: 1 })
  })

  test('an import that still runs is not undone', async () => {
    const office = await open()
    const sent = await office.upload('format=ndjson&dialect=pushwoosh', lines([row('one')]))
    const { id } = (await sent.json()) as { readonly id: string }
    expect((await undo(office, id)).status).toBe(409)
    await office.work()
    expect((await undo(office, id)).body).toMatchObject({ removed: 1 })
  })

  test('a catalogue topic that an import brought goes with its last device, and one that was there stays', async () => {
    const office = await createOffice({ mobilefirst: {} })
    const app = await dialect(office)
    const { catalogue } = office.h.gateway
    await catalogue.create({ app, name: 'there', description: '' })
    office.h.clock.advance(1000)
    const { id } = await office.import(
      'format=ndjson&dialect=mobilefirst',
      lines([row('one', { topics: ['there', 'new'] }), row('two', { topics: ['new', 'live'] })]),
    )
    office.h.clock.advance(1000)
    await call(office, { id: 'phone', topics: ['live'] })
    const names = async () => {
      const found = await Promise.all(['live', 'new', 'there'].map((name) => catalogue.find(app, name)))
      return found.flatMap((topic) => topic?.name ?? [])
    }
    expect(await names()).toEqual(['live', 'new', 'there'])
    expect((await undo(office, id)).body).toMatchObject({ removed: 2 })
    expect(await names()).toEqual(['live', 'there'])
  })

  test('of one kind in a window are taken back alone, and the others stay', async () => {
    const office = await open()
    await call(office, { id: 'phone', token: fcm('phone'), user: 'anna', topics: ['news'] })
    office.h.clock.advance(60_000)
    const from = office.h.clock.now.toISOString()
    await call(office, { id: 'phone', user: 'bert' })
    await call(office, { id: 'phone', topics: ['sport'] })
    const kind = 'subscribed'
    const expected = { undone: 1, kept: 0, kind }
    expect((await window(office, { from, kind, dryRun: true })).body).toMatchObject(expected)
    expect((await window(office, { from, kind })).body).toMatchObject(expected)
    expect(await phone(office)).toMatchObject({ userId: 'bert', topics: ['news'] })
    expect((await window(office, { from, kind: 'anything' })).status).toBe(400)
  })

  test('of a window are taken back as the preview says, tokens, tags and removals among them', async () => {
    const office = await open()
    for (const id of ['a', 'b', 'c']) await call(office, { id, token: fcm(id), tags: { Plan: 'free' } })
    const before = await office.devices()
    office.h.clock.advance(60_000)
    const from = office.h.clock.now.toISOString()
    await call(office, { id: 'a', token: fcm('a2') })
    await call(office, { id: 'b', tags: { Plan: 'pro' } })
    await office.h.admin('DELETE', `/apps/${office.app}/devices/${before.get('c')?.id}`)
    const until = office.h.clock.now.toISOString()
    const expected = { undone: 3, kept: 0, reasons: {} }
    expect((await window(office, { from, until, dryRun: true })).body).toMatchObject(expected)
    expect((await window(office, { from, until })).body).toMatchObject(expected)
    const same = { updatedAt: expect.any(String), lastSeenAt: expect.any(String) }
    const after = await office.devices()
    for (const [id, device] of before) expect(after.get(id)).toEqual({ ...device, ...same })
  })
})
