import { describe, expect, test } from 'vitest'
import type { Message } from '../../../src/domain/message.ts'
import { type Answer, expectError, newPerson, newToken, openWorkspace, type Workspace } from './kit.ts'

const PUSH = '/api/v1/push/send'
const transactional = (workspace: string) => `/api/v1/workspaces/${workspace}/transactional/send`
const SENDER = { apiKeys: [{ scopes: ['devices:write', 'campaigns:trigger'] }] }
const open = () => openWorkspace({ document: SENDER })
const APNS = 'ab'.repeat(32)

interface Sent {
  readonly success: boolean
  readonly message_id: string
  readonly delivered_to: readonly string[]
  readonly devices_count: number
}

/** Must succeed; returns the answer and the stored message. */
async function kept(w: Workspace, answer: Answer): Promise<{ sent: Sent; message: Message }> {
  expect(answer.status, answer.text).toBe(200)
  const sent = answer.json as Sent
  expect(Object.keys(sent)).toEqual(['success', 'message_id', 'delivered_to', 'devices_count'])
  const app = await w.h.gateway.apps.find('flameup', w.workspaceId)
  const message = app && (await w.h.gateway.messages.find({ app, externalId: sent.message_id }))
  if (!message) throw new Error('not kept')
  return { sent, message }
}

/** A person with a phone of each given platform. */
async function personWith(w: Workspace, ...platforms: string[]): Promise<string> {
  const person = newPerson()
  for (const platform of platforms) await w.register(person, { token: newToken(), platform })
  return person
}
/** The smallest body of each call for a person. */
const BODIES = {
  push: (person: string, more: object = {}) => ({ person_id: person, title: 'Hi', body: 'you', ...more }),
  transactional: (person: string, more: object = {}) => ({
    user_id: person,
    template: { title: 'Hi', body: 'you' },
    ...more,
  }),
} as const
const CALLS = ['push', 'transactional'] as const
const call = (w: Workspace, which: (typeof CALLS)[number], body: unknown, more: object = {}) =>
  w.call('POST', which === 'push' ? PUSH : transactional(w.workspaceId), { body, ...more })

