import { expect, test } from 'vitest'
import { countsOf, devicesOf, recorded } from './record-kit.ts'

const pair = recorded('flameup', {}, { mode: 'shadow' })

test('a first registration whose copy is sent while the vendor is asked for its id is no difference', async () => {
  const { h, app, theirs, vendor, played } = pair()
  vendor.answer = async (asked) => {
    vendor.answer = played
    const answer = await played(asked)
    await h.copy()
    return answer
  }
  const [{ key = '' } = {}] = (app.dialects.flameup?.apiKeys ?? []) as { key?: string }[]
  const made = await h.request('POST', '/api/v1/people/alice/devices', {
    headers: { Authorization: `Bearer ${key}` },
    body: { token: 'a token', platform: 'ios' },
  })
  expect(made.status).toBe(201)
  await h.settled()
  await h.copy()
  // Sent twice, which changes nothing at the vendor; its second answer says 200.
  expect(vendor.asked.map(({ method }) => method)).toEqual(['POST', 'POST'])
  expect(await countsOf(pair())).toEqual({ requests: 1, sent: 2, notComparable: 2 })
  for (const one of [app, theirs])
    expect(await devicesOf(pair(), one)).toMatchObject([{ externalId: 'a token', userId: 'alice' }])
})
