import { describe, expect, test } from 'vitest'
import { type Driver, drivers, newPhone, openShop, type Shop } from './dialects.ts'

const LIMIT = 3

/** Each dialect's answer to a new device beyond the limit: not one that its SDK repeats forever. */
const REFUSALS: Readonly<Record<string, RegExp>> = {
  'pusher-beams': /^400 .*"error":"Bad request","description":"The instance has as many devices/,
  mobilefirst: /^400 .*The application has as many devices as its limit allows.*DEVICE_LIMIT/,
  flameup: /^403 .*"code":"device_limit"/,
  backendless: /^400 .*"code":8003,"message":"The app has as many devices/,
}

const PUSHWOOSH = {
  status_code: 210,
  status_message: 'The app has as many devices as its limit allows.',
  response: null,
}
const pushwooshAnswer = async (shop: Shop) => {
  const { id, token } = newPhone()
  const application = shop.setup('pushwoosh', 'applicationCode')
  const request = { application, hwid: id, push_token: token, device_type: 3 }
  const response = await shop.h.request('POST', '/json/1.3/registerDevice', { body: { request } })
  return response.json<unknown>()
}

const setLimits = async (shop: Shop, limits: Readonly<Record<string, number | null>>) => {
  const response = await shop.h.admin('PATCH', `/apps/${shop.app.id}`, { limits })
  expect(response.status).toBe(200)
}
const full = async (one: Driver, devices: number | null = LIMIT) => {
  const shop = await openShop()
  await setLimits(shop, { devices })
  const phones = Array.from({ length: LIMIT }, () => newPhone())
  for (const phone of phones) await one.register(shop, phone)
  return { shop, phones }
}
/** Why a registration was refused. */
const refusal = (one: Driver, shop: Shop, phone = newPhone()) =>
  one.register(shop, phone).then(
    () => 'registered',
    (error: Error) => error.message.replaceAll('\n', ' '),
  )

describe.each(drivers.map((one) => [one.name, one] as const))('%s, in an app at its limit', (name, one) => {
  test('refuses a new device in its own way, stores nothing of it, and operators see why', async () => {
    const { shop, phones } = await full(one)
    const said = await refusal(one, shop)
    if (name === 'pushwoosh') expect(await pushwooshAnswer(shop)).toEqual(PUSHWOOSH)
    else expect(said).toMatch(REFUSALS[name] ?? /^never/)
    expect(await shop.devices()).toHaveLength(LIMIT)
    expect((await shop.devices()).map(({ token }) => token).sort()).toEqual(
      phones.map(({ token }) => token).sort(),
    )
    const refusals = await shop.h.admin('GET', `/refusals?app=${shop.app.id}`)
    expect((await refusals.json<{ refusals: unknown[] }>()).refusals[0]).toMatchObject({
      dialect: name,
      code: 'device_limit',
    })
  })

  test('takes known devices again, with what they change', async () => {
    const { shop, phones } = await full(one)
    for (const phone of phones) await one.register(shop, phone)
    shop.h.clock.advance(60_000)
    for (const phone of phones) await one.register(shop, { ...phone, user: 'flameup-person' })
    expect(await shop.devices()).toHaveLength(LIMIT)
  })

  test('takes one more where one has left, or where the limit was raised or taken away', async () => {
    const { shop, phones } = await full(one)
    expect(await refusal(one, shop)).not.toBe('registered')
    await setLimits(shop, { devices: LIMIT + 1 })
    expect(await refusal(one, shop)).toBe('registered')
    expect(await refusal(one, shop)).not.toBe('registered')
    await setLimits(shop, { devices: null })
    for (const _ of phones) expect(await refusal(one, shop)).toBe('registered')
    await setLimits(shop, { devices: LIMIT })
    for (const phone of phones) expect(await refusal(one, shop, phone)).toBe('registered')
    expect(await refusal(one, shop)).not.toBe('registered')
  })

  test('of 20 new devices at once leaves as many as there is room for', async () => {
    const shop = await openShop()
    await setLimits(shop, { devices: LIMIT })
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => refusal(one, shop)))
    expect(outcomes.filter((outcome) => outcome === 'registered')).toHaveLength(LIMIT)
    expect(await shop.devices()).toHaveLength(LIMIT)
  })

  test('does not count the devices of another app', async () => {
    const { shop } = await full(one)
    const other = await openShop()
    await setLimits(other, { devices: 1 })
    expect(await refusal(one, other)).toBe('registered')
    expect(await refusal(one, other)).not.toBe('registered')
    expect(await shop.devices()).toHaveLength(LIMIT)
  })
})

const keyed = drivers.filter(({ name }) => ['pushwoosh', 'backendless', 'mobilefirst'].includes(name))
test.each(keyed.map((one) => [one.name, one] as const))(
  '%s: a phone that was installed anew takes the place of what it was before, at the limit, too',
  async (_, one) => {
    const { shop, phones } = await full(one)
    for (const phone of phones) {
      const anew = newPhone({ token: phone.token })
      expect(await refusal(one, shop, anew)).toBe('registered')
      expect(await refusal(one, shop, anew)).toBe('registered')
    }
    const devices = await shop.devices()
    expect(devices.filter(({ supersededAt }) => supersededAt === null)).toHaveLength(LIMIT)
    expect(await refusal(one, shop)).not.toBe('registered')
    // A superseded device that returns with its own token counts as one more.
    const [first] = phones
    if (first) expect(await refusal(one, shop, newPhone({ id: first.id }))).not.toBe('registered')
  },
)

