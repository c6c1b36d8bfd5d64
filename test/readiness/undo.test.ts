import { describe, expect, test } from 'vitest'
import { openOwnDb, runtimeName } from '#runtime'
import { sqlStore } from '../../src/store/sql/store.ts'
import { masked } from '../../src/wire/refused.ts'
import { traces } from '../removals/traces.ts'
import { createOffice, fcm, type Office } from '../transfer/kit.ts'
import { call } from '../transfer/phone.ts'
import { asked, DAY } from './kit.ts'
import { eventOf, history, imported, row, stats, takeBack, undo, window } from './undo-kit.ts'

/** In a database of its own: events of other tests would lie in between. */
async function alone(): Promise<Office> {
  const own = await openOwnDb()
  return createOffice({ pushwoosh: {} }, { db: () => own })
}

describe(`the undo of an import on ${runtimeName}`, () => {
  test('section 9, line 7: does what its preview said: new devices go, live ones stay, changed ones are as before', async () => {
    const office = await alone()
    await call(office, { id: 'mine', token: fcm('mine'), tags: { Plan: 'pro' }, topics: ['own'] })
    const before = (await office.devices()).get('mine')
    const { id } = await imported(office, [
      row('gone', { tags: { Level: 1 }, topics: ['news'] }),
      row('stays'),
      row('mine', {
        model: 'Pixel',
        tags: { Plan: 'free', Level: 7 },
        topics: ['news'],
        token: fcm('other'),
      }),
    ])
    expect((await office.devices()).get('mine')).toMatchObject({
      model: 'Pixel',
      tags: { Plan: 'pro', Level: 7 },
    })
    office.h.clock.advance(1000)
    await call(office, { id: 'stays', token: fcm('stays') })
    const expected = { removed: 1, restored: 1, kept: 1, reasons: { live_since: 1 }, state: 'completed' }
    const preview = await undo(office, id, true)
    expect(preview).toMatchObject({ status: 200, body: { dryRun: true, ...expected } })
    expect((await office.devices()).size).toBe(3)
    const done = await undo(office, id)
    expect(done).toMatchObject({ status: 200, body: { dryRun: false, ...expected } })
    const after = await office.devices()
    expect([...after.keys()].sort()).toEqual(['mine', 'stays'])
    expect(after.get('mine')).toEqual({ ...before, updatedAt: expect.any(String) })
    expect(await stats(office)).toMatchObject({ total: 2, active: 2 })
    expect((await history(office, before?.id))[0]).toMatchObject({
      kind: 'undone',
      detail: { of: `import ${id}` },
    })
    expect((await undo(office, id)).status).toBe(409)
  })

  test('lets the same file in again, since what is undone is not deleted', async () => {
    const office = await createOffice({ pushwoosh: {} })
    const rows = [row('one', { topics: ['news'] }), row('two')]
    const { id } = await imported(office, rows)
    await undo(office, id)
    expect((await office.devices()).size).toBe(0)
    expect(await imported(office, rows)).toMatchObject({ outcomes: { created: 2, skipped: 0 } })
  })

  test('gives a token back to the device that lost it to a row', async () => {
    const office = await createOffice({ pushwoosh: {} })
    await imported(office, [row('old')], '&exportedAt=2026-11-01T00:00:00Z')
    const second = await imported(
      office,
      [row('new', { token: fcm('old') })],
      '&exportedAt=2026-11-02T00:00:00Z',
    )
    expect((await office.devices()).get('old')).toMatchObject({ token: null })
    expect((await undo(office, second.id)).body).toMatchObject({ removed: 1, kept: 0 })
    const devices = await office.devices()
    expect([...devices.keys()]).toEqual(['old'])
    expect(devices.get('old')).toMatchObject({ token: fcm('old'), supersededAt: null, active: true })
    expect(await stats(office)).toMatchObject({ total: 1, active: 1 })
  })

  test('leaves what a phone said since, and gives back the rest of the device', async () => {
    const office = await createOffice({ pushwoosh: {} })
    await call(office, { id: 'mine', token: fcm('mine') })
    const { id } = await imported(office, [
      row('mine', { model: 'Pixel', appVersion: '1.0', tags: { Level: 7, Plan: 'free' } }),
    ])
    office.h.clock.advance(1000)
    await call(office, { id: 'mine', token: fcm('mine'), appVersion: '2.0', tags: { Plan: 'pro' } })
    expect((await undo(office, id)).body).toMatchObject({ restored: 1, kept: 0 })
    expect((await office.devices()).get('mine')).toMatchObject({
      ...{ model: null, appVersion: '2.0', tags: { Plan: 'pro' } },
    })
  })

  test('keeps devices that another import named since', async () => {
    const office = await createOffice({ pushwoosh: {} })
    const first = await imported(office, [row('one')], '&exportedAt=2026-11-01T00:00:00Z')
    await imported(office, [row('one', { model: 'Pixel' })], '&exportedAt=2026-11-02T00:00:00Z')
    expect((await undo(office, first.id)).body).toMatchObject({
      removed: 0,
      kept: 1,
      reasons: { later_import: 1 },
    })
    expect((await office.devices()).size).toBe(1)
  })

  test('is refused for a dry run and for nothing', async () => {
    const office = await createOffice({ pushwoosh: {} })
    const { id } = await imported(office, [row('one')], '&dryRun=true')
    expect((await undo(office, id)).status).toBe(409)
    expect((await undo(office, 'none')).status).toBe(404)
  })

  test.each([30, 120])('of %d rows goes on piece by piece in the background', async (count) => {
    const office = await alone()
    const { id } = await imported(
      office,
      Array.from({ length: count }, (_, at) => row(`row-${count}-${at}`)),
    )
    const about = `import ${id}`
    const { undos } = office.h.gateway
    const store = (await undos.list(office.app, { after: null, limit: 1 })).items
    expect(store).toEqual([])
    const { body } = await undo(office, id)
    for (let step = 0; step < 100 && (await undos.step()); step++);
    const shown = await asked(office.h, 'GET', `/apps/${office.app}/undos/${body.id}`)
    expect(shown.body).toMatchObject({ cause: about, removed: count, state: 'completed' })
    expect((await office.devices()).size).toBe(0)
  })
})

