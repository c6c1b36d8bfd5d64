import { describe, expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import { createOffice, fcm, type Office } from './kit.ts'
import { STRICT } from './strict-readers.ts'

const line = (of: object) => `${JSON.stringify(of)}\n`
const APNS = 'ab'.repeat(32)
const KEYS = { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) }
const at = { createdAt: '2025-01-02T03:04:05.006Z', lastSeenAt: '2025-01-02T03:04:05.006Z' }
const profile = {
  model: 'Pixel',
  osVersion: '14',
  appVersion: '2.0',
  language: 'de',
  timezone: 'Europe/Berlin',
}
const ROWS = [
  {
    ...{ externalId: 'h1', platform: 'android', token: fcm('h1'), userId: 'u,1', ...profile, ...at },
    ...{ tags: { plan: 'pro', level: 7, Country: 'DE' }, topics: ['news'] },
  },
  { externalId: 'h2', platform: 'ios', token: APNS, ...at, topics: ['news'] },
  { externalId: 'h3', platform: 'ios', token: fcm('h3'), ...at, topics: ['news'] },
  {
    externalId: 'h4',
    platform: 'web',
    token: 'https://updates.push.services.mozilla.com/x',
    keys: KEYS,
    ...at,
  },
  { externalId: 'h5', platform: 'web', token: 'https://fcm.googleapis.com/fcm/send/x', ...at },
  { externalId: 'h6', platform: 'email', token: 'u@example.com', userId: 'u2', ...at },
  { externalId: 'h7', platform: 'android', userId: 'tokenless', ...at },
  { externalId: 'h8', platform: 'android', token: fcm('h8'), userId: 'u3', enabled: false, ...at },
]

async function filled(): Promise<Office> {
  const office = await createOffice({ backendless: {} })
  const done = await office.import('format=ndjson&dialect=backendless', ROWS.map(line).join(''))
  expect(done.outcomes).toMatchObject({ created: ROWS.length })
  return office
}
const documents = (text: string) => text.split('\n').flatMap((one) => (one === '' ? [] : [JSON.parse(one)]))