describe.each(CALLS)('%s/send', (which) => {
  test("answers the person's phones that can be reached, and keeps a message for them", async () => {
    const w = await open()
    const person = await personWith(w, 'ios', 'android', 'android')
    await personWith(w, 'ios')
    const { sent, message } = await kept(w, await call(w, which, BODIES[which](person)))
    expect(sent).toEqual({
      success: true,
      message_id: expect.stringMatching(/^msg_[0-9a-f]{32}$/),
      delivered_to: ['ios', 'android'],
      devices_count: 3,
    })
    expect(message).toMatchObject({
      state: 'planning',
      audience: { to: { users: [person] }, platforms: ['ios', 'android', 'web'] },
      body: { title: 'Hi', body: 'you' },
      priority: 'high',
      ignored: [],
    })
  })

  test.each([
    ['ios', ['ios'], 1],
    ['android', ['android'], 2],
    ['all', ['ios', 'android', 'web'], 4],
    [null, ['ios', 'android', 'web'], 4],
  ])('for the platform %s is for those phones', async (platform, delivered, count) => {
    const w = await open()
    const person = await personWith(w, 'ios', 'android', 'android', 'web')
    const { sent, message } = await kept(w, await call(w, which, BODIES[which](person, { platform })))
    expect(sent).toMatchObject({ delivered_to: delivered, devices_count: count })
    expect(message.audience.platforms).toEqual(delivered)
  })

  test('does not count a phone that was replaced, and succeeds where no other is left', async () => {
    const w = await open()
    const person = newPerson()
    const phone = { platform: 'ios', device_name: 'Phone', device_model: 'iPhone16,1' }
    await w.register(person, { ...phone, token: newToken() })
    await w.register(person, { ...phone, token: newToken() })
    const counted = await kept(w, await call(w, which, BODIES[which](person)))
    expect(counted.sent).toMatchObject({ delivered_to: ['ios'], devices_count: 1 })
    const none = await kept(w, await call(w, which, BODIES[which](person, { platform: 'android' })))
    expect(none.sent).toMatchObject({ success: true, delivered_to: [], devices_count: 0 })
  })

  test('404: a person without devices, seen or not', async () => {
    const w = await open()
    expectError(await call(w, which, BODIES[which](newPerson())), 404, 'not_found')
    const person = newPerson()
    const { device_token } = await w.register(person, { token: newToken(), platform: 'ios' })
    await w.remove(person, device_token)
    expectError(await call(w, which, BODIES[which](person)), 404, 'not_found')
  })

  test.each([
    ['campaigns:trigger', 200],
    ['push:send', 200],
    ['messages:send', 200],
    ['admin', 200],
    ['*', 200],
    ['devices:write', 403],
    ['campaigns:read', 403],
  ])('with the permission %s: %i', async (scope, status) => {
    const key = `ws_live_${crypto.randomUUID()}`
    const w = await openWorkspace({ document: { apiKeys: [{ scopes: ['*'] }, { key, scopes: [scope] }] } })
    const person = await personWith(w, 'ios')
    const answer = await call(w, which, BODIES[which](person), { key })
    if (status === 200) await kept(w, answer)
    else expectError(answer, status, 'forbidden')
  })

  test('a permission to send opens no devices', async () => {
    const w = await openWorkspace({ document: { apiKeys: [{ scopes: ['campaigns:trigger'] }] } })
    expectError(await w.call('GET', '/api/v1/people/jane/devices'), 403, 'forbidden')
  })

  test('a key that was added by the admin API for sending opens it', async () => {
    const w = await open()
    const secret = `ws_live_${crypto.randomUUID()}`
    const added = { dialect: 'flameup', secret, scopes: ['campaigns:trigger'] }
    expect((await w.h.admin('POST', `/apps/${w.appId}/credentials`, added)).status).toBe(201)
    await kept(w, await call(w, which, BODIES[which](await personWith(w, 'ios')), { key: secret }))
  })

  test('401 before 403 before 400 before 422 before 404', async () => {
    const w = await openWorkspace({ document: { apiKeys: [{ scopes: ['devices:write'] }] } })
    for (const key of [null, 'wrong']) expectError(await call(w, which, '[', { key }), 401, 'unauthorized')
    expectError(await call(w, which, '['), 403, 'forbidden')
    const sender = await open()
    for (const body of ['[', '[]', '', 'null']) {
      expectError(await call(sender, which, body), 400, 'bad_request')
    }
    const form = { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }
    expectError(await call(sender, which, 'a=b', form), 400, 'bad_request')
    expectError(await call(sender, which, { platform: 'x' }), 422, 'validation_error', [
      'platform',
      ...(which === 'push' ? ['person_id', 'title', 'body'] : ['user_id']),
    ])
  })

  test('405 for another method', async () => {
    const w = await open()
    const answer = await w.call('GET', which === 'push' ? PUSH : transactional(w.workspaceId))
    expectError(answer, 405, 'method_not_allowed')
    expect(answer.headers.get('Allow')).toBe('POST, OPTIONS')
  })

  test('lists the members that have no effect', async () => {
    const w = await open()
    const data = { from: 'x', own: 'y' }
    const more = { campaign: 1, ...(which === 'push' ? { custom_data: data } : { data }) }
    const { message } = await kept(w, await call(w, which, BODIES[which](await personWith(w, 'ios'), more)))
    expect(message.ignored).toEqual(['campaign', 'custom_data.from'])
  })
})

describe('push/send', () => {
  test.each<[string, unknown]>([
    ['person_id', undefined],
    ['person_id', null],
    ['person_id', ''],
    ['person_id', 7],
    ['person_id', 'p'.repeat(256)],
    ['title', undefined],
    ['title', ''],
    ['title', 'x'.repeat(256)],
    ['title', {}],
    ['body', undefined],
    ['body', ''],
    ['body', 7],
    ['platform', 'web'],
    ['platform', 'iOS'],
    ['image_url', 7],
    ['action_url', {}],
    ['priority', 'urgent'],
    ['ttl', -1],
    ['ttl', 1.5],
    ['ttl', '60'],
    ['custom_data', 'x'],
    ['custom_data', ['x']],
    ['ios_badge', '1'],
    ['ios_badge', 1.5],
    ['ios_sound', 7],
    ['ios_category', 7],
    ['android_channel_id', 7],
  ])('422 for the %s %j', async (name, value) => {
    const w = await open()
    const answer = await call(w, 'push', BODIES.push('jane', { [name]: value }))
    expectError(answer, 422, 'validation_error', [name])
  })

  test('takes a title of 255 characters, null for absent, and an empty list for no data', async () => {
    const w = await open()
    const person = await personWith(w, 'ios')
    const more = { title: '📱'.repeat(255), custom_data: [], ttl: null, ios_badge: null, image_url: null }
    await kept(w, await call(w, 'push', BODIES.push(person, more)))
  })

  test.each([
    [{ priority: 'low' }, { priority: 'normal' }],
    [{ priority: 'normal' }, { priority: 'normal' }],
    [{ priority: 'high' }, { priority: 'high' }],
    [{ ttl: 60 }, { ttl: 60 }],
  ])('%j is kept as %j', async (more, expected) => {
    const w = await open()
    const body = BODIES.push(await personWith(w, 'ios'), more)
    expect((await kept(w, await call(w, 'push', body))).message).toMatchObject(expected)
  })
})

