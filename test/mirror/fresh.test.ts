import { describe, expect, test } from 'vitest'
import { countsOf, devicesOf, flameupHeaders, json, recorded } from './record-kit.ts'

describe('the first call of a device that was unknown here', () => {
  describe('at Beams', () => {
    const pair = recorded('pusher-beams', {})
    test('is not comparable where it differs: a registration with interests; the second one is', async () => {
      const { h, app, vendor } = pair()
      const id = `fcm-${crypto.randomUUID()}`
      const answers = [['a'], ['a'], ['a', 'b']]
      vendor.answer = () => Response.json({ id, initialInterestSet: answers.shift() })
      const path = `/device_api/v1/instances/${app.dialects['pusher-beams']?.instanceId}/devices/fcm`
      const register = () => h.request('POST', path, { body: { token: 'token-1' } })
      await register()
      expect(await countsOf(pair())).toEqual({ requests: 1, sent: 1, notComparable: 1 })
      await register()
      expect(await countsOf(pair())).toMatchObject({ notComparable: 1, compared: 1, equal: 1 })
      await register()
      expect(await countsOf(pair())).toMatchObject({ notComparable: 1, compared: 2 })
    })
  })

  describe('at Backendless', () => {
    const pair = recorded('backendless', {})
    test('does not diverge: a read', async () => {
      const { h, app, vendor } = pair()
      vendor.answer = () => Response.json([{ id: 'x', channels: ['a'], deviceId: 'd1' }])
      const { applicationId, apiKeys } = app.dialects.backendless ?? {}
      const path = `/${applicationId}/${(apiKeys as { rest: string }).rest}/messaging/registrations/d1`
      expect((await h.request('GET', path)).status).toBe(200)
      expect(await countsOf(pair())).toEqual({ requests: 1, sent: 1, notComparable: 1 })
    })
  })

  describe('at Pushwoosh', () => {
    const pair = recorded('pushwoosh', {})
    test('is not comparable where it differs: its tags; the same of a known device differs', async () => {
      const { h, app, vendor } = pair()
      const body = { request: { application: app.dialects.pushwoosh?.applicationCode, hwid: 'h1' } }
      const ok = (response: unknown) => Response.json({ status_code: 200, status_message: 'OK', response })
      vendor.answer = ({ target }) => ok(target.endsWith('getTags') ? { result: { Level: 7 } } : null)
      await h.request('POST', '/json/1.3/getTags', { body })
      expect(await countsOf(pair())).toEqual({ requests: 1, sent: 1, notComparable: 1 })
      await h.request('POST', '/json/1.3/applicationOpen', { body })
      await h.request('POST', '/json/1.3/getTags', { body })
      expect(await countsOf(pair())).toMatchObject({ notComparable: 1, compared: 2, equal: 1, differing: 1 })
    })
  })

  describe('at Flameup', () => {
    const pair = recorded('flameup', {})
    test('is not comparable where it differs: the list of a person', async () => {
      const { h, app, vendor } = pair()
      vendor.answer = () => Response.json({ devices: [{ device_token: 'token-1', person_id: 'anna' }] })
      const headers = flameupHeaders(app)
      const answer = await h.request('GET', '/api/v1/people/anna/devices', { headers })
      expect(await json(answer)).toMatchObject({ devices: [{ device_token: 'token-1' }] })
      expect(await countsOf(pair())).toEqual({ requests: 1, sent: 1, notComparable: 1 })
    })
  })

  describe('at Flameup, in shadow', () => {
    const pair = recorded('flameup', {}, { mode: 'shadow' })
    test('is not comparable where its copy is sent while the vendor is asked for its id', async () => {
      const { h, app, theirs, vendor, played } = pair()
      vendor.answer = async (asked) => {
        vendor.answer = played
        const answer = await played(asked)
        await h.copy()
        return answer
      }
      const call = { headers: flameupHeaders(app), body: { token: 'token-1', platform: 'ios' } }
      expect((await h.request('POST', '/api/v1/people/alice/devices', call)).status).toBe(201)
      await h.settled()
      await h.copy()
      // Sent twice, which changes nothing at the vendor; its second answer says 200.
      expect(vendor.asked.map(({ method }) => method)).toEqual(['POST', 'POST'])
      expect(await countsOf(pair())).toEqual({ requests: 1, sent: 2, notComparable: 2 })
      for (const one of [app, theirs])
        expect(await devicesOf(pair(), one)).toMatchObject([{ externalId: 'token-1', userId: 'alice' }])
    })
  })

  describe('at MobileFirst', () => {
    const pair = recorded('mobilefirst', {})
    test('is not comparable where it differs: its registration under another user; the second one is', async () => {
      const { h, app, vendor } = pair()
      const device = { deviceId: 'd1', platform: 'G', token: 'token-1' }
      vendor.answer = () => Response.json({ ...device, userId: 'anna' }, { status: 201 })
      const path = `/imfpush/v1/apps/${app.dialects.mobilefirst?.applicationId}/devices`
      const headers = { Authorization: 'Bearer of-the-vendor', Accept: 'application/json' }
      expect((await h.request('POST', path, { body: device, headers })).status).toBe(201)
      expect(await countsOf(pair())).toEqual({ requests: 1, sent: 1, notComparable: 1 })
      await h.request('POST', path, { body: device, headers })
      expect(await countsOf(pair())).toMatchObject({ notComparable: 1, compared: 1, differing: 1 })
    })
  })
})
