import { expect, test } from 'vitest'
import { createHarness } from './harness/harness.ts'

test('a Beams device registers, sets interests and reads them back', async () => {
  const h = await createHarness()
  const app = await h.createApp({ 'pusher-beams': {} })
  const instanceId = app.dialects['pusher-beams']?.instanceId
  const base = `/device_api/v1/instances/${instanceId}/devices/fcm`
  const registered = await h.request('POST', base, { body: { token: 't1', metadata: { sdkVersion: '1' } } })
  const text = await registered.text()
  expect(registered.status, text).toBe(200)
  const { id }: { id: string } = JSON.parse(text)
  expect(
    (await h.request('PUT', `${base}/${id}/interests`, { body: { interests: ['b', 'a'] } })).status,
  ).toBe(200)
  const interests = await (await h.request('GET', `${base}/${id}/interests`)).json()
  expect(interests).toEqual({ interests: ['a', 'b'], responseMetadata: {} })
  const again = await h.request('POST', base, { body: { token: 't1', metadata: { sdkVersion: '1' } } })
  expect(await again.json()).toEqual({ id, initialInterestSet: ['a', 'b'] })
  const list = await (await h.admin('GET', `/apps/${app.id}/devices`)).json()
  expect(list).toMatchObject({ devices: [{ dialect: 'pusher-beams', topics: ['a', 'b'], active: true }] })
})
