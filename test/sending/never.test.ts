import { describe, expect, test } from 'vitest'
import { pusherBeams } from '../../adapters/pusher-beams/index.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { fcmError } from '../fixtures/push-services/fcm.ts'
import { open } from './kit.ts'

const GONE = fcmError(404, 'NOT_FOUND', { errorCode: 'UNREGISTERED' })

/**
 * Two devices of the dialect with one push token, which the second took over from the first (identity R2).
 */
async function replaced() {
  const o = await open()
  const first = await o.phone()
  const pushToken = { provider: 'fcm' as const, token: first.token }
  const { device: second } = await o.phone({ externalId: crypto.randomUUID(), pushToken })
  return { ...o, first, second }
}

describe('whom no message goes to, or not twice (sending.md 1, rows 13 and 14)', () => {
  test('row 14: a device whose token another one took gets nothing, by whatever name it is called', async () => {
    const { first, accept, run, asked, report } = await replaced()
    const named = await accept({ audience: { to: { devices: [first.device.externalId] } } })
    await run()
    expect(asked()).toEqual([])
    expect(await report(named)).toMatchObject({ state: 'done', counts: {} })
  })

  test('row 13: both devices of one phone, named in one message, are one request', async () => {
    const { first, second, accept, run, asked } = await replaced()
    await accept({ audience: { to: { devices: [second.externalId, first.device.externalId] } } })
    await accept({ audience: { to: { tokens: [first.token, first.token] } } })
    await accept({ audience: { to: { devicesOrTokens: [second.externalId, first.token] } } })
    await run()
    expect(asked()).toEqual([first.token, first.token, first.token])
  })

  test('row 14: a token that a push service called dead is asked for no more, until it registers again', async () => {
    const { h, phone, says, accept, run, asked } = await open()
    const { token, device } = await phone()
    says(token, GONE)
    await accept()
    await run()
    await accept()
    await accept({ audience: { to: { devices: [device.externalId] } } })
    await run()
    expect(asked()).toEqual([token])
    h.clock.advance(1000)
    await phone({ externalId: device.externalId, pushToken: { provider: 'fcm', token } })
    await accept()
    await run()
    expect(asked()).toEqual([token, token])
  })

  test('row 14: a registration that has run out gets nothing, also if it did so after the planning', async () => {
    const { h, phone, accept, run, asked, report } = await open()
    await phone({ patch: { expiresAt: new Date(h.clock.now.getTime() - 1) } })
    await phone({ patch: { expiresAt: new Date(h.clock.now.getTime() + 1000) } })
    const id = await accept()
    const engine = h.engine()
    while (await engine.plan());
    h.clock.advance(2000)
    await run(engine)
    expect(asked()).toEqual([])
    expect(await report(id)).toMatchObject({ state: 'done', counts: { skipped: 1 } })
  })
})

/** An app of two dialects, and a phone that registered in both with one push token. */
async function ofTwoDialects() {
  const o = await open({ adapters: [echoDialect, pusherBeams] })
  const changed = await o.h.admin('PATCH', `/apps/${o.id}`, { dialects: { 'pusher-beams': {} } })
  const { dialects } = await changed.json<{ dialects: Record<string, { instanceId: string }> }>()
  const beams = await o.h.gateway.apps.find('pusher-beams', dialects['pusher-beams']?.instanceId ?? '')
  if (!beams) throw new Error('no app')
  const inBeams = (token: string) =>
    o.phone({ app: beams, externalId: `beams-${token}`, pushToken: { provider: 'fcm', token } })
  return { ...o, inBeams }
}

describe('whose devices a vendor’s call addresses (sending.md 2.1)', () => {
  test('those of its own dialect: devices of another one on the same phone add nothing and multiply nothing', async () => {
    const { phone, inBeams, accept, run, reached, report } = await ofTwoDialects()
    // The other dialect's device is first on one phone, second on the next, and alone on the third.
    await inBeams('two-dialects-1')
    await phone({ externalId: 'first', pushToken: { provider: 'fcm', token: 'two-dialects-1' } })
    const { token } = await phone()
    await inBeams(token)
    await inBeams('two-dialects-3')
    const id = await accept()
    await run()
    expect(reached().sort()).toEqual([token, 'two-dialects-1'].sort())
    expect(await report(id)).toMatchObject({ state: 'done', counts: { accepted: 2 } })
  })

  test('a phone that lost its device of that dialect gets nothing, though another dialect still reaches it', async () => {
    const { h, app, phone, inBeams, accept, run, asked, report } = await ofTwoDialects()
    const { token, device } = await phone()
    await inBeams(token)
    await h.gateway.devices.unregister({ app, externalId: device.externalId, cause: 'test' })
    const id = await accept()
    await run()
    expect(asked()).toEqual([])
    expect(await report(id)).toMatchObject({ state: 'done', counts: {} })
  })
})
