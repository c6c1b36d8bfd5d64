import { beforeEach, describe, expect, test } from 'vitest'
import { type Bulk, device, openBulk, PATH } from './bulk-kit.ts'
import { openTenant, unique } from './kit.ts'

let b: Bulk
beforeEach(async () => {
  b = await openBulk()
  // Ignores what other tests of this file left over the same database.
  await b.finish()
})

test('the seed: addresses are registered, a bad one fails alone, and the results keep the order', async () => {
  const rows = ['user1', 'user2', 'user3', 'invalid'].map((name) => {
    const hwid = name === 'invalid' ? 'invalid_email@example' : `${unique(name)}@example.com`
    return {
      hwid,
      push_token: hwid,
      platform: 14,
      list_operator: 'append',
      tags: { language: 'en', CSV_Import: 'summer_camp' },
    }
  })
  const id = await b.accepted(rows)
  expect(await b.status(id)).toEqual({ request_id: id, status: 'Pending', progress: 25, devices_success: 0 })
  await b.finish()
  expect(await b.status(id)).toEqual({
    request_id: id,
    status: 'Completed',
    progress: 100,
    devices_success: 3,
  })
  expect((await b.status(id, '?detailed=true')).devices).toEqual([
    { hwid: rows[0]?.hwid, status: 'done' },
    { hwid: rows[1]?.hwid, status: 'done' },
    { hwid: rows[2]?.hwid, status: 'done' },
    { hwid: rows[3]?.hwid, status: 'failed' },
  ])
  expect(await b.t.devices()).toHaveLength(3)
  const hwid = rows[0]?.hwid ?? ''
  expect(await b.t.device(hwid)).toMatchObject({
    platform: 'email',
    token: hwid,
    language: 'en',
    active: true,
  })
  expect(await b.t.tags({ hwid })).toEqual({
    CSV_Import: ['summer_camp'],
    Language: 'en',
    'First Install': '1795564800',
  })
})

describe('rows', () => {
  test.each([
    ['a phone', {}, 'done'],
    ['an unknown platform', { platform: 4 }, 'failed'],
    ['no platform', { platform: undefined }, 'failed'],
    ['a platform as digits', { platform: '3' }, 'done'],
    ['no hwid', { hwid: undefined }, 'failed'],
    ['an empty hwid', { hwid: '' }, 'failed'],
    ['no push token', { push_token: undefined }, 'failed'],
    ['an empty push token', { push_token: '' }, 'failed'],
    ['a push token that is no text', { push_token: 5 }, 'failed'],
    [
      'an address without a push token',
      { hwid: 'a@example.com', push_token: undefined, platform: 14 },
      'done',
    ],
    ['a bad address', { hwid: 'a@example', platform: 14, push_token: 'a@example' }, 'failed'],
    ['a number', { hwid: '+14155552671', push_token: undefined, platform: 18 }, 'done'],
    ['a bad number', { hwid: '+0000000000', platform: 18 }, 'failed'],
    ['a WhatsApp number', { hwid: 'whatsapp:+14155552671', platform: 21 }, 'done'],
    ['a bad WhatsApp number', { hwid: 'whatsapp:+1', platform: 21 }, 'failed'],
    ['tags that are no object', { tags: ['a'] }, 'failed'],
    ['an unknown operator', { list_operator: 'multiply' }, 'failed'],
  ])('%s', async (_, more, outcome) => {
    expect(await b.done([device(more), device()])).toEqual([outcome, 'done'])
    expect(await b.t.devices()).toHaveLength(outcome === 'done' ? 2 : 1)
  })

  test('what is no object fails alone', async () => {
    expect(await b.done([null, 'text', 7, [], device()])).toEqual([
      'failed',
      'failed',
      'failed',
      'failed',
      'done',
    ])
  })

  test('none at all are done at once', async () => {
    expect(await b.done([])).toEqual([])
  })

  test('a row too large for the store fails alone', async () => {
    const huge = device({ tags: { big: 'x'.repeat(300_000) } })
    expect(await b.done([huge, device()])).toEqual(['failed', 'done'])
  })

  test('are ordinary devices afterwards: registered by hwid, first in, last wins', async () => {
    const row = device({ tags: { a: 1 } })
    await b.t.ok('registerDevice', { hwid: row.hwid, device_type: 3, userId: 'ann', tags: { b: 2 } })
    const last = unique('t')
    expect(
      await b.done([row, { ...row, push_token: unique('t') }, { ...row, push_token: last }]),
    ).toHaveLength(3)
    expect(await b.t.devices()).toMatchObject([{ externalId: row.hwid, token: last, userId: 'ann' }])
    expect(await b.t.tags({ hwid: row.hwid })).toMatchObject({ a: 1, b: 2 })
  })

  test('the same job twice is the same state', async () => {
    const rows = [device({ tags: { l: ['a'] }, list_operator: 'append' }), device()]
    await b.done(rows)
    const before = await b.t.devices()
    await b.done(rows)
    expect((await b.t.devices()).map((one) => [one.externalId, one.token, one.tags])).toEqual(
      before.map((one) => [one.externalId, one.token, one.tags]),
    )
  })
})

