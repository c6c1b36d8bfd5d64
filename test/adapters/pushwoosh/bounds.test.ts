import { beforeEach, describe, expect, test } from 'vitest'
import { type CountedDb, countedDb } from '../../harness/round-trips.ts'
import { type Bulk, device, openBulk, PATH } from './bulk-kit.ts'
import { openTenant, type Tenant, unique } from './kit.ts'

let counted: CountedDb
let t: Tenant
let b: Bulk
beforeEach(async () => {
  const db = (real: Parameters<typeof countedDb>[0]) => {
    counted = countedDb(real)
    return counted.db
  }
  b = await openBulk({}, { db })
  t = b.t
  await b.finish()
})

async function trips(what: () => Promise<unknown>): Promise<number> {
  const before = counted.trips
  await what()
  return counted.trips - before
}

describe('A2, hostile F2: what can be no application code is looked up nowhere', () => {
  test.each([
    ['1 MB', 'x'.repeat(900_000)],
    ['66 characters', 'A'.repeat(66)],
    ['other characters', 'ABCDE_12345'],
    ['a path', '../../x'],
    ['NUL', 'A\0B'],
    ['a number', 12345],
    ['a list', ['A']],
  ])('%s', async (_, application) => {
    const asked = await trips(async () => {
      expect(await t.refused('registerDevice', { application, hwid: 'h', device_type: 3 })).toBe(
        'Application not found',
      )
      const answer = await b.send({ application, auth: t.token, devices: [] })
      expect([answer.status, await answer.json()]).toEqual([400, { message: 'application not found' }])
    })
    expect(asked).toBe(0)
  })

  test.each([
    ['hwid', { hwid: 'h'.repeat(513) }],
    ['push_token', { push_token: 't'.repeat(4097) }],
    ['userId', { userId: 'u'.repeat(1025) }],
    ['a number for userId', { userId: 1e300 }],
    ['email', { hwid: undefined, email: `${'e'.repeat(600)}@example.com` }],
    ['an address', { hwid: undefined, email: `${'e'.repeat(400)}@example.com` }],
  ])('and a %s that is too long is refused before any look-up', async (_, wrong) => {
    await t.ok('getConfig', {})
    const request = { hwid: 'h', device_type: 3, push_token: 't', ...wrong }
    expect(await trips(() => t.refused('registerDevice', request))).toBe(0)
  })

  test('and so is a long id of a job', async () => {
    expect(
      await trips(async () => {
        for (const id of ['x'.repeat(5000), 'x', '%00', `${crypto.randomUUID()}0`]) {
          expect((await t.h.request('GET', `${PATH}/${id}`)).status).toBe(404)
        }
      }),
    ).toBe(0)
  })
})

describe('hostile F21: a bulk body is parsed only for whoever has the key', () => {
  const send = async (body: string) => {
    const answer = await b.send(body)
    return [answer.status, (await answer.json<{ message?: string }>()).message]
  }
  /** Rows that no parser accepts: such an answer shows that they were parsed. */
  const BROKEN = '[{"hwid": tru }]'
  const members = (auth: string, devices = BROKEN) =>
    `"application":"${t.code}","auth":${JSON.stringify(auth)},"devices":${devices}`

  test('a wrong key is told before broken rows are, wherever it stands', async () => {
    expect(await send(`{${members('wrong')}}`)).toEqual([401, 'unauthorized'])
    expect(await send(`{"devices":${BROKEN},${members('wrong', '[]')}}`)).toEqual([401, 'unauthorized'])
    expect(await send(`{"devices":${BROKEN},"application":"ZZZZZ-00000"}`)).toEqual([
      400,
      'application not found',
    ])
    expect(await send(`{${members(t.token)}}`)).toEqual([400, 'invalid request'])
    expect(await send(`{${members('x'.repeat(100_000))}}`)).toEqual([401, 'unauthorized'])
  })

  test.each([
    ['nothing', ''],
    ['no object', '["application"]'],
    ['a body that breaks off', '{"application":"A","auth":"b","devices":[{'],
    ['a string that breaks off', '{"application":"A","devices":[],"auth":"b'],
    ['a name without a value', '{"application"}'],
    ['something behind it', '{"devices":[]} x'],
    ['rows nested too deep', `{"devices":${'['.repeat(100)}${']'.repeat(100)}}`],
    ['rows that are no array', '{"devices":{"a":[]}}'],
  ])('malformed without a key: %s', async (_, body) => {
    expect(await send(body)).toEqual([400, 'invalid request'])
  })

  test('members are read as JSON has them: escapes, spaces, of two the last, and none of the rows', async () => {
    const key = JSON.stringify(t.token)
    const rows = JSON.stringify([device({ auth: 'x', application: '}]"' })])
    const bodies = [
      ` {\n"\\u0061uth" : ${key} ,"application":"${t.code}","devices":${rows} } `,
      `{"auth":"wrong","devices":1,"application":"${t.code}","devices":${rows},"auth":${key}}`,
      `{"x":"\\"}","y":[{"auth":"wrong"}],"n":-1.5e3,"application":"${t.code}","devices":${rows},"auth":${key}}`,
    ]
    for (const body of bodies) expect((await send(body))[0]).toBe(200)
    const last = `{"auth":${key},"application":"${t.code}","devices":${rows},"auth":"wrong"}`
    expect(await send(last)).toEqual([401, 'unauthorized'])
  })
})

