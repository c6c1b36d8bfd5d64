import { describe, expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import { fcm } from './kit.ts'
import { type Case, endsAsTold, hex, type Table } from './tables.ts'

const cells = (...list: readonly string[]) =>
  list.map((text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(',')

const segment = (id: string, token: string, type: string, ...more: readonly string[]) => {
  const [user = '', level = '', list = '', opened = ''] = more
  return cells(id, user, token, type, 'x', level, list, opened)
}
const pushwoosh: Table = {
  format: 'pushwoosh-csv',
  dialect: 'pushwoosh',
  file: (rows) =>
    ['Hwid,User ID,Push Token,Type,Type (humanized),Level,Favourites,Last Application Open', ...rows].join(
      '\r\n',
    ),
  cases: [
    {
      is: 'an iPhone with a list, a number and a time',
      row: segment('848C', hex('p1'), '1', 'anna', '007', '["ski","jazz"]', '1740528000'),
      token: hex('p1'),
      device: {
        ...{ externalId: '848C', platform: 'ios', userId: 'anna', lastSeenAt: '2025-02-26T00:00:00.000Z' },
        tags: { Level: '007', Favourites: ['ski', 'jazz'], 'Last Application Open': '1740528000' },
      },
    },
    {
      is: 'a user that is the device',
      row: segment('d9fb', fcm('p2'), '3', 'd9fb'),
      token: fcm('p2'),
      device: { userId: null, tags: {} },
    },
    {
      is: 'an address that is the id',
      row: segment('Anna@example.com', '', '14'),
      token: 'Anna@example.com',
      device: { platform: 'email', provider: 'email' },
    },
    { is: 'an address that is none', row: segment('anna', '', '14'), refused: 'email_form' },
    { is: 'a phone number', row: segment('+491701234567', '', '18'), token: '+491701234567' },
    { is: 'a type that there is not', row: segment('x', fcm('p3'), '99'), refused: 'platform_unknown' },
    { is: 'no type', row: segment('x', fcm('p4'), ''), refused: 'platform_unknown' },
    {
      is: 'an id of a spreadsheet',
      row: segment('1,23456E+16', fcm('p5'), '3'),
      refused: 'scientific_notation',
    },
    { is: 'a token of a spreadsheet', row: segment('y', '5.63E+71', '1'), refused: 'scientific_notation' },
    {
      is: 'an id of Android that looks like one',
      row: segment('9774e56682514030', fcm('p6'), '3'),
      token: fcm('p6'),
    },
    { is: 'neither id nor token', row: segment('', '', '3'), refused: 'no_identity' },
    {
      is: 'an id without token',
      row: segment('tokenless', 'n/a', '3'),
      device: { externalId: 'tokenless', token: null },
      warnings: ['no_token'],
    },
    { is: 'an id that all have', row: segment('0000000000000000', '', '3'), refused: 'no_identity' },
    {
      is: 'blanks around',
      row: segment(' spaced\u00a0', ` ${fcm('p7')}`, '3'),
      token: fcm('p7'),
      device: { externalId: 'spaced' },
      warnings: ['trimmed'],
    },
    {
      is: 'brackets around an APNs token',
      row: segment('z', `<${hex('p8').slice(0, 8)} ${hex('p8').slice(8)}>`, '1'),
      token: hex('p8'),
      warnings: ['token_cleaned'],
    },
    {
      is: 'a description of a token',
      row: segment('z2', '{length = 32, bytes = 0x1}', '1'),
      refused: 'token_description',
    },
    { is: 'a cell too many', row: `${segment('z3', fcm('p9'), '3')},x`, refused: 'columns' },
    { is: 'a quote that is never closed', row: `"z4,,${fcm('p10')},3,x,,,`, refused: 'csv_quote' },
    { is: 'a quote in the wrong place', row: `"z"5,,${fcm('p11')},3,x,,,`, refused: 'csv_quote' },
    {
      is: 'a line break in a cell',
      row: segment('line\nbreak', fcm('p12'), '3'),
      refused: 'control_character',
    },
    {
      is: 'a date that is none',
      row: segment('z6', fcm('p13'), '3', '', '', '', '45000'),
      token: fcm('p13'),
      warnings: ['date_ignored'],
    },
    {
      is: 'a browser without keys',
      row: segment('z7', 'https://push.example/x', '11'),
      token: 'https://push.example/x',
      warnings: ['webpush_keys_missing'],
    },
    {
      is: 'a user who is too long',
      row: segment('z8', fcm('p14'), '3', 'u'.repeat(513)),
      token: fcm('p14'),
      device: { userId: null },
      warnings: ['user_dropped'],
    },
    { is: 'a token too long', row: segment('z9', 'x'.repeat(4097), '3'), refused: 'token_too_long' },
    { is: 'a token of Expo', row: segment('z10', 'ExpoPushToken[x]', '3'), refused: 'token_expo' },
    {
      is: 'the same row again',
      row: segment('d9fb', fcm('p2'), '3', 'd9fb'),
      refused: 'duplicate_in_file',
    },
  ],
}

const registration = (of: Readonly<Record<string, string>>) =>
  ['objectId', 'deviceId', 'deviceToken', 'operatingSystemName', 'channelName', 'expiration', 'updated']
    .map((name) => `"${of[name] ?? ''}"`)
    .join(';')
const backendless: Table = {
  format: 'backendless-csv',
  dialect: 'backendless',
  file: (rows) =>
    `\ufeffobjectId(STRING_ID);deviceId{TEXT};deviceToken;operatingSystemName;channelName;expiration;updated\r${rows.join('\r')}`,
  cases: [
    {
      is: 'a device in one channel',
      row: registration({
        objectId: 'o1',
        updated: '1737096911551',
        deviceId: 'one',
        deviceToken: fcm('b1'),
        operatingSystemName: 'Android',
      }),
      token: fcm('b1'),
      device: { externalId: 'one', topics: ['default', 'news'] },
    },
    {
      is: 'the same in another',
      row: registration({
        ...{ objectId: 'o2', deviceId: 'one', deviceToken: fcm('b1'), operatingSystemName: 'ANDROID' },
        channelName: 'news',
        updated: '1693032911551',
      }),
      token: fcm('b1'),
      warnings: ['older_values'],
    },
    {
      is: 'a channel that would break its ids',
      row: registration({ deviceId: 'two', deviceToken: hex('b2'), channelName: 'a::b' }),
      token: hex('b2'),
      device: { platform: 'ios', topics: ['default'] },
      warnings: ['topic_dropped'],
    },
    {
      is: 'one whose time is over',
      row: registration({
        deviceId: 'three',
        deviceToken: hex('b3'),
        expiration: '02/05/2014 18:13:40 GMT+0000',
      }),
      refused: 'expired',
    },
    {
      is: 'an end that is none',
      row: registration({ deviceId: 'four', deviceToken: hex('b4'), expiration: 'never' }),
      token: hex('b4'),
      warnings: ['date_ignored'],
    },
    {
      is: 'a description of a token',
      row: registration({
        deviceId: 'five',
        deviceToken: '{length = 32, bytes = 0x12}',
        operatingSystemName: 'IOS',
      }),
      refused: 'token_description',
    },
    { is: 'no id', row: registration({ deviceToken: fcm('b6') }), token: fcm('b6') },
  ],
}

const device = (of: object) => JSON.stringify({ platform: 'G', ...of })
const subscription = (of: object) => JSON.stringify(of)
const PAGES: readonly Case[] = [
  {
    is: 'an iPhone',
    row: device({
      ...{ deviceId: 'm1', platform: 'A', token: hex('m1'), userId: 'anna' },
      ...{ createdTime: '2024-01-02T03:04:05Z', lastUpdatedTime: '2025-05-01T00:00:00Z' },
    }),
    token: hex('m1'),
    device: {
      externalId: 'm1',
      userId: 'anna',
      createdAt: '2024-01-02T03:04:05.000Z',
      topics: ['Push.ALL', 'news'],
    },
  },
  {
    is: 'nobody',
    row: device({ deviceId: 'm2', token: fcm('m2'), userId: 'anonymous' }),
    token: fcm('m2'),
    device: { userId: null, topics: ['Push.ALL'] },
  },
  {
    is: 'a user who is too long',
    row: device({ deviceId: 'm3', token: fcm('m3'), userId: 'u'.repeat(255) }),
    token: fcm('m3'),
    warnings: ['user_dropped'],
  },
  {
    is: 'a platform that there is not',
    row: device({ deviceId: 'm4', platform: 'Z' }),
    refused: 'platform_unknown',
  },
  { is: 'an id that is a number', row: device({ deviceId: 7, token: fcm('m5') }), refused: 'type' },
  {
    is: 'a lone surrogate',
    row: `{"deviceId":"m\\ud800","platform":"G","token":"${fcm('m6')}"}`,
    refused: 'encoding',
  },
  { is: 'no object', row: '[1]', refused: 'not_object' },
]
const SUBSCRIPTIONS: readonly Case[] = [
  { is: 'a subscription', row: subscription({ subscriptionId: 41, deviceId: 'm1', tagName: 'news' }) },
  {
    is: 'of a device that nobody knows',
    row: subscription({ deviceId: 'nobody', tagName: 'news' }),
    refused: 'device_unknown',
  },
  { is: 'of no tag', row: subscription({ deviceId: 'm1' }), refused: 'topic_missing' },
]
const mobilefirst: Table = {
  format: 'mobilefirst-json',
  dialect: 'mobilefirst',
  file: (rows) =>
    `{"devices":[${rows.slice(0, PAGES.length).join(',')}],"pageInfo":{"count":"2"}}\n{"pageInfo":{},"subscriptions":[${rows.slice(PAGES.length).join(',\n')}]}`,
  cases: [...PAGES, ...SUBSCRIPTIONS],
}

const listed = (of: object) =>
  JSON.stringify({ workspace_id: 'ws_1', person_id: 'p1', platform: 'android', ...of })
const flameup: Table = {
  format: 'flameup-json',
  dialect: 'flameup',
  query: 'sourceApp=ws_1',
  file: (rows) => `{"devices":[${rows.join(',')}]}`,
  cases: [
    {
      is: 'an Android phone',
      row: listed({
        ...{ id: '9b254318-90ab-4cde-8f01-23456789abcd', device_token: fcm('f1'), device_model: 'Pixel 7' },
        ...{ is_active: true, updated_at: '2025-05-01T00:00:00Z' },
      }),
      token: fcm('f1'),
      device: { userId: 'p1', model: 'Pixel 7' },
    },
    {
      is: 'an iPhone that is not valid, with an id that is none',
      row: listed({ id: '0c1d', platform: 'IOS', device_token: hex('f2'), is_valid: false }),
      token: hex('f2'),
      device: { platform: 'ios', provider: 'apns', active: false },
      warnings: ['inactive', 'id_replaced'],
    },
    {
      is: 'another workspace',
      row: listed({ workspace_id: 'ws_2', device_token: fcm('f3') }),
      refused: 'other_app',
    },
    {
      is: 'nobody',
      row: listed({ person_id: null, device_token: fcm('f4') }),
      token: fcm('f4'),
      warnings: ['no_user'],
    },
    {
      is: 'a platform that there is not',
      row: listed({ platform: 'tv', device_token: fcm('f5') }),
      refused: 'platform_unknown',
    },
    { is: 'no token', row: listed({ device_token: null }), refused: 'no_identity' },
  ],
}

describe.each([pushwoosh, backendless, mobilefirst, flameup])(
  `9.1 a file of $format on ${runtimeName}`,
  (table) => {
    test('ends row by row as the table says, in a dry run too, and once', async () => {
      const { done } = await endsAsTold(table)
      expect(done.rows.total).toBe(table.cases.length)
    })
  },
)