describe(`one event on ${runtimeName}`, () => {
  async function takeover() {
    const office = await createOffice({ pushwoosh: {} })
    await call(office, { id: 'old', token: fcm('phone'), topics: ['news'] })
    office.h.clock.advance(1000)
    await call(office, { id: 'new', token: fcm('phone') })
    const devices = await office.devices()
    return { office, old: devices.get('old')?.id }
  }

  test('a takeover is taken back: the older device has the token again, and the newer one is superseded', async () => {
    const { office, old } = await takeover()
    const event = await eventOf(office, old, 'superseded')
    expect((await takeBack(office, event, 'dryRun=true')).body).toEqual({
      dryRun: true,
      events: 1,
      conflicts: [],
    })
    expect((await takeBack(office, event)).body).toEqual({ dryRun: false, events: 1, conflicts: [] })
    const devices = await office.devices()
    expect(devices.get('old')).toMatchObject({ token: fcm('phone'), supersededAt: null, topics: ['news'] })
    expect(devices.get('new')).toMatchObject({ token: null, supersededAt: office.h.clock.now.toISOString() })
    expect((await history(office, old))[0]).toMatchObject({ kind: 'undone', detail: { kind: 'superseded' } })
    expect((await takeBack(office, event)).status).toBe(409)
  })

  test('a takeover stays where the phone called since, but for an operator who insists', async () => {
    const { office, old } = await takeover()
    const event = await eventOf(office, old, 'superseded')
    office.h.clock.advance(2 * 3_600_000)
    await call(office, { id: 'new', token: fcm('phone') })
    const preview = await takeBack(office, event, 'dryRun=true')
    expect(preview.body).toEqual({
      ...{ dryRun: true, events: 0 },
      conflicts: [
        { device: old, path: 'pushToken', reason: 'called_since', now: null, would: masked(fcm('phone')) },
      ],
    })
    expect((await takeBack(office, event)).status).toBe(409)
    expect((await takeBack(office, event, 'force=true')).status).toBe(200)
    expect((await office.devices()).get('old')).toMatchObject({ token: fcm('phone') })
  })

  test('a change of the user is taken back, until there is another one', async () => {
    const office = await createOffice({ pushwoosh: {} })
    await call(office, { id: 'phone', token: fcm('phone'), user: 'anna' })
    await call(office, { id: 'phone', token: fcm('phone'), user: 'bert' })
    const device = (await office.devices()).get('phone')?.id
    const event = await eventOf(office, device, 'userChanged')
    await takeBack(office, event)
    expect((await office.devices()).get('phone')).toMatchObject({ userId: 'anna' })
    await call(office, { id: 'phone', token: fcm('phone'), user: 'cleo' })
    await call(office, { id: 'phone', token: fcm('phone'), user: 'dora' })
    const [, older] = (await history(office, device)).filter(({ kind }) => kind === 'userChanged')
    expect((await takeBack(office, older?.id, 'dryRun=true')).body).toMatchObject({
      conflicts: [{ reason: 'changed_since' }],
    })
  })

  test('the erasure of a user is never taken back', async () => {
    const office = await createOffice({ pushwoosh: {} })
    await call(office, { id: 'phone', token: fcm('phone'), user: 'anna' })
    await call(office, { id: 'phone', token: fcm('phone'), user: 'bert' })
    const device = (await office.devices()).get('phone')?.id
    await office.h.gateway.directory.eraseUser(office.app, 'anna')
    while (await office.h.gateway.maintenance.work.find(({ name }) => name === 'removals')?.step());
    const event = await eventOf(office, device, 'userChanged')
    expect((await takeBack(office, event, 'dryRun=true&force=true')).body).toMatchObject({
      ...{ events: 0, conflicts: [{ reason: 'erased' }] },
    })
    expect((await takeBack(office, event, 'force=true')).status).toBe(409)
  })

  test('says before what cannot be taken back, and belongs to its app', async () => {
    const office = await createOffice({ pushwoosh: {} })
    await call(office, { id: 'phone', token: fcm('a') })
    await call(office, { id: 'phone', appVersion: '2.0' })
    const device = (await office.devices()).get('phone')?.id
    for (const [kind, reason] of [
      ['profileChanged', 'value_not_kept'],
      ['registered', 'not_undoable'],
    ] as const) {
      const event = await eventOf(office, device, kind)
      expect((await takeBack(office, event, 'dryRun=true')).body).toMatchObject({
        events: 0,
        conflicts: [{ reason }],
      })
      const other = await office.h.createApp({ pushwoosh: {} })
      expect((await takeBack({ ...office, app: other.id }, event)).status).toBe(404)
    }
    expect((await takeBack(office, 'none')).status).toBe(404)
  })
})