describe(`9.3 the forms of neighbours on ${runtimeName}`, () => {
  /** By format: what it has to be told, and whether it names users, and those without. */
  const ASKED = {
    'onesignal-ndjson': { query: '', users: true, nameless: true },
    'braze-ndjson': { query: '&androidAppId=a&iosAppId=i', users: true, nameless: true },
    'parse-json': { query: '', users: false, nameless: true },
    'sns-csv': { query: '&provider=fcm', users: true, nameless: true },
    'posthog-csv': { query: '&provider=fcm', users: true, nameless: false },
  } as const

  test.each(Object.entries(ASKED))(
    '%s: is read by a strict reader, whatever users, tags, ids and models contain',
    async (format, { query, users, nameless }) => {
      const office = await filled()
      const odd = {
        ...{ 'quote"': '"q", with comma', line: 'a\r\nb', formula: '=1+1', é: 'ü\u2028😀', 'a,b': 'x;y' },
      }
      const rows = Object.entries(odd).map(([name, value], at) => ({
        ...{ externalId: `odd${at}`, platform: 'android', token: fcm(`odd${at}`) },
        userId: `${name}${value}`,
        ...{ model: value, appVersion: value, tags: { [name]: value, list: [value, name], yes: true } },
      }))
      const taken = await office.import('format=ndjson&dialect=backendless', rows.map(line).join(''))
      expect(taken.outcomes).toMatchObject({ created: rows.length })
      const found = STRICT[format]?.(await office.export(`format=${format}${query}`))
      const android = [...rows, { token: fcm('h1'), userId: 'u,1' }]
      expect(found).toEqual(
        expect.arrayContaining(android.map(({ token, userId }) => [users ? userId : undefined, token])),
      )
      expect(found?.some(([user]) => user === undefined)).toBe(nameless)
    },
  )

  test('onesignal-ndjson: a body for each device with a token', async () => {
    const office = await filled()
    const bodies = documents(await office.export('format=onesignal-ndjson'))
    expect(bodies[0]).toEqual({
      identity: { external_id: 'u,1' },
      properties: {
        ...{ language: 'de', timezone_id: 'Europe/Berlin', country: 'DE' },
        tags: { plan: 'pro', level: '7', Country: 'DE' },
      },
      subscriptions: [
        {
          ...{ type: 'AndroidPush', token: fcm('h1'), enabled: true },
          ...{ device_model: 'Pixel', device_os: '14', app_version: '2.0' },
        },
      ],
    })
    const kept = bodies.map(({ subscriptions: [one] }) => [one.type, one.enabled])
    expect(kept).toEqual([
      ['AndroidPush', true],
      ['iOSPush', true],
      ['FirefoxPush', true],
      ['ChromePush', true],
      ['Email', true],
      ['AndroidPush', false],
    ])
    expect(bodies[2].subscriptions[0]).toMatchObject({ web_auth: KEYS.auth, web_p256: KEYS.p256dh })
    expect(bodies[1]).toEqual({
      properties: {},
      subscriptions: [{ type: 'iOSPush', token: APNS, enabled: true }],
    })
  })

  test('braze-ndjson: up to 75 devices a line, of the apps that it is told', async () => {
    const office = await filled()
    const asking = (query: string) =>
      office.h.admin('GET', `/apps/${office.app}/export?format=braze-ndjson&${query}`)
    expect((await asking('androidAppId=app-a')).status).toBe(400)
    expect((await asking('platform=android&androidAppId=app-a')).status).toBe(200)
    const [body, ...more] = documents(
      await office.export('format=braze-ndjson&androidAppId=app-a&iosAppId=app-i'),
    )
    expect(more).toEqual([])
    expect(body).toEqual({
      attributes: [
        {
          external_id: 'u,1',
          push_tokens: [{ app_id: 'app-a', token: fcm('h1'), device_id: 'h1' }],
          ...{ language: 'de', time_zone: 'Europe/Berlin', country: 'DE' },
        },
        { push_token_import: true, push_tokens: [{ app_id: 'app-i', token: APNS, device_id: 'h2' }] },
      ],
    })
    const rows = Array.from({ length: 200 }, (_, n) =>
      line({ externalId: `n${n}`, platform: 'android', token: fcm(`n${n}-`) }),
    )
    await office.import('format=ndjson&dialect=backendless', rows.join(''))
    const lines = documents(await office.export('format=braze-ndjson&androidAppId=a&iosAppId=i'))
    expect(lines.map(({ attributes }) => attributes.length)).toEqual([75, 75, 52])
  })

  test('parse-json: one document of installations', async () => {
    const office = await filled()
    const text = await office.export('format=parse-json')
    const { results } = JSON.parse(text)
    expect(results).toMatchObject([
      {
        ...{ installationId: 'h1', deviceType: 'android', pushType: 'gcm', deviceToken: fcm('h1') },
        ...{ channels: ['news'], appVersion: '2.0', localeIdentifier: 'de', timeZone: 'Europe/Berlin' },
        createdAt: at.createdAt,
      },
      { installationId: 'h2', deviceType: 'ios', deviceToken: APNS },
      { installationId: 'h3', deviceType: 'ios', pushType: 'gcm', deviceToken: fcm('h3') },
    ])
    expect(results).toHaveLength(3)
    const other = await createOffice({ backendless: {} })
    expect((await other.import('format=parse-json&dialect=backendless', text)).outcomes).toMatchObject({
      created: 3,
    })
    const none = await createOffice({ backendless: {} })
    expect(JSON.parse(await none.export('format=parse-json'))).toEqual({ results: [] })
  })

  test('sns-csv and posthog-csv: the tokens of one push service', async () => {
    const office = await filled()
    for (const format of ['sns-csv', 'posthog-csv'])
      expect((await office.h.admin('GET', `/apps/${office.app}/export?format=${format}`)).status).toBe(400)
    expect(await office.export('format=sns-csv&provider=apns')).toBe(`${APNS},"{""externalId"":""h2""}"\r\n`)
    expect(await office.export('format=posthog-csv&provider=fcm')).toBe(
      `distinct_id,device_token\r\n"u,1",${fcm('h1')}\r\n`,
    )
    const sns = await office.export('format=sns-csv&provider=fcm')
    const other = await createOffice({ backendless: {} })
    const done = await other.import('format=sns-csv&dialect=backendless&platform=android', sns)
    expect(done.outcomes).toMatchObject({ created: 2 })
  })
})
