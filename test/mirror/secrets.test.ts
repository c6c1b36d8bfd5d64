import { describe, expect, test } from 'vitest'
import { json, recorded, summaryOf } from './record-kit.ts'

const SECRETS = {
  token: 'APA91bVerySecretPushToken0123456789',
  user: 'anna@example.com',
  key: 'Token very-secret-api-key-0123456789',
  tag: 'a tag that says who it is',
}
const TABLES = ['mirror_copies', 'mirror_diffs', 'mirror_signatures', 'mirror_counts', 'mirror_subjects']

describe.each(['forward', 'record', 'shadow'])('9.6 a mirror in the mode %s', (mode) => {
  const pair = recorded('pushwoosh', {}, { mode })
  const call = (method: string, request: object) => {
    const application = pair().app.dialects.pushwoosh?.applicationCode
    return pair().h.request('POST', `/json/1.3/${method}`, {
      body: { request: { application, hwid: 'h1', ...request } },
      headers: { Authorization: SECRETS.key },
    })
  }

  test('shows and keeps no token, key, address or text of a tag: in differences, summary, errors, log and tables', async () => {
    const { h, app, vendor } = pair()
    vendor.answer = ({ body }) =>
      Response.json({ status_code: 200, status_message: 'OK', response: { said: body } })
    await call('registerDevice', { device_type: 3, push_token: SECRETS.token, tags: { Name: SECRETS.tag } })
    await call('registerUser', { userId: SECRETS.user })
    vendor.answer = () => new Response(`<html>${SECRETS.token} ${SECRETS.user}`, { status: 500 })
    const refused = await (await call('setTags', { tags: { Name: SECRETS.tag } })).text()
    await h.settled()
    const rows = await h.db.read(
      TABLES.map((name) => ({ statement: { text: `SELECT * FROM ${name}`, binds: [] }, values: {} })),
    )
    await h.copy()
    await expect.poll(async () => (await summaryOf(pair(), 'pushwoosh')).requests).toBe(3)
    const diffs = await json(await h.admin('GET', `/apps/${app.id}/mirror/pushwoosh/diffs`))
    const all = JSON.stringify([refused, rows, diffs, await summaryOf(pair(), 'pushwoosh'), h.log, h.logged])
    for (const secret of Object.values(SECRETS)) expect(all).not.toContain(secret)
  })
})
