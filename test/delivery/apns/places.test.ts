import { describe, expect, test } from 'vitest'
import { apnsError } from '../../fixtures/push-services/apns.ts'
import { newToken, openApns, toToken } from './kit.ts'

const bad = apnsError(400, 'BadDeviceToken')

/** A lane, and a token that belongs to one environment. */
async function openWith(belongs: 'production' | 'sandbox' | 'none', change = {}) {
  const opened = await openApns({ change })
  const token = newToken()
  for (const place of ['production', 'sandbox'] as const)
    if (place !== belongs) opened[place].foreign.add(token)
  const asked = () => [opened.production.requests.length, opened.sandbox.requests.length]
  return { ...opened, token, asked }
}

describe('a token goes to its environment', () => {
  test.each([
    ['production', [1, 0]],
    ['sandbox', [0, 1]],
  ] as const)('%s', async (environment, expected) => {
    const { lane, token, asked } = await openWith(environment)
    const outcome = await lane.send(toToken({ token, environment }))
    expect([outcome.class, 'environment' in outcome, asked()]).toEqual(['accepted', false, expected])
  })

  test.each([
    ['production', [1, 0]],
    ['sandbox', [0, 1]],
  ] as const)(
    'that of the credential (%s) if it is unknown, and that is learnt',
    async (environment, expected) => {
      const { lane, token, asked } = await openWith(environment, { environment })
      const outcome = await lane.send(toToken({ token, environment: 'unknown' }))
      expect(outcome).toMatchObject({ class: 'accepted', environment })
      expect(asked()).toEqual(expected)
    },
  )
})

describe('a token that one environment does not know', () => {
  test.each(['production', 'unknown', undefined] as const)(
    'is sent to in the other one, and corrected (stored as %s)',
    async (environment) => {
      const { lane, token, asked } = await openWith('sandbox')
      const outcome = await lane.send(toToken({ token, ...(environment && { environment }) }))
      expect(outcome).toMatchObject({ class: 'accepted', environment: 'sandbox' })
      expect(asked()).toEqual([1, 1])
    },
  )

  test('is dead if the other does not know it either, but that may be a fault of the sender', async () => {
    const { lane, token, asked } = await openWith('none')
    expect(await lane.send(toToken({ token, environment: 'unknown' }))).toEqual({
      ...{ class: 'dead', reason: 'BadDeviceToken', certain: false },
    })
    expect(asked()).toEqual([1, 1])
  })

  test.each([
    ['410', apnsError(410, 'Unregistered'), { class: 'dead', certain: true }],
    ['503', apnsError(503, 'ServiceUnavailable'), { class: 'temporary' }],
    ['another topic', apnsError(400, 'DeviceTokenNotForTopic'), { class: 'mismatch' }],
    ['no answer', 'no answer', { class: 'temporary', reason: 'timeout' }],
  ] as const)('is what the other says: %s', async (_, verdict, expected) => {
    const { lane, token, production, sandbox, deps, delivery } = await openWith('none')
    await lane.send(await delivery())
    deps.hurry()
    sandbox.foreign.clear()
    production.verdicts.set(token, bad)
    sandbox.verdicts.set(token, verdict)
    expect(await lane.send(toToken({ token, environment: 'production' }))).toMatchObject(expected)
  })

  test('keeps its apns-id in the other', async () => {
    const { lane, token, production, sandbox } = await openWith('sandbox')
    await lane.send(toToken({ token }))
    const [one, other] = [production, sandbox].map(({ requests }) => requests[0]?.headers.get('apns-id'))
    expect([one, other]).toEqual([other, toToken({ token }).id])
  })
})

describe('one address for both environments', () => {
  test.each([
    ['is dead, if the token belongs to the environment of the credential', 'production', 'dead'],
    ['is another app’s, if it belongs to the other', 'sandbox', 'mismatch'],
    ['is another app’s, if nobody knows where it belongs', 'unknown', 'mismatch'],
  ] as const)('a token that is not known there %s', async (_, environment, expected) => {
    const { lane, production } = await openApns({ single: true })
    const token = newToken()
    production.foreign.add(token)
    expect(await lane.send(toToken({ token, environment }))).toMatchObject({ class: expected })
    expect(production.requests).toHaveLength(1)
  })

  test('says nothing of the environment', async () => {
    const { lane } = await openApns({ single: true })
    expect(await lane.send(toToken({ token: newToken() }))).not.toHaveProperty('environment')
  })
})

describe.each(['BadEnvironmentKeyInToken', 'BadEnvironmentKeyIdInToken', 'BadCertificateEnvironment'])(
  'an environment that refuses the key (%s)',
  (reason) => {
    const closed = apnsError(403, reason)

    test('leaves the other, which is asked alone from then on', async () => {
      const { lane, token, production, asked } = await openWith('sandbox')
      production.verdicts.set(token, closed)
      production.foreign.clear()
      const sent = () => lane.send(toToken({ token, environment: 'unknown' }))
      expect(await sent()).toMatchObject({ class: 'accepted', environment: 'sandbox' })
      expect(await sent()).toMatchObject({ class: 'accepted', environment: 'sandbox' })
      expect(asked()).toEqual([1, 2])
    })

    test('is asked again an hour later', async () => {
      const { lane, token, production, deps, asked } = await openWith('sandbox')
      production.verdicts.set(token, closed)
      production.foreign.clear()
      await lane.send(toToken({ token }))
      deps.clock.pass(3601)
      expect(await lane.send(toToken({ token }))).toMatchObject({
        class: 'accepted',
        environment: 'production',
      })
      expect(asked()).toEqual([2, 1])
    })

    test.each([
      ['sandbox', 'dead'],
      ['unknown', 'mismatch'],
      ['production', 'mismatch'],
    ] as const)('cannot say that a token of %s is bad: %s', async (environment, expected) => {
      const { lane, token, production } = await openWith('none')
      production.foreign.clear()
      production.verdicts.set(token, closed)
      expect(await lane.send(toToken({ token, environment }))).toMatchObject({ class: expected })
    })
  },
)
