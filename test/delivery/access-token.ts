import { describe, expect, test } from 'vitest'
import type { Opened } from '../contract/provider.ts'
import type { ClientTokenFake } from '../fixtures/push-services/client-token.ts'
import type { Said } from '../fixtures/push-services/verdicts.ts'

export interface AccessTokenSample {
  open(): Promise<Opened & { readonly oauth: ClientTokenFake; readonly count: () => number }>
  /** Seconds after which it is renewed, and not earlier. */
  readonly renewedAfter: number
  /** An answer that refuses the access token. */
  readonly refused: Said
}

/** What every provider with an app's id and secret does. */
export function accessTokenContract({ open, renewedAfter, refused }: AccessTokenSample): void {
  const classes = async (opened: Opened, count: number) => {
    const all = await Promise.all(Array.from({ length: count }, () => opened.delivery()))
    const outcomes = await Promise.all(all.map((one) => opened.lane.send(one)))
    return [...new Set(outcomes.map((one) => one.class))]
  }

  describe('the access token', () => {
    test('is exchanged once for a hundred messages at once', async () => {
      const opened = await open()
      expect(await classes(opened, 100)).toEqual(['accepted'])
      expect([opened.oauth.exchanges(), opened.count()]).toEqual([1, 100])
    })

    test('is renewed before its end, and not sooner', async () => {
      const opened = await open()
      await classes(opened, 1)
      opened.deps.clock.pass(renewedAfter - 1)
      await classes(opened, 1)
      expect(opened.oauth.exchanges()).toBe(1)
      opened.deps.clock.pass(2)
      expect(await classes(opened, 1)).toEqual(['accepted'])
      expect(opened.oauth.exchanges()).toBe(2)
    })

    test('that is refused is replaced once for all, and every message sent again', async () => {
      const opened = await open()
      await classes(opened, 1)
      opened.oauth.revoke()
      expect(await classes(opened, 30)).toEqual(['accepted'])
      expect(opened.oauth.exchanges()).toBe(2)
    })

    test('is not asked for at every request while new ones are refused too', async () => {
      const { lane, delivery, oauth } = await open()
      for (const _ of [1, 2, 3, 4])
        expect(await lane.send(await delivery(refused, refused))).toMatchObject({ class: 'credential' })
      expect(oauth.exchanges()).toBe(2)
    })

    test.each([
      [
        '400',
        { status: 400, body: { error: 'invalid_client', error_description: 'wrong secret' } },
        { class: 'credential', scope: 'lane', reason: 'invalid_client: wrong secret' },
      ],
      [
        '400 INVALID_SCOPE',
        { status: 400, body: { reason: 'INVALID_SCOPE' } },
        { class: 'credential', reason: 'INVALID_SCOPE' },
      ],
      [
        '503',
        { status: 503, body: 'x', headers: { 'Retry-After': '20' } },
        { class: 'temporary', retryAfter: 20_000 },
      ],
      ['429', { status: 429, body: 'x' }, { class: 'throttled', scope: 'lane' }],
      ['a page of HTML', { status: 200, body: '<html>' }, { class: 'temporary', reason: 'no-access-token' }],
    ] as const)(
      'that cannot be had (%s) is the outcome of the messages, which are not sent',
      async (_, verdict, expected) => {
        const { lane, oauth, delivery, count } = await open()
        oauth.verdicts.push(verdict)
        expect(await lane.send(await delivery())).toMatchObject(expected)
        expect(count()).toBe(0)
      },
    )

    test('that the service does not give for this secret is told by the probe', async () => {
      const { lane, oauth } = await open()
      oauth.verdicts.push({ status: 401, body: { error: 'invalid_client' } })
      expect(await lane.probe()).toEqual({ state: 'refused', reason: 'invalid_client' })
    })
  })
}