describe('transactional/send', () => {
  test.each<[string, unknown, string]>([
    ['user_id', undefined, 'user_id'],
    ['user_id', 7, 'user_id'],
    ['template', undefined, 'template'],
    ['template', 'welcome', 'template'],
    ['template', { title: 'x' }, 'template.body'],
    ['template', { body: 'x' }, 'template.title'],
    ['template', { title: 'x', body: 'y', data: 'z' }, 'template.data'],
    ['data', 'x', 'data'],
    ['platform', 'windows', 'platform'],
    ['channel', 'email', 'channel'],
    ['channel', 'sms', 'channel'],
  ])('422 for the %s %j', async (name, value, field) => {
    const w = await open()
    const answer = await call(w, 'transactional', BODIES.transactional('jane', { [name]: value }))
    expectError(answer, 422, 'validation_error', [field])
  })

  test('404 for a template of the console, as there is none here', async () => {
    const w = await open()
    const body = { user_id: await personWith(w, 'ios'), template_id: 'tpl_1' }
    expectError(await call(w, 'transactional', body), 404, 'not_found')
    const unknown = { user_id: '', template_id: 'tpl_1' }
    expectError(await call(w, 'transactional', unknown), 422, 'validation_error', ['user_id'])
  })

  test('403 for another workspace', async () => {
    const w = await open()
    const answer = await w.call('POST', transactional('ws_other'), { body: BODIES.transactional('jane') })
    expectError(answer, 403, 'forbidden')
  })

  test('is for web alone where that is said', async () => {
    const w = await open()
    const person = await personWith(w, 'ios', 'web')
    const body = BODIES.transactional(person, { platform: 'web', channel: 'push' })
    const { sent } = await kept(w, await call(w, 'transactional', body))
    expect(sent).toMatchObject({ delivered_to: ['web'], devices_count: 1 })
  })

  test('fills the template from the data, then from its own; what has no value stays', async () => {
    const w = await open()
    const template = {
      title: 'Hi {{name}} { city }',
      body: '{a}{{ n }} {missing} {{missing}} {} {toString}',
      data: { name: 'nobody', city: 'Oslo', kept: 1 },
    }
    const more = { template, data: { name: '$& Jane' }, variables: { a: true, n: 1.5, name: 'older' } }
    const body = BODIES.transactional(await personWith(w, 'ios'), more)
    expect((await kept(w, await call(w, 'transactional', body))).message.body).toEqual({
      title: 'Hi $& Jane Oslo',
      body: 'true1.5 {missing} {{missing}} {} {toString}',
      custom_data: { name: '$& Jane', city: 'Oslo', kept: 1, a: true, n: 1.5 },
    })
  })
})

test('a token of APNs is known as one, and counts as ios', async () => {
  const w = await open()
  const person = newPerson()
  await w.register(person, { token: APNS, platform: 'ios' })
  const { sent } = await kept(w, await call(w, 'push', BODIES.push(person)))
  expect(sent).toMatchObject({ delivered_to: ['ios'], devices_count: 1 })
})

test.each(['/campaigns/c1/trigger', '/email/send'])('POST …%s: 404, nothing of it is here', async (path) => {
  const w = await open()
  const answer = await w.call('POST', `/api/v1/workspaces/${w.workspaceId}${path}`, { body: {} })
  expectError(answer, 404, 'not_found')
})
