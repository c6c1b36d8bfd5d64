import { describe, expect, test } from 'vitest'
import { call, statement } from '../../../src/store/sql/statement.ts'
import { sql, value } from '../../../src/store/sql/template.ts'
import { createHarness, type Harness } from '../../harness/harness.ts'
import { countedDb } from '../../harness/round-trips.ts'
import { createTenant, type Tenant, unique, V1 } from './kit.ts'
import { androidSigner, createPhone } from './phone.ts'

const SECOND = 1000
const forgetClient = statement(sql`DELETE FROM clients WHERE id = ${value('id')}`)

/** An operator changes something in one isolate; tokens arrive at another one over the same database. */
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
  const t = await createTenant({ h: isolate })
  const phone = await createPhone(isolate, t.app, androidSigner())
  const mobile = await phone.token('push.mobileclient')
  const backEnd = await t.token('devices.read devices.write')
  const register = async (token: string, deviceId: string) => {
    const body = { deviceId, token: unique('token'), platform: 'G' }
    return (await t.send('POST', '/devices', { token, body })).status
  }
  const list = async (token: string) => (await t.send('GET', '/devices?size=1', { token })).status
  return { administration, isolate, t, phone, mobile, backEnd, register, list, trips: () => counted.trips }
}

async function credentialIds(h: Harness, t: Tenant): Promise<string[]> {
  const { credentials } = await (await h.admin('GET', `/apps/${t.id}/credentials`)).json<{
    credentials: { id: string }[]
  }>()
  return credentials.map(({ id }) => id)
}

const GONE = [
  [
    'its credential is deleted',
    'client',
    async (h: Harness, t: Tenant) => {
      for (const id of await credentialIds(h, t)) {
        await h.admin('DELETE', `/apps/${t.id}/credentials/${id}?force=true`)
      }
    },
  ],
  ['its app is deleted', 'both', (h: Harness, t: Tenant) => h.admin('DELETE', `/apps/${t.id}`)],
  [
    'its app stops speaking the dialect',
    'both',
    (h: Harness, t: Tenant) => h.admin('PATCH', `/apps/${t.id}`, { dialects: { mobilefirst: null } }),
  ],
  [
    'the client that registered itself is forgotten',
    'mobile',
    (h: Harness, _: Tenant, clientId: string) => h.db.commit([call(forgetClient, { id: clientId })]),
  ],
] as const

describe.each(GONE)('an access token (review B5, hostile F12) when %s', (_, whose, take) => {
  test.each([
    ['no seconds', { APP_CACHE_SECONDS: '0' }, 0],
    ['30 seconds, the default', {}, 30 * SECOND],
    ['60 seconds', { APP_CACHE_SECONDS: '60' }, 60 * SECOND],
  ])('opens nothing after %s', async (__, env, most) => {
    const { administration, isolate, t, phone, mobile, backEnd, register, list } = await twoIsolates(env)
    expect(await register(mobile, phone.deviceId)).toBe(201)
    expect(await list(backEnd)).toBe(200)
    await take(administration, t, phone.clientId)
    isolate.clock.advance(most + 1)
    const statuses = {
      client: [await register(backEnd, unique('device')), await list(backEnd)],
      mobile: [await register(mobile, phone.deviceId)],
    }
    if (whose !== 'mobile') expect(statuses.client).toEqual([401, 401])
    if (whose !== 'client') expect(statuses.mobile).toEqual([401])
    if (whose === 'mobile') expect(statuses.client).toEqual([201, 200])
    if (whose === 'client') expect(statuses.mobile).toEqual([200])
  })
})

test('a client’s tokens end with the secret that they were issued for, not with its name (review B5)', async () => {
  const { administration, isolate, t, backEnd, list } = await twoIsolates()
  const [first] = await credentialIds(administration, t)
  const secret = { dialect: 'mobilefirst', kind: 'client', name: t.clientId, secret: 'another one' }
  const scopes = ['devices.read', `push.application.${t.app}`]
  const added = await administration.admin('POST', `/apps/${t.id}/credentials`, { ...secret, scopes })
  expect(added.status).toBe(201)
  await administration.admin('DELETE', `/apps/${t.id}/credentials/${first}`)
  isolate.clock.advance(31 * SECOND)
  expect(await list(backEnd)).toBe(401)
})

test('a refused token says that it is not valid, and where it is deleted it ends at once', async () => {
  const t = await createTenant()
  const token = await t.token('devices.read')
  expect((await t.send('GET', '/devices', { token })).status).toBe(200)
  for (const id of await credentialIds(t.h, t)) {
    await t.h.admin('DELETE', `/apps/${t.id}/credentials/${id}?force=true`)
  }
  const refused = await t.h.request('GET', `${V1}/apps/${t.app}/devices`, {
    headers: { Authorization: `Bearer ${token}` },
  })
  expect(refused.status).toBe(401)
  expect(refused.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
})

describe('what a token costs', () => {
  test('a phone’s first calls ask for its client no more than its issue did', async () => {
    const { phone, mobile, register, t, trips } = await twoIsolates()
    await register(mobile, phone.deviceId)
    const from = trips()
    await t.send('GET', `/devices/${phone.deviceId}`, { token: mobile })
    expect(trips() - from).toBe(1)
  })

  test('one more round trip in half a minute, for app and client together at most two', async () => {
    const { isolate, phone, mobile, register, t, trips } = await twoIsolates()
    await register(mobile, phone.deviceId)
    const read = async () => {
      const from = trips()
      expect((await t.send('GET', `/devices/${phone.deviceId}`, { token: mobile })).status).toBe(200)
      return trips() - from
    }
    isolate.clock.advance(31 * SECOND)
    // The key, the app and the client, then the device.
    expect(await read()).toBe(4)
    expect(await read()).toBe(1)
    isolate.clock.advance(29 * SECOND)
    expect(await read()).toBe(1)
  })
})
