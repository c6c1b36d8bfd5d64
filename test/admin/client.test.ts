import { describe, expect, test } from 'vitest'
import { adminClient } from '../../src/admin/client.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { ADMIN_TOKEN, createHarness } from '../harness/harness.ts'
import { find, register } from '../removals/kit.ts'

async function open(token = ADMIN_TOKEN) {
  const h = await createHarness({ adapters: [echoDialect] })
  const sent: string[] = []
  const client = adminClient('http://gateway.test', token, async (input, init) => {
    sent.push(`${init?.method} ${new URL(String(input)).pathname}`)
    return h.app.request(input, init)
  })
  return { h, sent, client }
}

describe('the client of the admin API', () => {
  test('makes an app, changes it and finds its devices', async () => {
    const { h, client } = await open()
    const code = crypto.randomUUID()
    const made = await client.apps.$post({ json: { name: 'shop', dialects: { echo: { code } } } })
    expect(made.status).toBe(201)
    const { id } = await made.json()
    const path = { param: { app: id } }

    const changed = await client.apps[':app'].$patch({
      ...path,
      query: {},
      json: { settings: { carryOver: false } },
    })
    expect(await changed.json()).toMatchObject({ id, name: 'shop', settings: { carryOver: false } })

    await register(h, await find(h, code), 'phone')
    const found = await client.apps[':app'].devices.$get({
      ...path,
      query: { externalId: 'phone', limit: '1' },
    })
    const { devices, nextCursor } = await found.json()
    expect(devices.map(({ externalId, provider }) => [externalId, provider])).toEqual([['phone', 'fcm']])
    expect(nextCursor).toBe(undefined)

    const gone = await client.apps[':app'].$delete({ ...path, query: {} })
    expect(gone.status).toBe(204)
  })

  test('has a problem as an answer', async () => {
    const { client } = await open(`${ADMIN_TOKEN}x`)
    const refused = await client.apps.$get({ query: {} })
    expect([refused.ok, refused.status]).toEqual([false, 401])
    expect(await refused.json()).toMatchObject({ type: 'urn:pushport:problem:unauthorized' })
  })

  test.each(['alice@example.com', 'a/b', 'a?limit=x', 'a#b', '100%', 'é ü', ':app', '...'])(
    'finds and erases the user %s, whatever stands in the name',
    async (user) => {
      const { h, client } = await open()
      const code = crypto.randomUUID()
      const made = await client.apps.$post({ json: { name: 'shop', dialects: { echo: { code } } } })
      const { id } = await made.json()
      await register(h, await find(h, code), 'phone', user)
      const path = { param: { app: id, user } }
      const held = await client.apps[':app'].users[':user'].$get({ ...path, query: {} })
      expect(await held.json()).toMatchObject({ userId: user, held: { devices: 1 } })
      const erased = await client.apps[':app'].users[':user'].$delete({ ...path, query: {} })
      expect(erased.status).toBe(204)
    },
  )

  test.each(['', '.', '..'])('sends no call whose path %j would lead elsewhere', async (user) => {
    const { sent, client } = await open()
    const erase = async () =>
      client.apps[':app'].users[':user'].$delete({ param: { app: 'shop', user }, query: {} })
    await expect(erase).rejects.toThrow('cannot be part of a path')
    expect(sent).toEqual([])
  })
})
