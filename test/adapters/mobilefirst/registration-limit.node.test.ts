import { expect, test } from 'vitest'
import { createTenant, RUNTIME, unique } from './kit.ts'
import { hmacSigner, jws, registration } from './phone.ts'

// Only on Node: 3,000 clients take D1 a while, and the limit is the same (test/http/limits.test.ts).
test('self-registration is limited by app and address, and what others got wrong does not count', async () => {
  const t = await createTenant({ env: { RATE_LIMIT: 'on' } })
  const other = await createTenant({ h: t.h })
  const signer = await hmacSigner()
  const signed = async (app: string) => jws(signer, registration(app, 'd', signer))
  const [own, others] = [await signed(t.app), await signed(other.app)]
  const send = async (signedRegistrationData: unknown, address: string) => {
    const headers = { 'x-test-address': address }
    const body = { signedRegistrationData }
    return (await t.h.request('POST', `${RUNTIME}/registration/v1/self`, { body, headers })).status
  }
  const address = unique('address')
  for (let n = 0; n < 3100; n++) expect(await send({ ...own, signature: 'AAAA' }, address)).toBe(400)
  for (let n = 0; n < 3000; n++) expect(await send(own, address)).toBe(201)
  expect(await send(own, address)).toBe(429)
  expect(await send(others, address)).toBe(201)
  expect(await send(own, unique('address'))).toBe(201)
})
