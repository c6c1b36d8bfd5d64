import { describe, expect, test } from 'vitest'
import type { Json } from '../../../src/domain/message.ts'
import { dto } from './amf/calls.ts'
import { kept, phone, rendered } from './sending-kit.ts'
import { type BackendlessTenant, newPhone, openTenant, refusalOf } from './tenant.ts'

const WELCOME = {
  message: 'Hello {name}, {count} new',
  platforms: ['IOS', 'ANDROID'],
  channelName: 'news',
  options: {
    ios: {
      alertTitle: 'For {name}',
      alertSubtitle: 'S',
      badge: 2,
      sound: 'ding',
      attachmentUrl: 'https://e.x/a.png',
      threadId: 'thread',
      customHeaders: { who: '{name}' },
    },
    android: {
      contentTitle: 'For {name}',
      summarySubText: 'sub',
      ttlSeconds: 60,
      deliveryPriority: 'NORMAL',
      customHeaders: { who: '{name}', n: 1 },
    },
  },
}
const MAC = { message: 'Mac', platforms: ['OSX'], options: { osx: { alertTitle: 'T' } } }
const ALL = { message: 'All' }
const templates = { pushTemplates: { welcome: WELCOME, mac: MAC, all: ALL } }

async function pushed(t: BackendlessTenant, name: string, body: unknown = {}) {
  const response = await t.call('POST', `/messaging/push/${encodeURIComponent(name)}`, { body })
  const answer = await response.json<{ messageId: string }>()
  expect([response.status, answer]).toEqual([
    200,
    { errorMessage: null, messageId: expect.stringMatching(/^message:/), status: 'scheduled' },
  ])
  return kept(t, answer.messageId)
}

describe('POST …/messaging/push/{template} (sending.md 6.1, 6.4)', () => {
  const templateValues = { name: 'Ann', count: 3 }

  test('goes to its channel and its platforms', async () => {
    const t = await openTenant(templates)
    expect((await pushed(t, 'welcome', { templateValues })).audience).toEqual({
      to: { topics: ['news'] },
      platforms: ['ios', 'android'],
    })
    expect((await pushed(t, 'all')).audience).toEqual({ to: { topics: ['default'] } })
  })

  test('on Android has the name that the SDK looks up, and the texts for one that does not know it', async () => {
    const t = await openTenant(templates)
    const { body, externalId } = await pushed(t, 'welcome', { templateValues })
    expect(rendered(body, phone('android'), externalId)).toEqual({
      ttl: 60,
      push: {
        priority: 'normal',
        body: {
          data: {
            template_name: 'welcome',
            message: 'Hello Ann, 3 new',
            'android-content-title': 'For Ann',
            'android-summary-subtext': 'sub',
            'android-ticker-text': 'For Ann',
            'android-content-text': 'Hello Ann, 3 new',
            who: 'Ann',
            n: '1',
            messageId: externalId,
          },
        },
      },
    })
  })

  test('on iOS has the name only where the phone knows it', async () => {
    const t = await openTenant(templates)
    const { body, externalId } = await pushed(t, 'welcome', { templateValues })
    const expected = {
      aps: {
        alert: { title: 'For Ann', subtitle: 'S', body: 'Hello Ann, 3 new' },
        badge: 2,
        sound: 'ding',
        'thread-id': 'thread',
        'mutable-content': 1,
      },
      who: 'Ann',
      'attachment-url': 'https://e.x/a.png',
      message: 'Hello Ann, 3 new',
      messageId: externalId,
    }
    const [stranger, friend] = [phone('ios'), phone('ios', { templates: ['welcome'] })].map((to) =>
      rendered(body, to, externalId),
    )
    expect(stranger?.push.body).toMatchObject(expected)
    expect(stranger?.push.body).not.toHaveProperty('template_name')
    expect(friend?.push.body).toMatchObject({ ...expected, template_name: 'welcome' })
    expect([stranger?.ttl, friend?.ttl]).toEqual([2_419_200, 2_419_200])
  })

  test('a phone knows the templates that there were when it registered', async () => {
    const t = await openTenant(templates)
    const { deviceId } = newPhone()
    const knows = async () => {
      const app = await t.h.gateway.apps.find('backendless', t.id)
      const device = app && (await t.h.gateway.devices.find({ app, externalId: deviceId }))
      return device?.details.templates ?? null
    }
    const register = () => t.register({ deviceId, deviceToken: 'ab'.repeat(32), os: 'IOS' })
    const change = (pushTemplates: object) =>
      t.h.admin('PATCH', `/apps/${t.app.id}`, { dialects: { backendless: { pushTemplates } } })
    await register()
    expect(await knows()).toEqual(['welcome', 'all'])
    await change({ all: ALL })
    expect(await knows()).toEqual(['welcome', 'all'])
    await register()
    expect(await knows()).toEqual(['all'])
    await change({})
    await register()
    expect(await knows()).toBeNull()
  })

  test.each([
    ['a value that is missing', {}, 'Hello ,  new'],
    ['no values at all', undefined, 'Hello ,  new'],
    ['values that are null', null, 'Hello ,  new'],
    ['values that are no text', { name: { a: 1 }, count: true }, 'Hello {"a":1}, true new'],
    ['a value with braces', { name: '{count}', count: 3 }, 'Hello {count}, 3 new'],
  ])('%s', async (_, values, message) => {
    const t = await openTenant(templates)
    const body = values === undefined ? {} : { templateValues: values }
    expect((await pushed(t, 'welcome', body)).body).toMatchObject({ message })
  })

  test('a call without a body, as major 4 of the JavaScript SDK makes it, has no values', async () => {
    const t = await openTenant(templates)
    const response = await t.call('POST', '/messaging/push/welcome')
    expect([response.status, await response.json()]).toMatchObject([200, { status: 'scheduled' }])
  })

  test.each([
    ['an unknown name', 'nobody', {}, 5032],
    ['the name of a member of objects', 'toString', {}, 5032],
    ['values that are a text', 'welcome', { templateValues: 'x' }, 5031],
    ['a condition on data', 'segment', {}, 5031],
    ['no JSON object', 'welcome', 'x', 8003],
  ])('refuses %s', async (_, name, body, code) => {
    const segment = { message: 'm', segmentQuery: 'age > 3' }
    const t = await openTenant({ pushTemplates: { ...templates.pushTemplates, segment } })
    expect(await refusalOf(await t.call('POST', `/messaging/push/${name}`, { body }))).toEqual([400, code])
  })
})

