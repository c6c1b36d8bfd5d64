import { describe, expect, test } from 'vitest'
import type { Db } from '../../src/store/sql/port.ts'
import { countsOf, devicesOf, json, recorded } from './record-kit.ts'

/**
 * Where several processes write, the copy of a call that changed nothing is written after its answer, by itself; the next
 * call of the device may write its own first.
 */
describe('a shadowed call that changed nothing, whose copy is written late', () => {
  let writing: Promise<void> | undefined

  /** Plans that only write copies wait while they are told to. */
  const late = (real: Db): Db => ({
    ...real,
    async commit(plan, options) {
      if (plan.every(({ statement }) => statement.text.includes('mirror_cop'))) await writing
      return real.commit(plan, options)
    },
  })
  /** Makes the second call while the first one's copy cannot be written. */
  async function overtaken(first: () => Promise<unknown>, second: () => Promise<unknown>): Promise<void> {
    let release = () => {}
    writing = new Promise((resolve) => {
      release = resolve
    })
    await first()
    await second()
    release()
    writing = undefined
  }
  const SHADOW = { mode: 'shadow' }

  describe('in Pushwoosh', () => {
    const pair = recorded('pushwoosh', {}, SHADOW, { db: late })
    const register = (push_token: string) => {
      const application = pair().app.dialects.pushwoosh?.applicationCode
      const body = { request: { application, hwid: 'h1', device_type: 3, push_token } }
      return pair().h.request('POST', '/json/1.3/registerDevice', { body })
    }

    test('does not undo at the vendor what came after it', async () => {
      const { h, app, theirs, vendor } = pair()
      await register('token-1')
      await h.settled()
      await h.copy()
      vendor.asked.length = 0
      await overtaken(
        () => register('token-1'),
        () => register('token-2'),
      )
      await h.settled()
      await h.copy()
      expect(vendor.asked.map(({ body }) => JSON.parse(body).request.push_token)).toEqual([
        'token-1',
        'token-2',
      ])
      for (const one of [app, theirs])
        expect(await devicesOf(pair(), one)).toMatchObject([{ token: 'token-2' }])
    })
  })

  describe('in Beams', () => {
    const pair = recorded('pusher-beams', {}, SHADOW, { db: late })
    const devices = () =>
      `/device_api/v1/instances/${pair().app.dialects['pusher-beams']?.instanceId}/devices/fcm`
    const register = async () => {
      const answer = await pair().h.request('POST', devices(), { body: { token: 'token-1' } })
      expect(answer.status).toBe(200)
      return json(answer)
    }

    test('is compared with what the vendor answered before the interests changed', async () => {
      const { h } = pair()
      const { id } = await register()
      await h.settled()
      await h.copy()
      await overtaken(register, () => h.request('POST', `${devices()}/${id}/interests/news`))
      await h.settled()
      await h.copy()
      expect(await countsOf(pair())).toMatchObject({ compared: 2, equal: 2 })
    })
  })
})
