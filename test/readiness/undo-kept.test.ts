import { describe, expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import { call as bound, statement } from '../../src/store/sql/statement.ts'
import { keptStates } from '../../src/store/sql/tables.ts'
import { columns, sql, value } from '../../src/store/sql/template.ts'
import { masked } from '../../src/wire/refused.ts'
import { traces } from '../removals/traces.ts'
import { createOffice, fcm as named, type Office } from '../transfer/kit.ts'
import { call } from '../transfer/phone.ts'
import { asked, DAY } from './kit.ts'
import { dialect, eventOf, history, stats, takeBack, window } from './undo-kit.ts'

// Other tests look for their own tokens in the same database.
const run = crypto.randomUUID().slice(0, 8)
let opened = 0
const fcm = (name: string) => named(`${name}-${run}-${opened}`)
const open = (env: Readonly<Record<string, string>> = {}) => {
  opened++
  return createOffice({ pushwoosh: {} }, { env })
}
const work = async ({ h }: Office, name: string) => {
  const one = h.gateway.maintenance.work.find((each) => each.name === name)
  while (await one?.step());
}
const seal = (office: Office) => work(office, 'sealing')
const preview = async (office: Office, event: unknown, query = '') =>
  (await takeBack(office, event, `dryRun=true&${query}`)).body
/** Nothing is undone, since one part of the device stays. */
const refusedFor = (
  device: unknown,
  reason: string,
  more: { path: string; now: unknown; would: unknown },
) => ({
  ...{ dryRun: true, events: 0 },
  conflicts: [{ device, reason, ...more }],
})
const token = (now: string, would: string | null) => ({
  ...{ path: 'pushToken', now: masked(fcm(now)), would: would && masked(fcm(would)) },
})

const states = statement(
  sql`SELECT ${columns({ subject: keptStates.subject, document: keptStates.document, sealed: keptStates.sealed })} FROM ${keptStates} WHERE ${keptStates.appId} = ${value('app')}`,
)
const keptBy = async ({ h, app }: Office) => (await h.db.read([bound(states, { app })]))[0]

/** A phone whose token was replaced. */
async function rotated(office: Office) {
  await call(office, { id: 'phone', token: fcm('a'), user: 'anna', topics: ['news'] })
  office.h.clock.advance(1000)
  await call(office, { id: 'phone', token: fcm('b') })
  const device = (await office.devices()).get('phone')?.id
  return { device, event: await eventOf(office, device, 'rotated') }
}

describe(`section 8, UNDO_DAYS on ${runtimeName}: a token that was replaced`, () => {
  test.each([[false], [true]])(
    'comes back as long as it is kept, and the newer one goes (sealed: %s)',
    async (sealed) => {
      const office = await open()
      const { device, event } = await rotated(office)
      if (sealed) await seal(office)
      expect(await preview(office, event)).toEqual({ dryRun: true, events: 1, conflicts: [] })
      expect((await takeBack(office, event)).body).toEqual({ dryRun: false, events: 1, conflicts: [] })
      const after = (await office.devices()).get('phone')
      expect(after).toMatchObject({ token: fcm('a'), userId: 'anna', topics: ['news'], active: true })
      expect(await stats(office)).toMatchObject({ total: 1, active: 1 })
      expect(await traces(office.h, fcm('b'))).toEqual([])
      expect(await keptBy(office)).toEqual([])
      expect((await history(office, device))[0]).toMatchObject({
        kind: 'undone',
        detail: { kind: 'rotated' },
      })
      expect((await takeBack(office, event)).status).toBe(409)
      // The phone keeps calling with its newer token: an ordinary rotation.
      await call(office, { id: 'phone', token: fcm('b') })
      expect((await office.devices()).get('phone')).toMatchObject({ token: fcm('b') })
    },
  )

  test('is kept only as text that no one can read without the key', async () => {
    const office = await open()
    const { event } = await rotated(office)
    expect(await traces(office.h, fcm('a'))).toEqual(['kept_states.document'])
    await seal(office)
    expect(await traces(office.h, fcm('a'))).toEqual([])
    const [state] = (await keptBy(office)) ?? []
    expect(state).toMatchObject({ document: null, sealed: expect.stringMatching(/^v1\./) })
    const { text } = await asked(office.h, 'GET', `/apps/${office.app}/events/${event}`)
    expect(text).not.toContain(String(state?.sealed))
  })

  test('is erased at once, and cannot come back, where nothing is kept', async () => {
    const office = await open({ UNDO_DAYS: '0' })
    const { device, event } = await rotated(office)
    expect(await traces(office.h, fcm('a'))).toEqual([])
    expect(await keptBy(office)).toEqual([])
    expect(await preview(office, event)).toEqual(refusedFor(device, 'token_erased', token('b', null)))
  })

  test('goes after UNDO_DAYS, and is not used later even if it is still there', async () => {
    const office = await open({ UNDO_DAYS: '2' })
    const { device, event } = await rotated(office)
    await seal(office)
    office.h.clock.advance(2 * DAY - 1)
    expect(await preview(office, event)).toMatchObject({ events: 1 })
    await work(office, 'kept')
    expect(await keptBy(office)).toHaveLength(1)
    office.h.clock.advance(1)
    expect(await preview(office, event)).toEqual(refusedFor(device, 'token_erased', token('b', null)))
    expect((await takeBack(office, event)).status).toBe(409)
    await work(office, 'kept')
    expect(await keptBy(office)).toEqual([])
  })

  test('stays where the phone has called since, but for an operator who insists', async () => {
    const office = await open()
    const { device, event } = await rotated(office)
    office.h.clock.advance(2 * 3_600_000)
    await call(office, { id: 'phone', token: fcm('b') })
    expect(await preview(office, event)).toEqual(refusedFor(device, 'called_since', token('b', 'a')))
    expect((await takeBack(office, event)).status).toBe(409)
    expect((await takeBack(office, event, 'force=true')).status).toBe(200)
    expect((await office.devices()).get('phone')).toMatchObject({ token: fcm('a') })
  })

  test('stays away where another device of the dialect has it', async () => {
    const office = await open()
    const { device, event } = await rotated(office)
    await call(office, { id: 'other', token: fcm('a') })
    expect(await preview(office, event)).toEqual(refusedFor(device, 'changed_since', token('b', 'a')))
  })

  test('that no key opens any more is lost, and the device stays as it is', async () => {
    const office = await open()
    const { device, event } = await rotated(office)
    await seal(office)
    const spoil = statement(
      sql`UPDATE ${keptStates} SET ${keptStates.sealed} = 'v1.AAAA' WHERE ${keptStates.appId} = ${value('app')}`,
    )
    await office.h.db.commit([bound(spoil, { app: office.app })])
    expect((await takeBack(office, event)).status).toBe(409)
    expect((await office.devices()).get('phone')).toMatchObject({ token: fcm('b') })
    expect(await preview(office, event)).toEqual(refusedFor(device, 'token_erased', token('b', null)))
  })

  test('that was given up comes back to the device', async () => {
    const office = await open()
    await call(office, { id: 'phone', token: fcm('a') })
    const app = await dialect(office)
    await office.h.gateway.devices.detach({ app, externalId: 'phone', cause: 'test' })
    await seal(office)
    const device = (await office.devices()).get('phone')?.id
    await takeBack(office, await eventOf(office, device, 'detached'))
    expect((await office.devices()).get('phone')).toMatchObject({ token: fcm('a'), active: true })
    expect(await stats(office)).toMatchObject({ total: 1, active: 1 })
  })
})

/** The ways in which a device ends, and the kind of the event. */
const ENDS: readonly (readonly [string, string, (office: Office, id: unknown) => Promise<unknown>])[] = [
  [
    'unregistered',
    'unregistered',
    async (office) =>
      office.h.gateway.devices.unregister({ app: await dialect(office), externalId: 'phone', cause: 'test' }),
  ],
  [
    'removed by an operator',
    'unregistered',
    ({ h, app }, id) => h.admin('DELETE', `/apps/${app}/devices/${id}`),
  ],
  [
    'pruned since it had expired',
    'expired',
    async (office) => {
      const app = await dialect(office)
      const expiresAt = new Date(office.h.clock.now.getTime() + 1000)
      const ref = { app, externalId: 'phone', cause: 'test' }
      await office.h.gateway.devices.update({ ...ref, patch: { expiresAt }, superseded: false })
      office.h.clock.advance(1000)
      await work(office, 'expiry')
    },
  ],
  [
    'pruned since it was inactive',
    'unregistered',
    async (office) => {
      await office.h.admin('PATCH', `/apps/${office.app}`, { retention: { inactiveDevices: 30 } })
      office.h.clock.advance(40 * DAY)
      await work(office, 'retention')
    },
  ],
]

describe(`section 8, UNDO_DAYS on ${runtimeName}: a device`, () => {
  const made = async (office: Office) => {
    await call(office, {
      ...{ id: 'phone', token: fcm('a'), user: 'anna', appVersion: '1.0', language: 'pt' },
      ...{ topics: ['news', 'sport'], tags: { Plan: 'pro', Größe: 'é "quoted"' } },
    })
    const device = (await office.devices()).get('phone')
    return { device, id: device?.id, counts: await stats(office) }
  }

  test.each(ENDS)('that was %s comes back with all it had', async (_, kind, end) => {
    const office = await open()
    const { device, id, counts } = await made(office)
    await end(office, id)
    expect((await office.devices()).size).toBe(0)
    expect(await traces(office.h, fcm('a'))).toEqual(['kept_states.document'])
    await seal(office)
    const event = await eventOf(office, id, kind)
    expect(await preview(office, event)).toEqual({ dryRun: true, events: 1, conflicts: [] })
    expect((await takeBack(office, event)).body).toEqual({ dryRun: false, events: 1, conflicts: [] })
    expect((await office.devices()).get('phone')).toEqual({
      ...device,
      updatedAt: expect.any(String),
    })
    expect(await stats(office)).toMatchObject({ total: counts.total, active: counts.active })
    expect(await keptBy(office)).toEqual([])
    expect((await history(office, id))[0]).toMatchObject({ kind: 'undone', detail: { kind } })
    expect((await takeBack(office, event)).status).toBe(409)
    // It is the same device to the phone, and its topics still count.
    await call(office, { id: 'phone', token: fcm('a'), topics: ['more'] })
    expect((await office.devices()).get('phone')).toMatchObject({ id, topics: ['more', 'news', 'sport'] })
  })

  test('that was superseded and forgotten comes back superseded', async () => {
    const office = await open()
    const { id } = await made(office)
    office.h.clock.advance(1000)
    await call(office, { id: 'new', token: fcm('a') })
    office.h.clock.advance(91 * DAY)
    await work(office, 'superseded')
    const event = await eventOf(office, id, 'forgotten')
    expect((await takeBack(office, event)).body).toMatchObject({ events: 1 })
    expect((await office.devices()).get('phone')).toMatchObject({
      ...{ token: null, userId: 'anna', topics: ['news', 'sport'], supersededAt: expect.any(String) },
    })
    expect(await stats(office)).toMatchObject({ active: 1 })
  })

  test.each([
    ['its phone has registered again', 'phone', 'b'],
    ['another device has its token', 'other', 'a'],
  ])('stays away where %s', async (_, id, token) => {
    const office = await open()
    const before = await made(office)
    await office.h.admin('DELETE', `/apps/${office.app}/devices/${before.id}`)
    await call(office, { id, token: fcm(token) })
    const event = await eventOf(office, before.id, 'unregistered')
    const now = (await office.devices()).get(id)?.id
    const stays = { path: 'device', now, would: before.id }
    expect(await preview(office, event)).toEqual(refusedFor(before.id, 'changed_since', stays))
    expect((await takeBack(office, event)).status).toBe(409)
    expect([...(await office.devices()).keys()]).toEqual([id])
  })

  test('that never had a token comes back, too, and one whose app keeps nothing does not', async () => {
    for (const [env, events] of [
      [{}, 1],
      [{ UNDO_DAYS: '0' }, 0],
    ] as const) {
      const office = await open(env)
      await call(office, { id: 'phone', tags: { Plan: 'pro' } })
      const id = (await office.devices()).get('phone')?.id
      await office.h.admin('DELETE', `/apps/${office.app}/devices/${id}`)
      const event = await eventOf(office, id, 'unregistered')
      expect(await preview(office, event)).toMatchObject({ events })
    }
  })

  test.each([6, 24])('comes back with %d others, and the preview said so', async (count) => {
    const office = await open()
    const ids = Array.from({ length: count }, (_, at) => `p${at}`)
    for (const id of ids) await call(office, { id, token: fcm(id), topics: ['news'] })
    const before = []
    for (const id of ids) before.push(...(await office.devices(`externalId=${id}`)).values())
    office.h.clock.advance(60_000)
    const from = office.h.clock.now.toISOString()
    for (const { id } of before) await office.h.admin('DELETE', `/apps/${office.app}/devices/${id}`)
    await seal(office)
    const until = office.h.clock.now.toISOString()
    const expected = { undone: count, kept: 0, removed: 0, restored: 0, reasons: {} }
    const ended = async (body: object) => {
      const { id } = (await window(office, body)).body
      while (await office.h.gateway.undos.step());
      return (await asked(office.h, 'GET', `/apps/${office.app}/undos/${id}`)).body
    }
    expect(await ended({ from, until, dryRun: true })).toMatchObject(expected)
    expect(await ended({ from, until })).toMatchObject(expected)
    expect(await stats(office)).toMatchObject({ total: count, active: count })
    expect(await keptBy(office)).toEqual([])
  })
})

describe(`section 8, UNDO_DAYS on ${runtimeName}: what is kept of a user`, () => {
  const erased = async (office: Office, user: string) => {
    await office.h.gateway.directory.eraseUser(office.app, user)
    await work(office, 'removals')
  }

  test.each<readonly [string, (office: Office) => Promise<unknown>]>([
    ['whose token was replaced', rotated],
    [
      'whose device was removed',
      async (office) => {
        await call(office, { id: 'phone', token: fcm('a'), user: 'anna' })
        const id = (await office.devices()).get('phone')?.id
        await office.h.admin('DELETE', `/apps/${office.app}/devices/${id}`)
      },
    ],
    [
      'whose device is now another user’s',
      async (office) => {
        await rotated(office)
        await call(office, { id: 'phone', token: fcm('b'), user: 'bert' })
      },
    ],
  ])('%s is erased with the user, sealed or not', async (_, happened) => {
    for (const sealed of [false, true]) {
      const office = await open()
      await happened(office)
      if (sealed) await seal(office)
      expect(await keptBy(office)).toHaveLength(1)
      await erased(office, 'nobody')
      expect(await keptBy(office)).toHaveLength(1)
      await erased(office, 'anna')
      expect(await keptBy(office)).toEqual([])
    }
  })

  test.each(['dialect', 'app'])('goes with the %s', async (what) => {
    const [office, other] = [await open(), await open()]
    for (const one of [office, other]) await rotated(one)
    const of = `/apps/${office.app}`
    const gone =
      what === 'app'
        ? await office.h.admin('DELETE', of)
        : await office.h.admin('PATCH', of, { dialects: { pushwoosh: null } })
    expect(gone.status).toBeLessThan(300)
    await work(office, 'removals')
    expect(await keptBy(office)).toEqual([])
    expect(await keptBy(other)).toHaveLength(1)
  })
})
