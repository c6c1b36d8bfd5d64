import { expect, test } from 'vitest'
import { newPerson, newToken, openWorkspace, type Workspace, wholeSeconds } from './kit.ts'

const PHONE = { platform: 'ios', device_name: "Jane's iPhone", device_model: 'iPhone16,1' }

async function flags({ list }: Workspace, person: string) {
  const { devices } = await list(person)
  return Object.fromEntries(devices.map((one) => [one.device_token, [one.is_active, one.is_valid]]))
}

test("a new token of a phone that is known by name and model puts the phone's former token out of use", async () => {
  const w = await openWorkspace()
  const [person, old, fresh] = [newPerson(), newToken(), newToken()]
  const former = await w.register(person, { ...PHONE, token: old })
  w.h.clock.advance(5000)
  const device = await w.register(person, { ...PHONE, token: fresh })
  expect(device.id).not.toBe(former.id)
  expect(await flags(w, person)).toEqual({ [old]: [false, true], [fresh]: [true, true] })
  const [kept] = (await w.list(person, '?is_active=false')).devices
  expect(kept).toEqual({ ...former, is_active: false, updated_at: wholeSeconds(w.h.clock.now) })
  expect((await w.list(person, '?is_active=true')).devices).toEqual([device])
})

test('the former token, registered again, is in use again and puts nobody out of use', async () => {
  const w = await openWorkspace()
  const [person, old, fresh] = [newPerson(), newToken(), newToken()]
  const { id } = await w.register(person, { ...PHONE, token: old })
  await w.register(person, { ...PHONE, token: fresh })
  const again = await w.register(person, { ...PHONE, token: old })
  expect(again).toMatchObject({ id, is_active: true, is_valid: true })
  expect(await flags(w, person)).toEqual({ [old]: [true, true], [fresh]: [true, true] })
})

test('a token out of use can be removed', async () => {
  const w = await openWorkspace()
  const [person, old] = [newPerson(), newToken()]
  await w.register(person, { ...PHONE, token: old })
  await w.register(person, { ...PHONE, token: newToken() })
  expect((await w.remove(person, old)).status).toBe(204)
  expect((await w.list(person)).total).toBe(1)
})

test.each([
  ['a name without a model', { platform: 'ios', device_name: 'iPhone' }],
  ['a model without a name', { platform: 'ios', device_model: 'iPhone16,1' }],
  ['neither', { platform: 'android' }],
  ['an empty name', { platform: 'ios', device_name: '', device_model: 'iPhone16,1' }],
  ['an empty model', { platform: 'ios', device_name: 'iPhone', device_model: '' }],
  ['null for the model', { platform: 'ios', device_name: 'iPhone', device_model: null }],
  ['the web example, which names no model', { platform: 'web', device_name: 'Chrome Browser' }],
])('%s: a person may hold several devices', async (_, body) => {
  const w = await openWorkspace()
  const [person, one, two] = [newPerson(), newToken(), newToken()]
  await w.register(person, { ...body, token: one })
  await w.register(person, { ...body, token: two })
  expect(await flags(w, person)).toEqual({ [one]: [true, true], [two]: [true, true] })
})

test.each([
  ['another name', { device_name: 'iPad' }],
  ['the name in other case', { device_name: "JANE'S IPHONE" }],
  ['another model', { device_model: 'iPad14,1' }],
  ['another platform', { platform: 'android' }],
])('%s is another device', async (_, difference) => {
  const w = await openWorkspace()
  const [person, one, two] = [newPerson(), newToken(), newToken()]
  await w.register(person, { ...PHONE, token: one })
  await w.register(person, { ...PHONE, ...difference, token: two })
  expect(await flags(w, person)).toEqual({ [one]: [true, true], [two]: [true, true] })
})

test("another person's phone of the same name and model is never touched", async () => {
  const w = await openWorkspace()
  const [jane, john, token] = [newPerson(), newPerson(), newToken()]
  await w.register(jane, { ...PHONE, token })
  await w.register(john, { ...PHONE, token: newToken() })
  expect(await flags(w, jane)).toEqual({ [token]: [true, true] })
})

test("another workspace's phone of the same person is never touched", async () => {
  const one = await openWorkspace()
  const two = await openWorkspace({ harness: one.h })
  const [person, token] = [newPerson(), newToken()]
  await one.register(person, { ...PHONE, token })
  await two.register(person, { ...PHONE, token: newToken() })
  expect(await flags(one, person)).toEqual({ [token]: [true, true] })
})

test('a name or model that is edited later puts nobody out of use', async () => {
  const w = await openWorkspace()
  const [person, one, two] = [newPerson(), newToken(), newToken()]
  await w.register(person, { ...PHONE, token: one })
  await w.register(person, { platform: 'ios', token: two })
  await w.register(person, { ...PHONE, token: two })
  expect(await flags(w, person)).toEqual({ [one]: [true, true], [two]: [true, true] })
})

test("a known token that moves to a person puts none of that person's devices out of use", async () => {
  const w = await openWorkspace()
  const [jane, john, one, two] = [newPerson(), newPerson(), newToken(), newToken()]
  await w.register(jane, { ...PHONE, token: one })
  await w.register(john, { ...PHONE, token: two })
  await w.register(jane, { ...PHONE, token: two })
  expect(await flags(w, jane)).toEqual({ [one]: [true, true], [two]: [true, true] })
})

test('the history of a device that went out of use says what replaced it', async () => {
  const w = await openWorkspace()
  const person = newPerson()
  const former = await w.register(person, { ...PHONE, token: newToken() })
  const { id } = await w.register(person, { ...PHONE, token: newToken() })
  const events = await (await w.h.admin('GET', `/apps/${w.appId}/devices/${former.id}/events`)).json()
  expect(events).toMatchObject({
    events: [{ kind: 'deactivated', detail: { by: id } }, { kind: 'registered' }],
  })
})

test('of new tokens that arrive at once for one phone, exactly one stays in use', async () => {
  const w = await openWorkspace()
  const person = newPerson()
  const tokens = Array.from({ length: 8 }, newToken)
  await Promise.all(tokens.map((token) => w.register(person, { ...PHONE, token })))
  const { devices } = await w.list(person)
  expect(devices).toHaveLength(8)
  expect(devices.filter((one) => one.is_active)).toHaveLength(1)
})

test('a device that is out of use already is left as it is', async () => {
  const w = await openWorkspace()
  const [person, oldest] = [newPerson(), newToken()]
  await w.register(person, { ...PHONE, token: oldest })
  w.h.clock.advance(1000)
  await w.register(person, { ...PHONE, token: newToken() })
  const before = (await w.list(person)).devices.find((one) => one.device_token === oldest)
  w.h.clock.advance(1000)
  await w.register(person, { ...PHONE, token: newToken() })
  expect((await w.list(person)).devices).toContainEqual(before)
  expect((await w.list(person, '?is_active=false')).total).toBe(2)
})
