import { describe, expect, test } from 'vitest'
import { membersOf } from '../../../adapters/backendless/amf/values.ts'
import { dto } from './amf/calls.ts'
import { idsOf, newPhone, openTenant, refusalOf } from './tenant.ts'

const PATH = '/messaging/registrations'

describe('a token moves to another device (R2, R3)', () => {
  async function moved() {
    const t = await openTenant()
    const { deviceToken } = newPhone()
    const [old, next] = [newPhone().deviceId, newPhone().deviceId]
    const ids = idsOf(await t.register({ deviceId: old, deviceToken, channels: ['a', 'b'] }))
    await t.register({ deviceId: next, deviceToken, channels: ['c'] })
    return { t, old, next, deviceToken, ids }
  }

  test('the newer id has it, the old one is found with an empty token and its channels', async () => {
    const { t, old, next, deviceToken, ids } = await moved()
    expect(await t.read(next)).toMatchObject({ deviceToken, channels: ['c'] })
    expect(await t.read(old)).toMatchObject({ deviceToken: '', channels: ['a', 'b'], id: ids.a })
    const binary = await t.binary('getDeviceRegistrationByDeviceId', [old])
    expect(membersOf(binary.value)?.get('deviceToken')).toBe('')
    const body = { where: `deviceId='${old}'` }
    const rows = await t.call('POST', '/data/DeviceRegistration/find', { body })
    expect(await rows.json()).toMatchObject([{ deviceToken: '', channelName: 'a' }, { channelName: 'b' }])
  })

  test('the old id registers again and takes it back', async () => {
    const { t, old, next, deviceToken, ids } = await moved()
    expect(idsOf(await t.register({ deviceId: old, deviceToken, channels: ['a'] }))).toEqual(ids)
    expect(await t.read(old)).toMatchObject({ deviceToken })
    expect(await t.read(next)).toMatchObject({ deviceToken: '' })
  })

  test('the old id refreshes its token and is current again', async () => {
    const { t, old } = await moved()
    const token = newPhone().deviceToken
    expect((await t.binary('refreshDeviceToken', [old, token])).value).toBe(true)
    expect(await t.read(old)).toMatchObject({ deviceToken: token, channels: ['a', 'b'] })
  })

  test('the old id leaves channels and is cancelled', async () => {
    const { t, old } = await moved()
    expect((await t.binary('unregisterDevice', [old, ['a']])).value).toBe(1)
    expect((await t.call('DELETE', `${PATH}/${old}`)).status).toBe(200)
    expect(await t.read(old)).toBe(5000)
  })

  test('an upper-case APNs token is the same one, and is given back as it was sent', async () => {
    const t = await openTenant()
    const token = crypto.randomUUID().replaceAll('-', '').repeat(2)
    await t.register({ deviceId: 'one', deviceToken: token, os: 'IOS' })
    await t.register({ deviceId: 'two', deviceToken: token.toUpperCase(), os: 'IOS' })
    expect(await t.read('one')).toMatchObject({ deviceToken: '' })
    expect(await t.read('two')).toMatchObject({ deviceToken: token.toUpperCase() })
  })

  test('two devices swap their tokens at once, and nobody is lost', async () => {
    const t = await openTenant()
    const [one, two] = [newPhone(), newPhone()]
    await t.register(one)
    await t.register(two)
    await Promise.all([
      t.register({ deviceId: one.deviceId, deviceToken: two.deviceToken }),
      t.register({ deviceId: two.deviceId, deviceToken: one.deviceToken }),
    ])
    expect(await t.read(one.deviceId)).toMatchObject({ deviceToken: two.deviceToken })
    expect(await t.read(two.deviceId)).toMatchObject({ deviceToken: one.deviceToken })
  })
})

describe('a phone that another dialect knows (R6, R10)', () => {
  test('brings its topics, but none that would break a registration id, and no default', async () => {
    const t = await openTenant({}, { dialect: undefined })
    await t.h.admin('PATCH', `/apps/${t.app.id}`, { dialects: { 'pusher-beams': {} } })
    const app = await (await t.h.admin('GET', `/apps/${t.app.id}`)).json<typeof t.app>()
    const base = `/device_api/v1/instances/${app.dialects['pusher-beams']?.instanceId}/devices/fcm`
    const phone = newPhone()
    const body = { token: phone.deviceToken, metadata: { sdkVersion: '1' } }
    const { id } = await (await t.h.request('POST', base, { body })).json<{ id: string }>()
    const interests = ['news', 'a,b', 'sport', 'default']
    await t.h.request('PUT', `${base}/${id}/interests`, { body: { interests } })

    const channels = idsOf(await t.register({ ...phone, channels: ['own'] }))
    expect(Object.keys(channels).sort()).toEqual(['news', 'own', 'sport'])
    const [view] = (
      await (
        await t.h.admin('GET', `/apps/${t.app.id}/installations`)
      ).json<{ installations: { devices: unknown[] }[] }>()
    ).installations
    expect(view?.devices).toHaveLength(2)

    await t.call('DELETE', `${PATH}/${phone.deviceId}`)
    expect(await t.devices()).toMatchObject([{ externalId: id, token: phone.deviceToken, active: true }])
    expect(Object.keys(idsOf(await t.register(phone)))).toEqual(['default'])
  })

  test('takes no default channel with it', async () => {
    const t = await openTenant({}, { dialect: undefined })
    await t.h.admin('PATCH', `/apps/${t.app.id}`, { dialects: { 'pusher-beams': {} } })
    const app = await (await t.h.admin('GET', `/apps/${t.app.id}`)).json<typeof t.app>()
    const phone = newPhone()
    await t.register({ ...phone, channels: ['default', 'news'] })
    const path = `/device_api/v1/instances/${app.dialects['pusher-beams']?.instanceId}/devices/fcm`
    const body = { token: phone.deviceToken, metadata: { sdkVersion: '1' } }
    expect(await (await t.h.request('POST', path, { body })).json()).toMatchObject({
      initialInterestSet: ['news'],
    })
  })
})

