import { expect, test } from 'vitest'
import { outsideFetch, serve } from '#runtime'
import { laneDeps } from '../contract/provider-kit.ts'
import { newToken, openApns } from '../delivery/apns/kit.ts'
import { openRelay, RELAY_KEY } from '../delivery/relay/kit.ts'
import { type Handler, said } from '../fixtures/push-services/verdicts.ts'
import { echoWith, open } from './kit.ts'

const MINUTE = 60_000

/** A dialect with a form for APNs. */
const forApple = echoWith('{"aps":{"alert":"x"}}', 86_400)

/** A gateway whose iPhones are reached through a relay; `trouble` replaces the relay's own answers. */
async function relayed({ phones }: { readonly phones: number }) {
  const trouble: { says?: Handler | undefined } = {}
  const front = await serve((request) => (trouble.says ?? relay.app.fetch)(request))
  const o = await open({
    adapters: [forApple],
    set: false,
    env: { ALLOW_PRIVATE_TARGETS: 'on', APNS_RELAY: front.origin, APNS_RELAY_KEY: RELAY_KEY },
  })
  const apns = await openApns({ deps: laneDeps({ now: () => o.h.clock.now }) })
  const { production, sandbox } = apns.document.endpoint as { production: string; sandbox: string }
  const relay = await openRelay({ targets: [production, sandbox] })
  const set = await o.h.admin('PUT', `/apps/${o.id}/providers/apns`, apns.document)
  const tokens = Array.from({ length: phones }, newToken)
  for (const token of tokens)
    await o.phone({ externalId: token, platform: 'ios', pushToken: { provider: 'apns', token } })
  return {
    ...o,
    tokens,
    trouble,
    shown: await set.json<{ readonly state: string; readonly reason: string | null }>(),
    reached: () => apns.production.requests.map(({ url }) => url.pathname.split('/').pop()),
  }
}

test('a page of phones costs two requests of what a platform allows, not one a phone', async () => {
  let subrequests = 0
  const o = await relayed({ phones: 120 })
  const id = await o.accept()
  await o.run(undefined, {
    pace: { page: 120, atOnce: 6 },
    fetch(...given) {
      subrequests++
      return outsideFetch(...given)
    },
  })
  expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: 120 } })
  expect(subrequests).toBe(2)
  expect(o.shown).toMatchObject({ state: 'ok', reason: null })
})

test.each<{ says: string; trouble: Handler }>([
  { says: 'is overloaded', trouble: () => said({ status: 503 }, 200) },
  {
    says: 'says that all is gone',
    trouble: () => said({ status: 410, body: { reason: 'Unregistered' } }, 200),
  },
  { says: 'answers nonsense', trouble: () => said({ status: 200, body: 'Welcome' }, 200) },
  { says: 'no longer takes the key', trouble: () => said({ status: 401, body: { detail: 'no' } }, 200) },
])(
  'while a relay $says, no phone is lost, no attempt is counted, and all goes on once it is back',
  async ({ trouble }) => {
    const o = await relayed({ phones: 3 })
    const id = await o.accept()
    o.trouble.says = trouble
    const engine = o.h.engine()
    // Far more often than a phone is tried.
    for (let wait = 0; wait < 12; wait++) {
      await o.run(engine)
      o.h.clock.advance(61 * MINUTE)
    }
    expect(await o.report(id)).toMatchObject({ state: 'sending', counts: {} })
    expect(o.told()).toHaveLength(1)
    for (const token of o.tokens)
      expect(await o.device(token)).toMatchObject({ pushToken: { state: 'live' } })

    o.trouble.says = undefined
    o.h.clock.advance(61 * MINUTE)
    await o.run(engine)
    expect(await o.report(id)).toMatchObject({ state: 'done', counts: { accepted: 3 } })
    expect(
      o
        .reached()
        .filter((token) => o.tokens.includes(token ?? ''))
        .sort(),
    ).toEqual(o.tokens.toSorted())
  },
)
