import { Hono } from 'hono'
import { expect } from 'vitest'
import type { AppEnv } from '../../src/adapter.ts'
import { refusedCalls } from '../../src/conformance/calls.ts'
import { type Code, GatewayError, StoreUnavailable } from '../../src/domain/error.ts'
import type { Suite } from './adapter.ts'
import {
  adminDevices,
  breakable,
  expectAnswer,
  newPhone,
  openTenants,
  registered,
  send,
  stateOf,
} from './tenant.ts'

const CODES = {
  bad_media_type: true,
  bad_path: true,
  bad_body: true,
  too_large: true,
  header_too_large: true,
  invalid: true,
  unauthorized: true,
  forbidden: true,
  app_unknown: true,
  device_unknown: true,
  not_found: true,
  method_not_allowed: true,
  conflict: true,
  limit: true,
  rate_limited: true,
  unavailable: true,
  device_limit: true,
  internal: true,
} satisfies Record<Code, true>

const HIDDEN = 'no such column: hidden_detail'

/** All other faults: the answer has the dialect's form, reveals no internals and changes nothing. */
export function faultCases(suite: Suite): void {
  const { adapter, samples, it } = suite
  const { answers } = samples

  for (const { title, expected, calls } of refusedCalls(samples)) {
    it(title, async () => {
      const tenant = await (await openTenants(adapter, samples))()
      const id = await registered(tenant, samples, newPhone())
      const before = await stateOf(tenant)
      for (const call of calls(tenant, id)) expectAnswer(await send(tenant, call), expected, samples)
      expect(await stateOf(tenant)).toEqual(before)
    })
  }

  const failures = [
    ['hides what went wrong inside', new Error(HIDDEN), answers.internal],
    [
      'asks to try again where the database is out of reach',
      new StoreUnavailable(HIDDEN),
      answers.unavailable,
    ],
  ] as const
  for (const [title, fault, expected] of failures) {
    it(`${title}, and heals`, async () => {
      const { db, state } = breakable()
      const tenant = await (await openTenants(adapter, samples, { db }))()
      const id = await registered(tenant, samples, newPhone())
      const phone = newPhone()
      const calls = [
        samples.register(tenant, phone),
        ...samples.deviceCalls.map(({ call }) => call(tenant, id)),
      ]
      const before = await stateOf(tenant)
      for (const call of calls) {
        const { hits } = state
        state.fault = fault
        const answer = await send(tenant, call)
        state.fault = null
        // Calls that are refused before they need the database are not tested here.
        if (state.hits === hits) continue
        expectAnswer(answer, expected, samples)
        expect(`${answer.text} ${[...answer.headers].join(' ')}`).not.toContain('hidden_detail')
      }
      expect(state.hits).toBeGreaterThan(0)
      expect(await stateOf(tenant)).toEqual(before)
      await registered(tenant, samples, phone)
      expect((await adminDevices(tenant)).map(({ token }) => token)).toContain(phone.token)
    })
  }

  for (const code of Object.keys(CODES) as Code[]) {
    it(`has an answer for ${code}`, async () => {
      const answer = await thrown(suite, new GatewayError(code, HIDDEN, { retryAfter: 7 }))
      samples.errorForm(answer)
      if (code === 'internal') expect(answer.text).not.toContain('hidden_detail')
    })
  }

  it('says when to come back', async () => {
    for (const code of ['rate_limited', 'unavailable'] as const) {
      const answer = await thrown(suite, new GatewayError(code, 'Later.', { retryAfter: 7 }))
      expect(answer.headers.get('Retry-After')).toBe('7')
    }
  })
}

/** The adapter's answer if every one of its routes throws this. */
async function thrown({ adapter, samples }: Suite, error: GatewayError) {
  const throwing = () =>
    new Hono<AppEnv>().all('*', () => {
      throw error
    })
  const tenant = await (await openTenants(adapter, samples))()
  const { h } = await (await openTenants({ ...adapter, routes: throwing }, samples))()
  return send({ ...tenant, h }, samples.register(tenant, newPhone()))
}
