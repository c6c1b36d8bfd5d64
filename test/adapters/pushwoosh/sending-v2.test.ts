import { beforeEach, describe, expect, test } from 'vitest'
import type { Message, Recipient } from '../../../src/domain/message.ts'
import { type Json, openTenant, type Tenant, tenantOf } from './kit.ts'
import { android, chrome, find, ios, kept, rendered } from './sending-kit.ts'

let t: Tenant
beforeEach(async () => {
  t = await openTenant()
})
async function post(path: string, body: unknown, token = t.token) {
  const headers = { Authorization: `Token ${token}` }
  const response = await t.h.request('POST', `/messaging/v2/${path}`, { headers, body })
  return { status: response.status, body: await response.json<Json>() }
}
const payload = {
  content: { localized_content: { en: { ios: { title: 'T', body: 'B' }, android: { body: 'A' } } } },
}
const later = { at: '2026-12-01T10:00:00Z' }
const segment = (more: Json = {}) => ({
  segment: {
    application: t.code,
    platforms: ['IOS', 'ANDROID'],
    expression: `A("${t.code}")`,
    schedule: later,
    payload,
    ...more,
  },
})
const transactional = (more: Json = {}) => ({
  transactional: { application: t.code, hwids: { list: ['h'] }, payload, ...more },
})
async function sent(body: unknown): Promise<Message> {
  const answer = await post('notify', body)
  expect(answer).toEqual({ status: 200, body: { result: { message_code: expect.any(String) } } })
  return kept(t, String((answer.body.result as Json).message_code))
}

describe('notify', () => {
  test('a segment is sent at its time', async () => {
    const message = await sent(segment())
    expect(message).toMatchObject({
      state: 'scheduled',
      schedule: { at: new Date(later.at) },
      audience: { to: { all: true }, platforms: ['ios', 'android'], filter: { all: [] } },
    })
  })

  test.each<[name: string, members: Json, to: unknown]>([
    ['hwids', { hwids: { list: ['a'] } }, { devicesOrTokens: ['a'] }],
    ['push tokens', { hwids: undefined, push_tokens: ['b'] }, { devicesOrTokens: ['b'] }],
    ['users', { hwids: undefined, users: { list: ['u'] } }, { users: ['u'] }],
  ])('a transactional message to %s goes now', async (_, members, to) => {
    expect(await sent(transactional(members))).toMatchObject({ state: 'planning', audience: { to } })
  })

  test('each platform gets its own text in its language; one without any gets nothing', async () => {
    const content = {
      de: { ios: { body: 'D' } },
      en: { ios: { title: 'T', body: 'E' }, android: { body: 'A', icon: 'i' } },
    }
    const message = await sent(
      transactional({ payload: { content: { localized_content: content }, custom_data: { a: 1 } } }),
    )
    expect(message.audience.platforms).toEqual(['ios', 'android'])
    const shown = (to: Recipient) => rendered(message, to).payload
    expect(shown({ ...ios, language: 'de' })).toMatchObject({
      aps: { alert: { title: 'T', body: 'D' } },
      u: '{"a":1}',
    })
    expect(shown({ ...android, language: 'de' }).data).toMatchObject({ title: 'A', i: 'i', u: '{"a":1}' })
  })

  test('browsers are told apart', async () => {
    const localized_content = { en: { firefox: { body: 'F', title: 'G' } } }
    const message = await sent(transactional({ payload: { content: { localized_content } } }))
    expect(message.audience).toMatchObject({ platforms: ['web'], platformNames: ['12'] })
    const firefox = { ...chrome, details: { deviceType: 12 } }
    expect(rendered(message, firefox).payload).toMatchObject({ body: 'F', header: 'G' })
  })

  test.each<[name: string, body: () => unknown]>([
    ['neither segment nor transactional', () => ({})],
    ['both', () => ({ ...segment(), ...transactional() })],
    ['a segment without a schedule', () => segment({ schedule: undefined })],
    ['a schedule that is none', () => segment({ schedule: { at: 'soon' } })],
    ['no payload', () => segment({ payload: undefined })],
    ['a payload without content', () => segment({ payload: {} })],
    ['no expression', () => segment({ expression: undefined })],
    ['no list', () => transactional({ hwids: undefined })],
    ['two lists', () => transactional({ users: { list: ['u'] } })],
    ['an unknown platform', () => segment({ platforms: ['TOASTER'] })],
  ])('%s is 400', async (_, body) => {
    expect(await post('notify', body())).toEqual({
      status: 400,
      body: { code: 3, message: expect.any(String), details: [] },
    })
  })

  test('the credential comes first, then the application', async () => {
    const other = await tenantOf(t.h)
    expect(await post('notify', '{', 'wrong')).toMatchObject({ status: 401, body: { code: 16, details: [] } })
    expect(await post('notify', '{')).toMatchObject({ status: 400, body: { code: 3 } })
    expect(await post('notify', segment(), other.token)).toMatchObject({ status: 403, body: { code: 7 } })
    const unknown = { application: 'NONE0-00000' }
    expect(await post('notify', segment(unknown))).toMatchObject({ status: 404, body: { code: 5 } })
    expect(await post('notify', segment({ code: 'S' }))).toMatchObject({ status: 404, body: { code: 5 } })
  })
})

describe('cancel', () => {
  test('is for messages that wait, once', async () => {
    const { externalId } = await sent(segment())
    expect(await post('cancel', { message_code: externalId })).toEqual({ status: 200, body: {} })
    expect((await find(t, externalId))?.state).toBe('cancelled')
    expect(await post('cancel', { message_code: externalId })).toMatchObject({
      status: 400,
      body: { code: 3 },
    })
  })

  test('a message of another account is 403, and goes on', async () => {
    const { externalId } = await sent(segment())
    const other = await openTenant()
    expect(await post('cancel', { message_code: externalId }, other.token)).toMatchObject({
      status: 403,
      body: { code: 7, details: [] },
    })
    expect((await find(t, externalId))?.state).not.toBe('cancelled')
  })

  test('an unknown message is 404', async () => {
    expect(await post('cancel', { message_code: '0000-00000000-00000000' })).toEqual({
      status: 404,
      body: { code: 5, message: 'message not found', details: [] },
    })
  })
})

test('the rest of the prefix answers in the same form', async () => {
  expect(await post('other', {})).toMatchObject({ status: 404, body: { code: 5, details: [] } })
  const wrong = await t.h.request('GET', '/messaging/v2/notify')
  expect([wrong.status, await wrong.json()]).toMatchObject([405, { code: 12 }])
})
