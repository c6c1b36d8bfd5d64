import { describe, expect, test } from 'vitest'
import { HOSTILE, mirrorHarness, setMirror } from './kit.ts'
import { countsOf, devicesOf, json, recorded } from './record-kit.ts'

const pair = recorded('pushwoosh', {}, { fallback: 'local' })
const call = async (method: string, request: object) => {
  const application = pair().app.dialects.pushwoosh?.applicationCode
  const body = { request: { application, ...request } }
  return json(await pair().h.request('POST', `/json/1.3/${method}`, { body }))
}
const register = () => call('registerDevice', { hwid: 'h1', device_type: 3, push_token: 'token-1' })

describe('a recorded call that falls back', () => {
  test.each(Object.entries(HOSTILE).filter(([name]) => !name.includes('never')))(
    'is answered and stored here while the vendor is one %s, and copied once it is back',
    async (_, answer) => {
      const { h, vendor, played, app, theirs } = pair()
      vendor.answer = answer
      expect(await register()).toMatchObject({ status_code: 200 })
      expect(await devicesOf(pair(), app)).toMatchObject([{ externalId: 'h1', token: 'token-1' }])
      vendor.answer = played
      await h.settled()
      await h.copy()
      expect(await devicesOf(pair(), theirs)).toMatchObject([{ externalId: 'h1', token: 'token-1' }])
    },
  )

  test('is the vendor’s again as soon as it answers, and one that it refuses is refused', async () => {
    const { vendor, app } = pair()
    vendor.answer = () => Response.json({ status_code: 210, status_message: 'theirs', response: null })
    expect(await register()).toMatchObject({ status_code: 210, status_message: 'theirs' })
    expect(await devicesOf(pair(), app)).toEqual([])
    expect(await countsOf(pair())).toEqual({ requests: 1, sent: 1, 'failed.refused': 1 })
  })
})

test.each(['pusher-beams', 'backendless', 'mobilefirst'])(
  'no call falls back where ids or tokens are the vendor’s: %s',
  async (dialect) => {
    const h = await mirrorHarness({ dialect })
    const app = await h.createApp({ [dialect]: {} })
    const mirror = { mode: 'record', upstream: 'https://vendor.example', fallback: 'local' }
    const answer = await setMirror(h, app, dialect, mirror)
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('mirror.fallback')])
  },
)
