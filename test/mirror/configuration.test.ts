import { beforeEach, describe, expect, test } from 'vitest'
import type { AppDocument, Harness } from '../harness/harness.ts'
import { mirrorHarness, setMirror } from './kit.ts'

let h: Harness
let app: AppDocument
beforeEach(async () => {
  h = await mirrorHarness()
  app = await h.createApp({ pushwoosh: {}, 'pusher-beams': {}, flameup: {}, backendless: {} })
})

const UPSTREAM = 'https://vendor.example/base'
const shown = async (dialect = 'pushwoosh') => {
  const { dialects } = (await (await h.admin('GET', `/apps/${app.id}`)).json()) as AppDocument
  return dialects[dialect]?.mirror
}

describe('the configuration of a mirror', () => {
  test('is shown with its defaults and the time of the change, and leaves the rest of the dialect alone', async () => {
    const before = (await (await h.admin('GET', `/apps/${app.id}`)).json()) as AppDocument
    const answer = await setMirror(h, app, 'pushwoosh', { mode: 'forward', upstream: `${UPSTREAM}/` })
    expect(answer.status).toBe(200)
    expect(await shown()).toEqual({
      ...{ mode: 'forward', upstream: UPSTREAM, timeoutMs: 10_000, sample: 1, keepDays: 7 },
      ...{ maxPerSecond: 50, fallback: 'fail', learn: true, coax: false, since: '2026-11-25T12:00:00.000Z' },
    })
    const { dialects } = (await (await h.admin('GET', `/apps/${app.id}`)).json()) as AppDocument
    const { mirror, ...rest } = dialects.pushwoosh ?? {}
    expect(rest).toEqual(before.dialects.pushwoosh)
  })

  test('allows a vendor that allows less the fewer calls', async () => {
    await setMirror(h, app, 'flameup', { mode: 'forward', upstream: UPSTREAM })
    expect(await shown('flameup')).toMatchObject({ maxPerSecond: 1 })
  })

  test('keeps its time until mode or upstream change', async () => {
    await setMirror(h, app, 'pushwoosh', { mode: 'forward', upstream: UPSTREAM })
    h.clock.advance(60_000)
    await setMirror(h, app, 'pushwoosh', { mode: 'forward', upstream: UPSTREAM, sample: 0 })
    expect(await shown()).toMatchObject({ sample: 0, since: '2026-11-25T12:00:00.000Z' })
    await setMirror(h, app, 'pushwoosh', { mode: 'forward', upstream: 'https://other.example' })
    expect(await shown()).toMatchObject({ since: '2026-11-25T12:01:00.000Z' })
  })

  test.each([null, { mode: 'local' }])('is gone after %j', async (mirror) => {
    await setMirror(h, app, 'pushwoosh', { mode: 'forward', upstream: UPSTREAM })
    expect((await setMirror(h, app, 'pushwoosh', mirror)).status).toBe(200)
    expect(await shown()).toBeUndefined()
  })

  test('never shows its credentials, in no answer and not in the audit', async () => {
    const credentials = { apiToken: 'very-secret-token-0123456789' }
    const answer = await setMirror(h, app, 'pushwoosh', { mode: 'forward', upstream: UPSTREAM, credentials })
    expect(answer.status).toBe(200)
    const texts = [await answer.text(), await (await h.admin('GET', `/apps/${app.id}`)).text()]
    texts.push(await (await h.admin('GET', `/audit?app=${app.id}`)).text())
    for (const text of texts) {
      expect(text).not.toContain(credentials.apiToken)
      expect(text).not.toContain('sealed')
      expect(text).not.toContain('credentials')
    }
  })

  const wrong: readonly (readonly [string, string, unknown])[] = [
    ['an unknown mode', 'mode', { mode: 'both', upstream: UPSTREAM }],
    ['the mode dual, which there is not yet', 'mode', { mode: 'dual', upstream: UPSTREAM }],
    ['no mode', 'mode', { upstream: UPSTREAM }],
    ['an unknown member', 'extra', { mode: 'forward', upstream: UPSTREAM, extra: 1 }],
    ['no upstream', 'upstream', { mode: 'forward' }],
    ['an upstream that is no address', 'upstream', { mode: 'forward', upstream: 'vendor' }],
    ['another scheme', 'upstream', { mode: 'forward', upstream: 'ftp://vendor.example' }],
    ['a query', 'upstream', { mode: 'forward', upstream: `${UPSTREAM}?` }],
    ['a fragment', 'upstream', { mode: 'forward', upstream: `${UPSTREAM}#x` }],
    ['a user', 'upstream', { mode: 'forward', upstream: 'https://a:b@vendor.example' }],
    ['a time too short', 'timeoutMs', { mode: 'forward', upstream: UPSTREAM, timeoutMs: 99 }],
    ['a time too long', 'timeoutMs', { mode: 'forward', upstream: UPSTREAM, timeoutMs: 60_001 }],
    ['a share over 1', 'sample', { mode: 'forward', upstream: UPSTREAM, sample: 1.1 }],
    ['no day', 'keepDays', { mode: 'forward', upstream: UPSTREAM, keepDays: 0 }],
    ['too many days', 'keepDays', { mode: 'forward', upstream: UPSTREAM, keepDays: 91 }],
    ['no call a second', 'maxPerSecond', { mode: 'forward', upstream: UPSTREAM, maxPerSecond: 0 }],
    ['coaxing where no SDK can be', 'coax', { mode: 'forward', upstream: UPSTREAM, coax: true }],
    ['foreign credentials', 'credentials', { mode: 'forward', upstream: UPSTREAM, credentials: { a: 'b' } }],
    ['this gateway itself', 'upstream', { mode: 'forward', upstream: 'http://gateway.test' }],
    ['no object', '', 7],
  ]
  test.each(wrong)('refuses %s', async (_, member, mirror) => {
    const answer = await setMirror(h, app, 'pushwoosh', mirror)
    expect(answer.status).toBe(400)
    const { errors } = (await answer.json()) as { errors: { path: string }[] }
    const path = `dialects.pushwoosh.mirror${member && `.${member}`}`
    expect(errors.map((one) => one.path)).toContain(path)
    expect(await shown()).toBeUndefined()
  })

  test.each(['pusher-beams', 'backendless'])(
    'refuses to answer in the place of a vendor: %s',
    async (dialect) => {
      const mirror = { mode: 'record', upstream: UPSTREAM, fallback: 'local' }
      expect((await setMirror(h, app, dialect, mirror)).status).toBe(400)
    },
  )

  test('refuses a host that is bound to an app here', async () => {
    await h.createApp({ backendless: { domains: [{ host: 'push.shop.example' }] } })
    const mirror = { mode: 'forward', upstream: 'https://push.shop.example' }
    expect((await setMirror(h, app, 'pushwoosh', mirror)).status).toBe(400)
  })

  test('refuses a private address unless those are allowed', async () => {
    const closed = await mirrorHarness({ env: { ALLOW_PRIVATE_TARGETS: 'off' } })
    const mirror = { mode: 'forward', upstream: 'http://10.0.0.1' }
    expect((await setMirror(closed, app, 'pushwoosh', mirror)).status).toBe(400)
  })
})