const users = drivers.filter(({ name }) => ['pushwoosh', 'flameup', 'mobilefirst'].includes(name))
describe.each(users.map((one) => [one.name, one] as const))('%s, with a limit for each user', (_, one) => {
  test('lets the device that was seen longest ago go of its user, and keeps the rest of it', async () => {
    const shop = await openShop()
    await setLimits(shop, { devicesPerUser: 2 })
    const phones = Array.from({ length: 3 }, () => newPhone({ user: 'alice' }))
    const handles = []
    for (const phone of phones) {
      handles.push(await one.register(shop, phone))
      shop.h.clock.advance(60_000)
    }
    const shown = await Promise.all(handles.map((handle) => shop.device(handle)))
    expect(shown.map((device) => device?.userId)).toEqual([null, 'alice', 'alice'])
    expect(shown.map((device) => device?.token)).toEqual(phones.map(({ token }) => token))
    const [first] = shown
    const events = await shop.h.admin('GET', `/apps/${shop.app.id}/devices/${first?.id}/events`)
    expect(await events.json<unknown>()).toMatchObject({
      events: expect.arrayContaining([
        expect.objectContaining({
          kind: 'userChanged',
          detail: expect.objectContaining({ userId: 'alice' }),
        }),
      ]),
    })
  })

  test('counts each user and each dialect apart, and holds at once', async () => {
    const shop = await openShop()
    await setLimits(shop, { devicesPerUser: 2 })
    await Promise.all(
      ['alice', 'bob'].flatMap((user) =>
        Array.from({ length: 6 }, () => one.register(shop, newPhone({ user }))),
      ),
    )
    const others = users.filter((other) => other !== one)
    for (const other of others) await other.register(shop, newPhone({ user: 'alice' }))
    const devices = await shop.devices()
    const of = (user: string) =>
      devices.filter(({ dialect, userId }) => dialect === one.name && userId === user).length
    expect([of('alice'), of('bob')]).toEqual([2, 2])
    expect(devices).toHaveLength(12 + others.length)
  })

  test('gives the user back to a device that calls again, and takes it from another', async () => {
    const shop = await openShop()
    await setLimits(shop, { devicesPerUser: 1 })
    const phones = [newPhone({ user: 'alice' }), newPhone({ user: 'alice' })]
    const handles = []
    for (const phone of [...phones, ...phones.slice(0, 1)]) {
      handles.push(await one.register(shop, phone))
      shop.h.clock.advance(60_000)
    }
    const shown = await Promise.all(handles.slice(0, 2).map((handle) => shop.device(handle)))
    expect(shown.map((device) => device?.userId)).toEqual(['alice', null])
  })
})

test.each([
  [{ limits: { devices: -1 } }, 'limits.devices'],
  [{ limits: { devices: 1.5 } }, 'limits.devices'],
  [{ limits: { devices: '10' } }, 'limits.devices'],
  [{ limits: { devicesPerUser: 0 } }, 'limits.devicesPerUser'],
  [{ limits: { devicesPerUser: 1001 } }, 'limits.devicesPerUser'],
  [{ limits: { phones: 1 } }, 'limits.phones'],
  [{ retention: { events: 6 } }, 'retention.events'],
  [{ retention: { inactiveDevices: 29 } }, 'retention.inactiveDevices'],
  [{ retention: { messages: 0 } }, 'retention.messages'],
  [{ retention: { receipts: 36_501 } }, 'retention.receipts'],
])('%j is refused, and names %s', async (body, path) => {
  const { h, app } = await openShop()
  const response = await h.admin('PATCH', `/apps/${app.id}`, body)
  expect(response.status).toBe(400)
  expect(await response.json<unknown>()).toMatchObject({
    errors: expect.arrayContaining([expect.objectContaining({ path })]),
  })
})

test('limits and retention are shown with null where there are none, and changed member by member', async () => {
  const { h, app } = await openShop()
  const none = {
    limits: { devices: null, devicesPerUser: null },
    retention: { events: null, receipts: null, messages: null, inactiveDevices: null },
  }
  expect(app).toMatchObject(none)
  const change = async (body: unknown) => (await h.admin('PATCH', `/apps/${app.id}`, body)).json<unknown>()
  await change({ limits: { devices: 10 }, retention: { events: 30 } })
  const both = { devices: 10, devicesPerUser: 5 }
  expect(await change({ limits: { devicesPerUser: 5 }, retention: { inactiveDevices: 90 } })).toMatchObject({
    limits: both,
    retention: { ...none.retention, events: 30, inactiveDevices: 90 },
    settings: { carryOver: true },
  })
  expect(
    await change({ limits: { devices: null }, retention: { events: null, inactiveDevices: null } }),
  ).toMatchObject({
    limits: { devices: null, devicesPerUser: 5 },
    retention: none.retention,
  })
  expect(await (await h.admin('GET', `/apps/${app.id}`)).json<unknown>()).toMatchObject({
    limits: { devices: null, devicesPerUser: 5 },
  })
})
