import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import type { Transport } from '../../../src/delivery/transport/transport.ts'
import { laneDeps } from '../../contract/provider-kit.ts'
import { apnsError } from '../../fixtures/push-services/apns.ts'
import { openApns } from './kit.ts'

const classes = (outcomes: readonly { readonly class: string }[]) => [
  ...new Set(outcomes.map((one) => one.class)),
]
const expired = apnsError(403, 'ExpiredProviderToken')

describe('the provider token', () => {
  test('is signed once for a hundred messages at once, to both environments', async () => {
    const { lane, production, sandbox, delivery } = await openApns()
    const all = await Promise.all(Array.from({ length: 100 }, () => delivery()))
    const outcomes = await Promise.all(
      all.map((one, at) =>
        lane.send({
          ...one,
          target: { ...one.target, environment: at % 2 === 0 ? 'production' : 'sandbox' },
        }),
      ),
    )
    expect(classes(outcomes)).toEqual(['accepted'])
    expect([production.requests.length, sandbox.requests.length]).toEqual([50, 50])
    expect(new Set([...production.tokens(), ...sandbox.tokens()]).size).toBe(1)
  })

  test('is the same one in another process', async () => {
    const { lane, production, delivery, again } = await openApns()
    const other = await again()
    for (const one of [lane, other, lane]) await one.send(await delivery())
    expect(production.tokens()).toHaveLength(1)
  })

  test('is kept for fifty minutes from when it was signed, and then renewed, also in another process', async () => {
    const { lane, deps, production, delivery, again } = await openApns()
    const other = await again()
    await lane.send(await delivery())
    deps.clock.pass(50 * 60 - 1)
    await other.send(await delivery())
    expect(production.tokens()).toHaveLength(1)
    deps.clock.pass(1)
    const sent = await Promise.all([lane, other, lane, other].map(async (one) => one.send(await delivery())))
    expect(classes(sent)).toEqual(['accepted'])
    expect(production.tokens()).toHaveLength(2)
  })

  test('holds the team and the time, and no end of its own', async () => {
    const { lane, deps, production, delivery } = await openApns()
    await lane.send(await delivery())
    const iat = Math.floor(deps.now().getTime() / 1000)
    expect(production.tokens().map((jwt) => decodeJwt(jwt))).toEqual([{ iss: 'DEF123GHIJ', iat }])
  })

  test('that has become too old is signed anew, once for all, and every message sent again', async () => {
    const { lane, production, delivery } = await openApns()
    await lane.send(await delivery())
    const all = await Promise.all(Array.from({ length: 50 }, () => delivery(expired)))
    const outcomes = await Promise.all(all.map((one) => lane.send(one)))
    expect(classes(outcomes)).toEqual(['accepted'])
    expect([production.tokens().length, production.requests.length]).toEqual([2, 101])
  })

  test('that is too old though it is new tells of a wrong clock, and is not signed at every request', async () => {
    const { lane, production, delivery } = await openApns()
    await lane.send(await delivery())
    for (const _ of [1, 2, 3, 4, 5]) {
      expect(await lane.send(await delivery(expired, expired))).toMatchObject({
        class: 'credential',
        reason: 'ExpiredProviderToken',
      })
    }
    expect(production.tokens()).toHaveLength(2)
  })

  test('of a clock that went back is not used for longer than another', async () => {
    const { lane, deps, production, delivery } = await openApns()
    await lane.send(await delivery())
    deps.clock.pass(-3600)
    expect(await lane.send(await delivery())).toMatchObject({ class: 'throttled', scope: 'lane' })
    deps.clock.pass(20 * 60 + 3600)
    expect(await lane.send(await delivery())).toMatchObject({ class: 'accepted' })
    expect(production.tokens()).toHaveLength(2)
  })
})

test('the connection that heard an old token is replaced once, whatever the number of messages on it', async () => {
  const deps = laneDeps()
  let replaced = 0
  const transport: Transport = {
    connect: (base, options) => ({
      ...deps.transport.connect(base, options),
      replace: () => void replaced++,
    }),
  }
  const { lane, delivery } = await openApns({ deps, more: { transport } })
  await lane.send(await delivery())
  const all = await Promise.all(Array.from({ length: 20 }, () => delivery(expired)))
  await Promise.all(all.map((one) => lane.send(one)))
  expect(replaced).toBe(1)
  deps.clock.pass(60)
  await lane.send(await delivery(apnsError(400, 'IdleTimeout')))
  expect(replaced).toBe(2)
})
