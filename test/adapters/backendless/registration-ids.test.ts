import { describe, expect, test } from 'vitest'
import { membersOf } from '../../../adapters/backendless/amf/values.ts'
import { newPhone, openTenant, refusalOf } from './tenant.ts'

const PATH = '/messaging/registrations'

describe('retrieve by what registration returned (section 7, seed audit B1)', () => {
  test('the whole, one part of it, or the id before `::`', async () => {
    const t = await openTenant()
    const phone = newPhone()
    await t.register(newPhone())
    const whole = await t.register({ ...phone, channels: ['news', 'default', 'über'] })
    const parts = whole.split(',')
    expect(parts).toHaveLength(3)
    const forms = [whole, ...parts, ...parts.map((part) => part.split('::')[0] ?? '')]
    for (const form of [...forms, `${parts[2]},${parts[0]}`, parts[0]?.toLowerCase() ?? '']) {
      expect(await t.read(form), form).toMatchObject(phone)
    }
    // The page's own curl line does not escape it.
    const answer = await t.call('GET', `${PATH}/${parts.find((part) => part.endsWith('::news'))}`)
    expect(await answer.json()).toMatchObject(phone)
  })

  test('in the shape of the key, and by a binary call', async () => {
    const t = await openTenant()
    const phone = newPhone()
    const id = await t.register(phone)
    expect(id).toMatch(/::default$/)
    const answer = await t.call('GET', `${PATH}/${id}`, { kind: 'js' })
    expect(await answer.json()).toMatchObject([phone])
    const { value } = await t.binary('getDeviceRegistrationByDeviceId', [id])
    expect(membersOf(value)?.get('deviceId')).toBe(phone.deviceId)
  })

  test('as long as any channel of it is left', async () => {
    const t = await openTenant()
    const phone = newPhone()
    const whole = await t.register({ ...phone, channels: ['a', 'b'] })
    await t.binary('unregisterDevice', [phone.deviceId, ['a']])
    expect(await t.read(whole)).toMatchObject({ ...phone, channels: ['b'] })
    await t.binary('unregisterDevice', [phone.deviceId, ['b']])
    expect(await t.read(whole)).toBe(5000)
  })

  test('a device id that looks so is a device id first', async () => {
    const t = await openTenant()
    const [one, other] = [newPhone(), newPhone()]
    const id = (await t.register(one)).split('::')[0] ?? ''
    await t.register({ ...other, deviceId: id })
    expect(await t.read(id)).toMatchObject({ deviceId: id, deviceToken: other.deviceToken })
  })

  test.each(['::default', '::', 'nonsense::default', `${crypto.randomUUID().toUpperCase()}::default`, ','])(
    'what was never returned is unknown: %s',
    async (named) => {
      const t = await openTenant()
      await t.register(newPhone())
      expect(await t.read(named)).toBe(5000)
    },
  )

  test('another application’s is unknown, and nothing is cancelled by it', async () => {
    const t = await openTenant()
    const other = await openTenant({}, t.h)
    const phone = newPhone()
    const id = await other.register(phone)
    expect(await t.read(id)).toBe(5000)
    expect(await refusalOf(await other.call('DELETE', `${PATH}/${id}`))).toEqual([400, 5001])
    expect(await other.read(id)).toMatchObject(phone)
  })
})
