import { expect } from 'vitest'
import type { Call } from '../../src/conformance/samples.ts'
import type { Suite } from './adapter.ts'
import type { Tenant } from './samples.ts'
import { adminDevices, expectAnswer, newPhone, openTenants, registered, send } from './tenant.ts'

/** Topics, in whatever form the dialect has them. */
export function topicCases({ adapter, samples, it }: Suite): void {
  const topics = () => {
    const { topics: of } = samples
    if (!of?.unsubscribe) throw new Error('the dialect has no sample topics')
    return { ...of, unsubscribe: of.unsubscribe }
  }

  async function subscribed() {
    const of = topics()
    const tenant = await (await openTenants(adapter, samples))()
    return { of, tenant, id: await registered(tenant, samples, newPhone()) }
  }

  async function sendAll(tenant: Tenant, calls: readonly Call[]) {
    for (const call of calls) expectAnswer(await send(tenant, call), 'accepted', samples)
  }

  const topicsOf = async (tenant: Tenant): Promise<readonly string[]> => {
    const [device] = await adminDevices(tenant)
    return device?.topics ?? []
  }

  it('subscribes a device to 300 topics', async () => {
    const { of, tenant, id } = await subscribed()
    const names = Array.from({ length: 300 }, (_, n) => of.name(n))
    await sendAll(tenant, of.subscribe(tenant, id, names))
    expect(await topicsOf(tenant)).toEqual(expect.arrayContaining(names))
  })

  it('subscribes to the same topic twice without a second subscription', async () => {
    const { of, tenant, id } = await subscribed()
    const before = (await topicsOf(tenant)).length
    for (let n = 0; n < 2; n++) await sendAll(tenant, of.subscribe(tenant, id, [of.name(1)]))
    expect(await topicsOf(tenant)).toHaveLength(before + 1)
  })

  it('takes one topic away and keeps the others', async () => {
    const { of, tenant, id } = await subscribed()
    await sendAll(tenant, of.subscribe(tenant, id, [of.name(1), of.name(2)]))
    await sendAll(tenant, of.unsubscribe(tenant, id, [of.name(1)]))
    expect(await topicsOf(tenant)).toContain(of.name(2))
    expect(await topicsOf(tenant)).not.toContain(of.name(1))
  })

  it('keeps the topics of a device that registers again', async () => {
    const of = topics()
    const tenant = await (await openTenants(adapter, samples))()
    const phone = newPhone()
    const id = await registered(tenant, samples, phone)
    await sendAll(tenant, of.subscribe(tenant, id, [of.name(1)]))
    await registered(tenant, samples, phone)
    expect(await topicsOf(tenant)).toContain(of.name(1))
  })

  it('keeps names with odd characters as they are', async () => {
    const { of, tenant, id } = await subscribed()
    for (const name of of.odd) await sendAll(tenant, of.subscribe(tenant, id, [name]))
    expect(await topicsOf(tenant)).toEqual(expect.arrayContaining([...of.odd]))
    for (const name of of.odd) await sendAll(tenant, of.unsubscribe(tenant, id, [name]))
    expect((await topicsOf(tenant)).filter((name) => of.odd.includes(name))).toEqual([])
  })

  it('keeps every one of the topics that are added and removed at once', async () => {
    const { of, tenant, id } = await subscribed()
    const names = Array.from({ length: 10 }, (_, n) => of.name(n))
    const [gone, kept] = [names.slice(0, 5), names.slice(5)]
    await sendAll(tenant, of.subscribe(tenant, id, gone))
    await Promise.all([
      ...gone.map((name) => sendAll(tenant, of.unsubscribe(tenant, id, [name]))),
      ...kept.map((name) => sendAll(tenant, of.subscribe(tenant, id, [name]))),
    ])
    expect((await topicsOf(tenant)).filter((name) => names.includes(name)).sort()).toEqual(kept.sort())
  })
}
