import { expect } from 'vitest'
import type { Adapter } from '../../src/adapter.ts'
import type { Suite } from './adapter.ts'
import { adminDevices, expectAnswer, newPhone, openTenants, registered, send, stateOf } from './tenant.ts'

/** The identity rules that every dialect shares. */
export function deviceCases({ adapter, samples, it }: Suite): void {
  const tenants = () => openTenants(adapter, samples)
  const needed = <T>(sample: T | undefined, name: string): T => {
    if (sample === undefined) throw new Error(`the dialect has no sample ${name}`)
    return sample
  }

  it('registers a device that the admin API lists', async () => {
    const tenant = await (await tenants())()
    const phone = newPhone()
    const id = await registered(tenant, samples, phone)
    expect(await adminDevices(tenant)).toMatchObject([
      { externalId: id, dialect: adapter.name, token: phone.token, active: true },
    ])
  })

  it('registers the same phone twice as one device', async () => {
    const tenant = await (await tenants())()
    const phone = newPhone()
    const first = await registered(tenant, samples, phone)
    expect(await registered(tenant, samples, phone)).toBe(first)
    expect(await adminDevices(tenant)).toHaveLength(1)
  })

  it('answers equal registrations at once with one device', async () => {
    const tenant = await (await tenants())()
    const phone = newPhone()
    const ids = await Promise.all(Array.from({ length: 8 }, () => registered(tenant, samples, phone)))
    expect(new Set(ids).size).toBe(1)
    expect(await adminDevices(tenant)).toHaveLength(1)
  })

  it('keeps two phones apart', async () => {
    const tenant = await (await tenants())()
    const [one, two] = [newPhone(), newPhone()]
    const ids = [await registered(tenant, samples, one), await registered(tenant, samples, two)]
    expect(new Set(ids).size).toBe(2)
    expect((await adminDevices(tenant)).map(({ token }) => token).sort()).toEqual(
      [one.token, two.token].sort(),
    )
  })

  it('keeps one phone in two apps apart', async () => {
    const open = await tenants()
    const [one, two] = [await open(), await open()]
    const phone = newPhone()
    await registered(one, samples, phone)
    await registered(two, samples, phone)
    for (const tenant of [one, two]) {
      expect(await adminDevices(tenant)).toMatchObject([{ token: phone.token, active: true }])
    }
  })

  it('moves a token from one device to another', async () => {
    const tenant = await (await tenants())()
    const [from, to] = [newPhone(), newPhone()]
    const old = await registered(tenant, samples, from)
    const id = await registered(tenant, samples, to)
    const move = needed(samples.moveToken, 'moveToken')(tenant, { id, phone: to }, from.token)
    expectAnswer(await send(tenant, move), 'accepted', samples)
    const devices = await adminDevices(tenant)
    expect(devices.filter(({ token }) => token === from.token)).toMatchObject([{ externalId: id }])
    expect(devices.find(({ externalId }) => externalId === old)?.token ?? null).toBeNull()
    expect(await adminDevices(tenant, `&token=${encodeURIComponent(to.token)}`)).toEqual([])
  })

  it('forgets a device that is unregistered', async () => {
    const tenant = await (await tenants())()
    const phone = newPhone()
    const id = await registered(tenant, samples, phone)
    const call = needed(samples.unregister, 'unregister')(tenant, id, phone)
    expectAnswer(await send(tenant, call), 'accepted', samples)
    expect(await adminDevices(tenant)).toEqual([])
  })

  it('registers again after it was unregistered', async () => {
    const tenant = await (await tenants())()
    const phone = newPhone()
    const id = await registered(tenant, samples, phone)
    const call = needed(samples.unregister, 'unregister')(tenant, id, phone)
    expectAnswer(await send(tenant, call), 'accepted', samples)
    const again = await registered(tenant, samples, phone)
    expect(await adminDevices(tenant)).toMatchObject([{ externalId: again, token: phone.token, topics: [] }])
  })

  it('answers HEAD as GET, without a body', async () => {
    const tenant = await (await tenants())()
    const id = await registered(tenant, samples, newPhone())
    const read = needed(samples.read, 'read')(tenant, id)
    const whole = await send(tenant, read)
    const head = await send(tenant, { ...read, method: 'HEAD' })
    expectAnswer(whole, 'accepted', samples)
    expect({ status: head.status, text: head.text }).toEqual({ status: whole.status, text: '' })
  })

  it('answers alike where another dialect costs the whole app its fast router', async () => {
    const tenant = await (await openTenants(withSlowRouter(adapter), samples))()
    const id = await registered(tenant, samples, newPhone())
    for (const { call, unknown } of samples.deviceCalls) {
      expectAnswer(await send(tenant, call(tenant, samples.unknownId())), unknown, samples)
    }
    for (const call of samples.topics?.subscribe(tenant, id, [samples.topics.name(1)]) ?? []) {
      expectAnswer(await send(tenant, call), 'accepted', samples)
    }
    expect(await adminDevices(tenant)).toHaveLength(1)
  })

  for (const { what, call, unknown } of samples.deviceCalls) {
    it(`${what}: an unknown device changes nothing`, async () => {
      const tenant = await (await tenants())()
      await registered(tenant, samples, newPhone())
      const before = await stateOf(tenant)
      expectAnswer(await send(tenant, call(tenant, samples.unknownId())), unknown, samples)
      expect(await stateOf(tenant)).toEqual(before)
    })

    it(`${what}: another app's device is out of reach`, async () => {
      const open = await tenants()
      const [owner, stranger] = [await open(), await open()]
      const id = await registered(owner, samples, newPhone())
      const before = [await stateOf(owner), await stateOf(stranger)]
      expectAnswer(await send(stranger, call(stranger, id)), unknown, samples)
      expect([await stateOf(owner), await stateOf(stranger)]).toEqual(before)
    })

    it(`${what}: a device that was unregistered is unknown`, async () => {
      const tenant = await (await tenants())()
      const phone = newPhone()
      const id = await registered(tenant, samples, phone)
      await send(tenant, needed(samples.unregister, 'unregister')(tenant, id, phone))
      const before = await stateOf(tenant)
      expectAnswer(await send(tenant, call(tenant, id)), unknown, samples)
      expect(await stateOf(tenant)).toEqual(before)
    })
  }
}

/** If two paths overlap, Hono's RegExp router gives up, and another router serves all of them. */
function withSlowRouter(adapter: Adapter): Adapter {
  const routes = () =>
    adapter
      .routes()
      .get('/overlapping/:one/two', (c) => c.body(null))
      .get('/overlapping/one/:two', (c) => c.body(null))
  return { ...adapter, routes }
}
