import { expect, test } from 'vitest'
import { newPerson, newToken, openWorkspace, type Workspace, wholeSeconds } from './kit.ts'

async function told(w: Workspace, ...rows: readonly object[]) {
  const answer = await w.h.admin('POST', `/apps/${w.appId}/feedback`, { rows })
  expect(await answer.json()).toEqual({ applied: rows.length, ignored: 0, unknown: 0 })
}

test('R11: a push that arrived is the last use of its token, and moves updated_at with it', async () => {
  const w = await openWorkspace()
  const [person, token] = [newPerson(), newToken()]
  const device = await w.register(person, { token, platform: 'ios' })
  expect([device.last_used_at, device.is_valid]).toEqual([null, true])
  w.h.clock.advance(60_000)
  const at = wholeSeconds(w.h.clock.now)
  await told(w, { token, outcome: 'delivered', at })
  expect((await w.list(person)).devices).toEqual([{ ...device, last_used_at: at, updated_at: at }])
  w.h.clock.advance(60_000)
  const again = await w.register(person, { token, platform: 'ios', app_version: '2' })
  expect(again).toMatchObject({ last_used_at: at, updated_at: wholeSeconds(w.h.clock.now) })
})

test('R11, R12: a token that was refused for good is neither active nor valid until it registers again', async () => {
  const w = await openWorkspace()
  const [person, token] = [newPerson(), newToken()]
  const device = await w.register(person, { token, platform: 'android' })
  w.h.clock.advance(60_000)
  await told(w, { token, outcome: 'dead', reason: 'UNREGISTERED' })
  const flags = { is_active: false, is_valid: false, updated_at: wholeSeconds(w.h.clock.now) }
  expect((await w.list(person)).devices).toEqual([{ ...device, ...flags }])
  expect((await w.list(person, '?is_active=true')).total).toBe(0)
  w.h.clock.advance(60_000)
  const again = await w.register(person, { token, platform: 'android' })
  expect(again).toMatchObject({ id: device.id, is_active: true, is_valid: true })
})
