import { expect } from 'vitest'
import { spoiltRegistrations } from '../../src/conformance/calls.ts'
import type { Suite } from './adapter.ts'
import { adminDevices, expectAnswer, newPhone, openTenants, registered, send, stateOf } from './tenant.ts'

/**
 * Bodies and content types, tried on a registration: refused ones change nothing, accepted ones create the
 * device.
 */
export function bodyCases({ adapter, samples, it }: Suite): void {
  for (const { title, expected, spoil } of spoiltRegistrations(samples)) {
    it(title, async () => {
      const tenant = await (await openTenants(adapter, samples))()
      await registered(tenant, samples, newPhone())
      const before = await stateOf(tenant)
      const phone = newPhone()
      expectAnswer(await send(tenant, await spoil(samples.register(tenant, phone))), expected, samples)
      if (expected !== 'accepted') expect(await stateOf(tenant)).toEqual(before)
      else expect((await adminDevices(tenant)).map(({ token }) => token)).toContain(phone.token)
    })
  }
}
