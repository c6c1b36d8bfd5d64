import { describe, expect, test } from 'vitest'
import { createHarness } from '../harness/harness.ts'
import { countedDb } from '../harness/round-trips.ts'

const MINUTE = 60_000

/** Two isolates over one database: an operator revokes in one, requests arrive at the other. */
describe('a look-up of an app that another isolate keeps', () => {
  async function twoIsolates(env: Readonly<Record<string, string>> = {}) {
    const administration = await createHarness()
    let counted = { trips: 0 }
    const isolate = await createHarness({
      env,
      db(real) {
        const wrapped = countedDb(real)
        counted = wrapped
        return wrapped.db
      },
    })
    const app = await administration.createApp({ 'pusher-beams': {} })
    const { instanceId, secretKey } = app.dialects['pusher-beams'] ?? {}
    const useKey = async () => {
      const path = `/customer_api/v1/instances/${instanceId}/users/ann`
      return (await isolate.request('DELETE', path, { headers: { Authorization: `Bearer ${secretKey}` } }))
        .status
    }
    const revoke = async () => {
      const path = `/apps/${app.id}/credentials`
      const { credentials } = await (await administration.admin('GET', path)).json<{
        credentials: { id: string }[]
      }>()
      for (const { id } of credentials) await administration.admin('DELETE', `${path}/${id}?force=true`)
    }
    return { isolate, useKey, revoke, trips: () => counted.trips, app }
  }

  test.each([[{}], [{ APP_CACHE_SECONDS: '60' }]])(
    'lets a revoked key work for 60 s at most (%j)',
    async (env) => {
      const { isolate, useKey, revoke } = await twoIsolates(env)
      expect(await useKey()).toBe(200)
      await revoke()
      // Still cached here, which saves a round trip.
      expect(await useKey()).toBe(200)
      isolate.clock.advance(MINUTE + 1)
      expect(await useKey()).toBe(401)
    },
  )

  test('costs a round trip once in half a minute', async () => {
    const { isolate, useKey, trips } = await twoIsolates()
    await useKey()
    const from = trips()
    await useKey()
    isolate.clock.advance(29_000)
    await useKey()
    expect(trips() - from).toBe(2)
    isolate.clock.advance(2000)
    await useKey()
    expect(trips() - from).toBe(4)
  })

  test('is forgotten at once where the change is made', async () => {
    const h = await createHarness()
    const app = await h.createApp({ 'pusher-beams': {} })
    const path = `/device_api/v1/instances/${app.dialects['pusher-beams']?.instanceId}/web-vapid-public-key`
    expect((await h.request('GET', path)).status).toBe(200)
    await h.admin('DELETE', `/apps/${app.id}`)
    expect((await h.request('GET', path)).status).toBe(404)
  })

  test('that found nothing is asked for again after two seconds', async () => {
    const { isolate, app } = await twoIsolates()
    const instanceId = crypto.randomUUID()
    const path = `/device_api/v1/instances/${instanceId}/web-vapid-public-key`
    expect((await isolate.request('GET', path)).status).toBe(404)
    const elsewhere = await createHarness()
    await elsewhere.admin('PATCH', `/apps/${app.id}`, { dialects: { 'pusher-beams': { instanceId } } })
    isolate.clock.advance(2001)
    expect((await isolate.request('GET', path)).status).toBe(200)
  })
})