describe('POST …/messaging/push, a template without a name', () => {
  test('is answered as the console is', async () => {
    const t = await openTenant()
    const response = await t.call('POST', '/messaging/push', { body: { ...WELCOME, name: 'draft' } })
    const answer = await response.json<{ messageId: string }>()
    expect([response.status, answer]).toEqual([
      200,
      {
        messageId: expect.stringMatching(/^message:/),
        errorMessage: null,
        status: 'SCHEDULED',
        sendingTimeInMillis: 0,
        successfulSendsAmount: 0,
        failedSendsAmount: 0,
      },
    ])
    const { body, audience } = await kept(t, answer.messageId)
    expect(audience).toEqual({ to: { topics: ['news'] }, platforms: ['ios', 'android'] })
    const known: Json = { templates: ['draft'] }
    for (const to of [phone('android'), phone('ios', known)]) {
      expect(rendered(body, to)?.push.body).not.toHaveProperty('template_name')
    }
  })

  test.each([
    ['no message', {}, 5030],
    ['a message that is no text', { message: 1 }, 5031],
    ['an unknown platform', { message: 'm', platforms: ['WP'] }, 5031],
    ['a condition on data', { message: 'm', segmentQuery: 'a = 1' }, 5031],
  ])('refuses %s', async (_, body, code) => {
    const t = await openTenant()
    expect(await refusalOf(await t.call('POST', '/messaging/push', { body }))).toEqual([400, code])
  })
})

describe('the templates that phones keep', () => {
  const ios = { welcome: { ...WELCOME.options.ios, name: 'welcome' }, all: { name: 'all' } }
  const android = { welcome: { ...WELCOME.options.android, name: 'welcome' }, all: { name: 'all' } }

  test.each([
    ['', ios],
    ['/ios', ios],
    ['/IOS', ios],
    ['/android', android],
    ['/osx', { mac: { alertTitle: 'T', name: 'mac' }, all: { name: 'all' } }],
    ['/wp', {}],
  ])('GET …/messaging/pushtemplates%s', async (os, expected) => {
    const t = await openTenant(templates)
    const response = await t.call('GET', `/messaging/pushtemplates${os}`)
    expect([response.status, await response.json()]).toEqual([200, expected])
  })

  test('come with the answer to a binary registration', async () => {
    const t = await openTenant(templates)
    const { value } = await t.binary('registerDevice', [dto(newPhone())])
    expect(JSON.parse(String(value))[1]).toEqual(android)
  })

  test.each<[string, Json]>([
    ['without a message', { x: { platforms: [] } }],
    ['for an unknown platform', { x: { message: 'm', platforms: ['WP'] } }],
    ['with options that are a list', { x: { message: 'm', options: { ios: ['a'] } } }],
    ['without a name', { '': { message: 'm' } }],
    ['beyond a hundred', Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`t${n}`, ALL]))],
  ])('are refused by the admin API %s', async (_, pushTemplates) => {
    const t = await openTenant()
    const answer = await t.h.admin('PATCH', `/apps/${t.app.id}`, {
      dialects: { backendless: { pushTemplates } },
    })
    expect(answer.status).toBe(400)
  })
})