test.each(['true', 'True', 'TRUE', '1'])('?detailed=%s shows the rows', async (value) => {
  const id = await b.accepted([device()])
  await b.finish()
  expect((await b.status(id, `?detailed=${value}`)).devices).toHaveLength(1)
  expect((await b.status(id, '?detailed=0')).devices).toBeUndefined()
})

describe('multiRegisterDevice takes 1,000 devices', () => {
  const devices = (n: number) =>
    Array.from({ length: n }, (_, at) => ({ hwid: `m ${at}`, platform: 3, push_token: `t ${at} ${t.code}` }))

  test('and no more', async () => {
    expect(await t.refused('multiRegisterDevice', { push_devices: devices(1001) })).toContain(
      'more than 1000',
    )
    expect(await t.devices()).toEqual([])
  })

  test('whose tags stay within bounds on all of them together', async () => {
    const tags = { text: 'x'.repeat(16_000) }
    expect(await t.refused('multiRegisterDevice', { push_devices: devices(1000), tags })).toContain('bytes')
  })

  test('of which many are done like the rows of a server: all of them, whatever happens', async () => {
    await t.ok('multiRegisterDevice', { user_id: 'ann', push_devices: devices(120), tags: { a: 1 } })
    await b.finish()
    const stats = await (await t.h.admin('GET', `/apps/${t.id}/stats`)).json()
    expect(stats).toMatchObject({ devices: { total: 120, active: 120 } })
    expect(await t.tags({ hwid: 'm 119' })).toMatchObject({ a: 1 })
    expect(await t.tags({ userId: 'ann' })).toMatchObject({ a: 1 })
  })

  test('and a full one keeps none of the others from its registration', async () => {
    const wide = (at: number) => Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`${at} ${n}`, 1]))
    for (let at = 0; at < 5; at++) await t.send('setTags', { hwid: 'm 0', tags: wide(at) })
    await t.send('setTags', { hwid: 'm 0', tags: Object.fromEntries(Object.entries(wide(4)).slice(0, 999)) })
    await t.refused('multiRegisterDevice', { push_devices: devices(3), tags: wide(5) })
    expect(await t.device('m 2')).toMatchObject({ active: true })
  })
})

describe('seed audit P1: a bulk e-mail row keeps its hwid', () => {
  test('and every later call by it finds the address', async () => {
    const hwid = unique('crm')
    expect(await b.done([{ hwid, push_token: 'Ann@example.com', platform: 14, tags: { a: 1 } }])).toEqual([
      'done',
    ])
    expect(await t.device(hwid)).toMatchObject({
      platform: 'email',
      provider: 'email',
      token: 'Ann@example.com',
    })
    await t.ok('setTags', { hwid, tags: { b: 2 } })
    expect(await t.tags({ hwid })).toMatchObject({ a: 1, b: 2 })
    expect(await t.devices()).toHaveLength(1)
    await t.ok('unregisterDevice', { hwid })
    expect(await t.ok('checkDevice', { hwid })).toEqual({ exist: true, push_token_exist: false })
  })

  test.each([
    ['hwid is the address', { hwid: 'Ann@Example.com' }, 'ann@example.com', 'Ann@Example.com'],
    [
      'both are',
      { hwid: 'ann@example.com', push_token: 'Ann@example.com' },
      'ann@example.com',
      'Ann@example.com',
    ],
    [
      'they differ',
      { hwid: 'ann@example.com', push_token: 'bob@example.com' },
      'ann@example.com',
      'bob@example.com',
    ],
    ['the token is none', { hwid: 'ann@example.com', push_token: 'x' }, 'ann@example.com', 'ann@example.com'],
    ['the hwid is none', { hwid: 'crm-17', push_token: 'ann@example.com' }, 'crm-17', 'ann@example.com'],
  ])('%s', async (_, row, externalId, token) => {
    expect(await b.done([{ platform: 14, ...row }])).toEqual(['done'])
    expect(await t.devices()).toMatchObject([{ externalId, token, active: true }])
    const other = await openTenant()
    await other.ok('registerDevice', { device_type: 14, ...row })
    expect(await other.devices()).toMatchObject([{ externalId, token, active: true }])
  })

  test('without an address it fails', async () => {
    expect(
      await b.done([
        { hwid: 'crm-17', push_token: 'x', platform: 14 },
        { hwid: 'crm-18', platform: 14 },
      ]),
    ).toEqual(['failed', 'failed'])
  })
})