describe('list_operator', () => {
  const after = async (first: object, operator: string | undefined, next: object) => {
    const row = device()
    await b.t.ok('registerDevice', { hwid: row.hwid, device_type: 3, tags: first })
    await b.done([{ ...row, tags: next, ...(operator && { list_operator: operator }) }])
    const { 'First Install': _, ...tags } = await b.t.tags({ hwid: row.hwid })
    return tags
  }

  test.each([
    ['append adds a scalar', { l: ['a'] }, 'append', { l: 'b' }, { l: ['a', 'b'] }],
    ['append adds a list', { l: ['a'] }, 'append', { l: ['b', 'a'] }, { l: ['a', 'b'] }],
    ['append makes a list of an unknown tag', {}, 'append', { l: 'b' }, { l: ['b'] }],
    [
      'append of an unknown tag, another set before',
      { s: 'x' },
      'append',
      { s: 'y', l: 'b' },
      { s: 'y', l: ['b'] },
    ],
    ['append sets a text', { s: 'x' }, 'append', { s: 'y' }, { s: 'y' }],
    ['append sets a number', { n: 1 }, 'append', { n: 2 }, { n: 2 }],
    ['append sets a flag', { f: true }, 'append', { f: false }, { f: false }],
    ['append leaves null a removal', { l: ['a'] }, 'append', { l: null }, {}],
    [
      'append leaves an operation what it is',
      { n: 1 },
      'append',
      { n: { operation: 'increment', value: 2 } },
      { n: 3 },
    ],
    ['remove takes a scalar', { l: ['a', 'b'] }, 'remove', { l: 'b' }, { l: ['a'] }],
    ['remove takes a list', { l: ['a', 'b', 'c'] }, 'remove', { l: ['b', 'a'] }, { l: ['c'] }],
    ['remove makes a list of an unknown tag', {}, 'remove', { l: 'b' }, { l: [] }],
    ['remove sets a text', { s: 'x' }, 'remove', { s: 'y' }, { s: 'y' }],
    ['without one a list is replaced', { l: ['a'] }, undefined, { l: ['b'] }, { l: ['b'] }],
    ['set replaces', { l: ['a'] }, 'set', { l: 'b' }, { l: ['b'] }],
    ['without one an unknown scalar is a text', {}, undefined, { s: 'x' }, { s: 'x' }],
    ['language is never a list', { Language: 'fr' }, 'append', { language: 'en-US' }, { Language: 'en' }],
    ['nor does remove take it', { Language: 'fr' }, 'remove', { language: 'en' }, { Language: 'en' }],
  ])('%s', async (_, first, operator, next, tags) => {
    expect(await after(first, operator, next)).toEqual(tags)
  })
})

describe('refusals', () => {
  test.each([
    ['no JSON', '{', 400, 'invalid request'],
    ['no object', '[]', 400, 'invalid request'],
    ['an envelope', { request: { devices: [] } }, 400, 'invalid request'],
  ])('%s', async (_, body, code, message) => {
    const answer = await b.send(body)
    expect(answer.status).toBe(code)
    expect(await answer.json()).toEqual({ message })
  })

  test.each([
    ['devices that are no array', { devices: {} }, 400, 'invalid request'],
    ['no devices', { devices: undefined }, 400, 'invalid request'],
    ['an unknown application', { application: 'ZZZZZ-00000' }, 400, 'application not found'],
    ['no application', { application: undefined }, 400, 'application not found'],
    ['a wrong token', { auth: 'wrong' }, 401, 'unauthorized'],
    ['no token', { auth: undefined }, 401, 'unauthorized'],
    ['a token that is no text', { auth: { $ne: '' } }, 401, 'unauthorized'],
    ['more than 10,000 rows', { devices: Array(10_001).fill(0) }, 400, 'devices has more than 10000 rows'],
  ])('%s', async (_, wrong, code, message) => {
    const answer = await b.send({ application: b.t.code, auth: b.t.token, devices: [device()], ...wrong })
    expect(answer.status).toBe(code)
    expect(await answer.json()).toEqual({ message })
    await b.finish()
    expect(await b.t.devices()).toEqual([])
  })

  test("another app's token opens nothing", async () => {
    const other = await openTenant()
    expect((await b.send({ application: b.t.code, auth: other.token, devices: [device()] })).status).toBe(401)
  })

  test('a body over the limit of bulk calls', async () => {
    const body = `{"application":"${b.t.code}","auth":"${b.t.token}","devices":["${'x'.repeat(10 * 1024 * 1024)}"]}`
    const answer = await b.send(body)
    expect(answer.status).toBe(400)
    expect((await answer.json<{ message: string }>()).message).toContain('larger than')
  })

  test.each([
    ['an unknown id', 'GET', `${PATH}/${crypto.randomUUID()}`, 404],
    ['a broken escape', 'GET', `${PATH}/%zz`, 404],
    ['GET without an id', 'GET', PATH, 405],
    ['DELETE', 'DELETE', PATH, 405],
    ['another method', 'POST', '/api/v2/audience/bulkSetTags', 404],
  ])('%s', async (_, method, path, code) => {
    const answer = await b.t.h.request(method, path)
    expect(answer.status).toBe(code)
    expect(await answer.json()).toEqual({ message: expect.stringMatching(/./) })
  })
})