describe(`a window of time on ${runtimeName}`, () => {
  test('is taken back from its newest event to its oldest, with a preview that says the same', async () => {
    const office = await createOffice({ pushwoosh: {} })
    await call(office, { id: 'phone', token: fcm('phone'), user: 'anna', topics: ['news'] })
    office.h.clock.advance(60_000)
    const from = office.h.clock.now.toISOString()
    for (const user of ['bert', 'cleo']) await call(office, { id: 'phone', token: fcm('phone'), user })
    await call(office, { id: 'phone', token: fcm('phone'), topics: ['sport'] })
    await imported(office, [row('gone')])
    const until = office.h.clock.now.toISOString()
    office.h.clock.advance(60_000)
    await call(office, { id: 'later', token: fcm('later') })
    const expected = { removed: 1, undone: 3, kept: 0, cause: null }
    expect((await window(office, { from, until, dryRun: true })).body).toMatchObject(expected)
    expect((await office.devices()).size).toBe(3)
    expect((await window(office, { from, until })).body).toMatchObject(expected)
    const devices = await office.devices()
    expect([...devices.keys()].sort()).toEqual(['later', 'phone'])
    expect(devices.get('phone')).toMatchObject({ userId: 'anna', topics: ['news'] })
    expect((await window(office, { from, until })).body).toMatchObject({ removed: 0, undone: 0, kept: 0 })
    const { body } = await asked<{ undos: readonly object[] }>(office.h, 'GET', `/apps/${office.app}/undos`)
    expect(body.undos).toHaveLength(3)
  })

  test.each([
    [{}, 'from'],
    [{ from: '2026-11-02T00:00:00Z', until: '2026-11-01T00:00:00Z' }, 'until'],
    [{ from: 'yesterday' }, 'from'],
    [{ cause: '' }, 'cause'],
  ])('refuses %j', async (body, path) => {
    const office = await createOffice({ pushwoosh: {} })
    const { status, text } = await window(office, body)
    expect(status).toBe(400)
    expect(text).toContain(path)
  })
})