describe('equal calls at once (R16)', () => {
  test('20 devices, each four times, by REST and by binary call', async () => {
    const t = await openTenant()
    const phones = Array.from({ length: 20 }, newPhone)
    const answers = await Promise.all(
      phones.flatMap((phone) => [
        t.register(phone),
        t.register(phone),
        t.binary('registerDevice', [dto(phone)]),
        t.binary('registerDevice', [dto(phone)]),
      ]),
    )
    expect(answers).toHaveLength(80)
    expect(await t.devices()).toHaveLength(20)
  })

  test('a registration that changes nothing writes nothing', async () => {
    let commits = 0
    const t = await openTenant(
      {},
      {
        db: (real) => ({
          read: (plan) => real.read(plan),
          commit: (plan) => {
            commits++
            return real.commit(plan)
          },
        }),
      },
    )
    const phone = newPhone()
    await t.register({ ...phone, expiration: 1900000000123 })
    const before = commits
    await t.register({ ...phone, expiration: 1900000000123 })
    expect(commits).toBe(before)
  })
})

describe('the setting keyByToken', () => {
  const BUILD = 'UP1A.231005.007'

  test('keeps phones of one build apart', async () => {
    const t = await openTenant({ keyByToken: true })
    const tokens = [newPhone(), newPhone()].map(({ deviceToken }) => deviceToken)
    for (const deviceToken of tokens) await t.register({ deviceId: BUILD, deviceToken })
    for (const deviceToken of tokens) await t.register({ deviceId: BUILD, deviceToken })
    expect((await t.devices()).map(({ token }) => token).sort()).toEqual([...tokens].sort())
  })

  test('an id that one phone has means that phone', async () => {
    const t = await openTenant({ keyByToken: true })
    const phone = newPhone()
    const ids = idsOf(await t.register({ ...phone, channels: ['a', 'b'] }))
    expect(await t.read(phone.deviceId)).toMatchObject({ ...phone, id: ids.a })
    const body = { where: `deviceId='${phone.deviceId}'` }
    const rows = await t.call('POST', '/data/DeviceRegistration/find', { body })
    expect(await rows.json()).toMatchObject([{ deviceId: phone.deviceId }, { deviceId: phone.deviceId }])
    expect((await t.binary('unregisterDevice', [phone.deviceId, ['a']])).value).toBe(1)
    const token = newPhone().deviceToken
    expect((await t.binary('refreshDeviceToken', [phone.deviceId, token])).value).toBe(true)
    expect((await t.call('DELETE', `${PATH}/${phone.deviceId}`)).status).toBe(200)
    expect(await t.devices()).toEqual([])
  })

  test('an id that several phones share means none: no phone cancels another', async () => {
    const t = await openTenant({ keyByToken: true })
    for (const { deviceToken } of [newPhone(), newPhone()]) await t.register({ deviceId: BUILD, deviceToken })
    expect(await t.read(BUILD)).toBe(5000)
    expect(await refusalOf(await t.call('DELETE', `${PATH}/${BUILD}`))).toEqual([400, 5001])
    expect((await t.binary('refreshDeviceToken', [BUILD, 'T'])).value).toBe(false)
    expect(await t.devices()).toHaveLength(2)
  })

  test('leaves the ids of other systems as they are', async () => {
    const t = await openTenant({ keyByToken: true })
    const { deviceId } = newPhone()
    await t.register({ deviceId, deviceToken: 'aa11', os: 'IOS' })
    await t.register({ deviceId, deviceToken: 'bb22', os: 'IOS' })
    expect(await t.devices()).toMatchObject([{ externalId: deviceId, token: 'bb22' }])
    expect(await t.read(deviceId)).toMatchObject({ deviceToken: 'bb22' })
  })

  test('off, phones of one build overwrite one another, as they did', async () => {
    const t = await openTenant()
    for (const { deviceToken } of [newPhone(), newPhone()]) await t.register({ deviceId: BUILD, deviceToken })
    expect(await t.devices()).toHaveLength(1)
  })
})
