import { describe, expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import { createOffice, fcm } from './kit.ts'
import { type Case, endsAsTold, hex, type Table } from './tables.ts'

const P256DH = `B${'A'.repeat(86)}`
const AUTH = 'A'.repeat(22)
const ENDPOINT = 'https://updates.push.services.mozilla.com/wpush/v2/'

const cell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
const ONESIGNAL = [
  ...['id', 'identifier', 'language', 'game_version', 'device_os', 'device_type', 'device_model', 'tags'],
  ...[
    'last_active',
    'created_at',
    'invalid_identifier',
    'external_user_id',
    'timezone_id',
    'web_auth',
    'web_p256',
  ],
]
const player = (of: Readonly<Record<string, string>>) =>
  ONESIGNAL.map((name) => cell({ id: 'x', device_type: '1', tags: '{}', ...of }[name] ?? '')).join(',')

const onesignal: Table = {
  format: 'onesignal-csv',
  file: (rows) => [ONESIGNAL.join(','), ...rows].join('\r\n'),
  cases: [
    {
      is: 'an iPhone with everything',
      row: player({
        ...{ identifier: hex('a'), device_type: '0', language: 'ja', game_version: '3.1', device_os: '17.3' },
        ...{ device_model: 'iPhone15,3', tags: '{"plan":"pro","level":"7"}', created_at: '1708996715' },
        ...{ last_active: '1746235115', external_user_id: 'anna', timezone_id: 'Europe/Berlin' },
      }),
      token: hex('a'),
      device: {
        ...{ platform: 'ios', provider: 'apns', language: 'ja', appVersion: '3.1', osVersion: '17.3' },
        ...{ model: 'iPhone15,3', tags: { plan: 'pro', level: '7' }, userId: 'anna' },
        ...{ timezone: 'Europe/Berlin', createdAt: '2024-02-27T01:18:35.000Z' },
        lastSeenAt: '2025-05-03T01:18:35.000Z',
      },
    },
    ...(
      [
        ['2', fcm('amazon'), 'amazon', 'adm'],
        ['6', 'https://wns.example/x', 'windows', 'wns'],
        ['7', hex('safari'), 'web', 'apns'],
        ['9', hex('mac'), 'macos', 'apns'],
        ['11', 'anna@example.com', 'email', 'email'],
        ['13', 'huawei-token', 'huawei', 'hms'],
        ['14', '+491701234567', 'sms', 'sms'],
      ] as const
    ).map(([type, token, platform, provider]) => ({
      is: `a device of type ${type}`,
      row: player({ identifier: token, device_type: type }),
      token,
      device: { platform, provider },
    })),
    {
      is: 'a browser with its keys',
      row: player({ identifier: `${ENDPOINT}one`, device_type: '8', web_auth: AUTH, web_p256: P256DH }),
      token: `${ENDPOINT}one`,
      device: { platform: 'web', provider: 'webpush' },
    },
    {
      is: 'a browser without keys',
      row: player({ identifier: `${ENDPOINT}two`, device_type: '5' }),
      token: `${ENDPOINT}two`,
      warnings: ['webpush_keys_missing'],
    },
    {
      is: 'who has unsubscribed',
      row: player({ identifier: fcm('u'), invalid_identifier: 't' }),
      refused: 'unsubscribed',
    },
    {
      is: 'a type that has ended',
      row: player({ identifier: 'x', device_type: '3' }),
      refused: 'platform_unknown',
    },
    { is: 'no token', row: player({ identifier: '' }), refused: 'no_token' },
    { is: 'a token of Expo', row: player({ identifier: 'ExponentPushToken[x]' }), refused: 'token_expo' },
    {
      is: 'an APNs token of an Android phone',
      row: player({ identifier: hex('p') }),
      refused: 'token_provider',
    },
    {
      is: 'a number of a spreadsheet',
      row: player({ identifier: '5.63E+71', device_type: '0' }),
      refused: 'scientific_notation',
    },
    { is: 'a cell too few', row: 'x,y', refused: 'columns' },
    {
      is: 'tags that are no JSON, and a date that is none',
      row: player({ identifier: fcm('tags'), tags: '{plan:pro}', last_active: '3/4/24' }),
      token: fcm('tags'),
      device: { tags: {} },
      warnings: ['tags_ignored', 'date_ignored'],
    },
    {
      is: 'a token of Firebase on iOS',
      row: player({ identifier: fcm('apple'), device_type: '0' }),
      token: fcm('apple'),
      device: { platform: 'ios', provider: 'fcm' },
      warnings: ['provider_from_token'],
    },
  ],
}

const installation = (of: object) => JSON.stringify({ deviceType: 'android', ...of })
const parseCases: readonly Case[] = [
  {
    is: 'an iPhone of the REST API',
    row: installation({
      ...{ deviceType: 'ios', deviceToken: hex('p1'), channels: ['news', ''], appVersion: '2.2' },
      ...{ timeZone: 'Europe/Berlin', localeIdentifier: 'de-DE', createdAt: '2024-08-04T06:56:23.784Z' },
      ...{ updatedAt: '2025-04-01T00:00:00.000Z', user: { __type: 'Pointer', objectId: 'anna' } },
    }),
    token: hex('p1'),
    device: {
      ...{ platform: 'ios', topics: ['news'], appVersion: '2.2', language: 'de-DE' },
      ...{ timezone: 'Europe/Berlin', createdAt: '2024-08-04T06:56:23.784Z', userId: 'anna' },
      lastSeenAt: '2025-04-01T00:00:00.000Z',
    },
  },
  {
    is: 'an Android phone of a database',
    row: installation({
      ...{ deviceToken: fcm('mongo'), _created_at: { $date: '2024-08-04T06:56:23.784Z' } },
      ...{ _updated_at: { $date: { $numberLong: '1743465600000' } }, _p_user: '_User$bob' },
    }),
    token: fcm('mongo'),
    device: { userId: 'bob', createdAt: '2024-08-04T06:56:23.784Z', lastSeenAt: '2025-04-01T00:00:00.000Z' },
  },
  {
    is: 'a date that is an object, and no channels',
    row: installation({
      deviceToken: fcm('d'),
      channels: null,
      updatedAt: { __type: 'Date', iso: '2025-04-01T00:00:00.000Z' },
    }),
    token: fcm('d'),
    device: { lastSeenAt: '2025-04-01T00:00:00.000Z' },
  },
  {
    is: 'Windows',
    row: installation({ deviceType: 'winrt', deviceToken: 'https://wns.example/y' }),
    token: 'https://wns.example/y',
    device: { platform: 'windows', provider: 'wns' },
  },
  { is: 'no token', row: installation({ installationId: 'k3' }), refused: 'no_token' },
  { is: 'a token that is null', row: installation({ deviceToken: null }), refused: 'no_token' },
  { is: 'a token that says null', row: installation({ deviceToken: 'null' }), refused: 'no_token' },
  { is: 'a token that is a number', row: installation({ deviceToken: 7 }), refused: 'type' },
  {
    is: 'a type that is none',
    row: installation({ deviceType: 'embedded', deviceToken: 'x' }),
    refused: 'platform_unknown',
  },
  { is: 'no object', row: '"text"', refused: 'not_object' },
  {
    is: 'channels that are no list',
    row: installation({ deviceToken: fcm('text'), channels: 'news' }),
    token: fcm('text'),
    warnings: ['topics_ignored'],
  },
]

const ups: Table = {
  format: 'ups-json',
  query: 'platform=android',
  file: (rows) => `[${rows.join(',\n')}]`,
  cases: [
    {
      is: 'a tablet',
      row: JSON.stringify({
        ...{ deviceToken: fcm('u1'), deviceType: 'Tablet', osVersion: '12', alias: 'anna', enabled: true },
        ...{ platform: null, categories: ['news', { id: 34, name: 'sport' }] },
      }),
      token: fcm('u1'),
      device: { osVersion: '12', topics: ['news', 'sport'] },
    },
    {
      is: 'one that is switched off',
      row: JSON.stringify({ deviceToken: fcm('u2'), enabled: false, alias: null, categories: [] }),
      token: fcm('u2'),
      device: { active: false },
      warnings: ['inactive'],
    },
    { is: 'no token', row: '{"deviceToken":"","enabled":true}', refused: 'no_token' },
    { is: 'no object', row: '17', refused: 'not_object' },
    {
      is: 'categories that have no names',
      row: JSON.stringify({ deviceToken: fcm('u3'), categories: [{ id: 1 }] }),
      token: fcm('u3'),
      warnings: ['topics_ignored'],
    },
  ],
}

const sns: Table = {
  format: 'sns-csv',
  query: 'platform=ios&environment=production',
  file: (rows) => rows.join('\n'),
  cases: [
    { is: 'a token alone', row: hex('s0'), token: hex('s0'), device: { environment: 'production' } },
    {
      is: 'a text',
      row: `${hex('s1')},user=1786`,
      token: hex('s1'),
      device: { tags: { CustomUserData: 'user=1786' } },
    },
    {
      is: 'a document',
      row: `${hex('s2')},"{""id"":37,""note"":""a, \\""b\\""""}"`,
      token: hex('s2'),
      device: { tags: { CustomUserData: '{"id":37,"note":"a, \\"b\\""}' } },
    },
    {
      is: 'a number',
      row: `${hex('s3')},007`,
      token: hex('s3'),
      device: { tags: { CustomUserData: '007' } },
    },
    {
      is: 'many semicolons',
      row: `${hex('s4')},a;b;c;d;e`,
      token: hex('s4'),
      device: { tags: { CustomUserData: 'a;b;c;d;e' } },
    },
    {
      is: 'the name of an endpoint',
      row: 'arn:aws:sns:us-east-1:1:endpoint/APNS/a/b,x',
      refused: 'token_form',
    },
    { is: 'three cells', row: `${hex('s5')},a,b`, refused: 'columns' },
    { is: 'no token', row: ',user', refused: 'no_token' },
    {
      is: 'too much',
      row: `${hex('s6')},${'x'.repeat(2049)}`,
      token: hex('s6'),
      device: { tags: {} },
      warnings: ['tags_ignored'],
    },
    { is: 'capital digits', row: hex('s7').toUpperCase(), token: hex('s7').toUpperCase() },
  ],
}

const channel = (of: object) => JSON.stringify({ installed: true, opt_in: true, ...of })
const airship: Table = {
  format: 'airship-json',
  file: (rows) => `{"ok":true,"channels":[${rows.join(',')}],"next_page":"https://x.example"}`,
  cases: [
    {
      is: 'an iPhone',
      row: channel({
        ...{ device_type: 'ios', push_address: hex('a1').toUpperCase(), created: '2024-07-15T08:31:43' },
        ...{ last_registration: 'UNKNOWN', named_user_id: 'anna', alias: 'other', tags: ['vip'] },
      }),
      token: hex('a1').toUpperCase(),
      device: { platform: 'ios', createdAt: '2024-07-15T08:31:43.000Z', tags: { tags: ['vip'] } },
      warnings: ['date_ignored'],
    },
    {
      is: 'a browser',
      row: channel({
        ...{ device_type: 'web', push_address: `${ENDPOINT}air` },
        web: { subscription: { p256dh: P256DH, auth: AUTH } },
      }),
      token: `${ENDPOINT}air`,
      device: { provider: 'webpush' },
    },
    {
      is: 'who opted out',
      row: channel({ device_type: 'android', opt_in: false, push_address: fcm('o') }),
      refused: 'unsubscribed',
    },
    {
      is: 'who uninstalled',
      row: channel({ device_type: 'ios', installed: false, push_address: hex('z') }),
      refused: 'unsubscribed',
    },
    { is: 'an open channel', row: channel({ device_type: 'open' }), refused: 'platform_unknown' },
    { is: 'no token', row: channel({ device_type: 'android' }), refused: 'no_token' },
    {
      is: 'tags that are no list',
      row: channel({ device_type: 'android', push_address: fcm('a2'), tags: 'vip' }),
      token: fcm('a2'),
      warnings: ['tags_ignored'],
    },
  ],
}

const registration = (kind: string, members: Readonly<Record<string, string>>) =>
  `<${kind}RegistrationDescription xmlns="x"><ETag>1</ETag>${Object.entries(members)
    .map(([name, text]) => `<${name}>${text}</${name}>`)
    .join('')}</${kind}RegistrationDescription>`
const azure: Table = {
  format: 'azure-xml',
  before: 1,
  file: (rows) => `\ufeff<?xml version="1.0"?>\n${rows.join('\r\n')}\n`,
  cases: [
    {
      is: 'an iPhone',
      row: registration('Apple', {
        ...{
          ExpirationTime: '9999-12-31T23:59:59.999',
          Tags: 'news, user:7,a&amp;b',
          DeviceToken: hex('z1').toUpperCase(),
        },
      }),
      token: hex('z1').toUpperCase(),
      device: { platform: 'ios', tags: { tags: ['news', 'user:7', 'a&b'] } },
    },
    {
      is: 'an old Android phone',
      row: registration('Gcm', { GcmRegistrationId: fcm('z2') }),
      token: fcm('z2'),
    },
    {
      is: 'a template',
      row: registration('FcmV1Template', { FcmV1RegistrationId: fcm('z3'), BodyTemplate: '&lt;x&gt;' }),
      token: fcm('z3'),
    },
    {
      is: 'Windows',
      row: registration('Windows', { ChannelUri: 'https://wns.example/?a=1&amp;b=2' }),
      token: 'https://wns.example/?a=1&b=2',
    },
    {
      is: 'Kindle',
      row: registration('Adm', { AdmRegistrationId: 'amzn1.x' }),
      token: 'amzn1.x',
      device: { platform: 'amazon' },
    },
    {
      is: 'one whose time is over',
      row: registration('Gcm', { ExpirationTime: '2020-01-01T00:00:00', GcmRegistrationId: fcm('z4') }),
      refused: 'expired',
    },
    {
      is: 'a service that has ended',
      row: registration('Mpns', { ChannelUri: 'https://x.example' }),
      refused: 'platform_unknown',
    },
    { is: 'no token', row: registration('Apple', { Tags: 'x' }), refused: 'no_token' },
    { is: 'no element', row: 'Error: timed out', refused: 'not_object' },
  ],
}

const TABLES: readonly Table[] = [
  onesignal,
  { format: 'parse-json', file: (rows) => `{"results":[\n${rows.join(',\n')}]}`, cases: parseCases },
  {
    format: 'parse-json',
    file: (rows) => rows.join('\n'),
    cases: parseCases.filter(({ row }) => row.startsWith('{')),
  },
  { format: 'parse-json', file: (rows) => `[${rows.join(',')}]`, cases: parseCases },
  ups,
  sns,
  airship,
  azure,
]

describe.each(TABLES)(`9.1 a file of $format on ${runtimeName}`, (table) => {
  test('ends row by row as the table says, in a dry run too, and once', () => endsAsTold(table))
})

test.each(['ups-json', 'sns-csv'])(
  `on ${runtimeName}, a file of %s needs the platform, and any a dialect`,
  async (format) => {
    const office = await createOffice({ backendless: {} })
    expect((await office.upload(`format=${format}&dialect=backendless`, '')).status).toBe(400)
    expect((await office.upload(`format=${format}&platform=ios`, '')).status).toBe(400)
  },
)
