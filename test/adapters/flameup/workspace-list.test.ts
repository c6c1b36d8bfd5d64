import { expect, test } from 'vitest'
import * as z from 'zod'
import { DeviceObject, expectError, newPerson, newToken, openWorkspace, type Workspace } from './kit.ts'

const Devices = z.strictObject({ devices: z.array(DeviceObject) })

async function tokensOf({ call, workspaceId }: Workspace, query = ''): Promise<string[]> {
  const answer = await call('GET', `/api/v1/workspaces/${workspaceId}/devices${query}`)
  expect(answer.status, answer.text).toBe(200)
  return Devices.parse(answer.json).devices.map((one) => one.device_token)
}

test("the workspace's list holds the devices of all its people, the newest first", async () => {
  const w = await openWorkspace()
  const [jane, john, one, two, three] = [newPerson(), newPerson(), newToken(), newToken(), newToken()]
  for (const [person, token, platform] of [
    [jane, one, 'ios'],
    [john, two, 'android'],
    [jane, three, 'web'],
  ] as const) {
    await w.register(person, { token, platform })
    w.h.clock.advance(1000)
  }
  expect(await tokensOf(w)).toEqual([three, two, one])
  expect(await tokensOf(w, `?person_id=${jane}`)).toEqual([three, one])
  expect(await tokensOf(w, '?platform=android')).toEqual([two])
  expect(await tokensOf(w, '?is_active=false')).toEqual([])
  expect(await tokensOf(w, `?person_id=${jane}&platform=ios&is_active=true`)).toEqual([one])
  expect(await tokensOf(w, '?limit=1&offset=1')).toEqual([two])
  expect(await tokensOf(w, '?person_id=&platform=')).toEqual([three, two, one])
})

test("the workspace's list holds no other workspace's devices", async () => {
  const one = await openWorkspace()
  const two = await openWorkspace({ harness: one.h })
  await one.register(newPerson(), { token: newToken(), platform: 'ios' })
  expect(await tokensOf(two)).toEqual([])
})

test("another workspace's id is forbidden, whether it exists or not", async () => {
  const one = await openWorkspace()
  const two = await openWorkspace({ harness: one.h })
  for (const id of [two.workspaceId, 'ws_nobody', one.workspaceId.toUpperCase()]) {
    expectError(await one.call('GET', `/api/v1/workspaces/${id}/devices`), 403, 'forbidden')
  }
})

test('a wrong filter is named', async () => {
  const { call, workspaceId } = await openWorkspace()
  const answer = await call('GET', `/api/v1/workspaces/${workspaceId}/devices?platform=x&is_active=x`)
  expectError(answer, 422, 'validation_error', ['platform', 'is_active'])
})

test("the three calls answer behind the workspace, as the page's wrapper builds them", async () => {
  const { call, workspaceId, list } = await openWorkspace()
  const [person, token] = [newPerson(), newToken()]
  const devices = `/api/v1/workspaces/${workspaceId}/people/${person}/devices`
  const registered = await call('POST', devices, { body: { token, platform: 'ios' } })
  expect(registered.status).toBe(201)
  expect((await call('GET', devices)).json).toEqual(await list(person))
  expect((await call('DELETE', `${devices}/${encodeURIComponent(token)}`)).status).toBe(204)
  expect((await list(person)).total).toBe(0)
})

test.each(['POST', 'GET', 'DELETE'])("%s behind another workspace's id is forbidden", async (method) => {
  const one = await openWorkspace()
  const two = await openWorkspace({ harness: one.h })
  const [person, token] = [newPerson(), newToken()]
  await two.register(person, { token, platform: 'ios' })
  const path = `/api/v1/workspaces/${two.workspaceId}/people/${person}/devices`
  const of = method === 'DELETE' ? `${path}/${encodeURIComponent(token)}` : path
  const body = method === 'POST' ? { body: { token, platform: 'android' } } : {}
  expectError(await one.call(method, of, body), 403, 'forbidden')
  expect((await two.list(person)).devices).toMatchObject([{ device_token: token, platform: 'ios' }])
})