describe(`the rows of undos on ${runtimeName}`, () => {
  /** The tables in which the store still has an app, or one of its undos. */
  const rowsOf = async ({ h, app }: Office, undo: unknown) => {
    const found = [...(await traces(h, app)), ...(await traces(h, String(undo)))]
    return [...new Set(found.filter((column) => /^(undo|readiness_records.app)/.test(column)))].sort()
  }
  const THERE = ['readiness_records.app_id', 'undo_counts.undo', 'undos.app_id', 'undos.id']
  const undone = async (office: Office) => {
    const { h, app } = office
    await imported(office, [row('a'), row('b')])
    const span = { from: h.clock.now.toISOString(), until: h.clock.now.toISOString() }
    const { body } = await window(office, span)
    const signed = await asked(h, 'POST', `/apps/${app}/readiness/sign-off`, { dialect: 'pushwoosh' })
    expect([body.removed, signed.status]).toEqual([2, 201])
    return { span, id: body.id }
  }

  test('go with their app, and with the records that were signed for it', async () => {
    const [office, other] = [await createOffice({ pushwoosh: {} }), await createOffice({ pushwoosh: {} })]
    const [mine, theirs] = [await undone(office), await undone(other)]
    expect(await rowsOf(office, mine.id)).toEqual(THERE)
    await office.h.admin('DELETE', `/apps/${office.app}`)
    while (await office.h.gateway.maintenance.work.find(({ name }) => name === 'removals')?.step());
    expect(await rowsOf(office, mine.id)).toEqual([])
    expect(await rowsOf(other, theirs.id)).toEqual(THERE)
  })

  test('go with the history that they were made from, no more of them at once than are asked for', async () => {
    const own = await openOwnDb()
    const office = await createOffice({ pushwoosh: {} }, { db: () => own })
    const { h, app } = office
    const { undos } = sqlStore(own, () => h.clock.now)
    // On D1, other tests have used the same one.
    while ((await undos.prune(new Date(h.clock.now.getTime() + DAY), 100)) > 0);
    const { span, id } = await undone(office)
    for (let n = 0; n < 7; n++) await window(office, { ...span, dryRun: true })
    const left = async () => (await h.gateway.undos.list(app, { after: null, limit: 100 })).items.length
    expect(await undos.prune(h.clock.now, 2)).toBe(0)
    h.clock.advance(60_000)
    expect(await undos.prune(h.clock.now, 2)).toBe(2)
    expect(await left()).toBe(6)
    const work = h.gateway.maintenance.work.find(({ name }) => name === 'old undos')
    await work?.step()
    expect(await left()).toBe(6)
    h.clock.advance(400 * DAY)
    await work?.step()
    expect(await left()).toBe(0)
    expect(await rowsOf(office, id)).toEqual(['readiness_records.app_id'])
  })
})
