import { fcm } from './kit.ts'
import {
  ANDROID,
  APNS_TOKENS,
  anywhere,
  BYTE,
  cells,
  FCM_TOKENS,
  FOREIGN,
  IOS,
  type NastyFile,
  odd,
  ofTokens,
  rejected,
  type Said,
  SEEN,
  seen,
  skipped,
  TOKENS,
  taken,
  tokenOf,
  trimmed,
} from './nasty-rows.ts'
import { hex } from './tables.ts'

function onesignal(): NastyFile {
  const row = (
    { token, platform = 1, user, seen: at = '1746057600' }: Said,
    tags = '{"plan":"pro"}',
    invalid = 'f',
  ) => cells('x', token, platform, tags, at, invalid, user)
  const way = { row, ios: 0, android: 1, names: { ...FOREIGN, token: 'identifier', platform: 'device_type' } }
  return {
    ...{ format: 'onesignal-csv', dialect: 'backendless', query: '', ...ANDROID, quiet: ['placeholder'] },
    good: (n) => row({ token: tokenOf(ANDROID, n), user: `user ${n}` }),
    own: (n) => ({ userId: `user ${n}`, tags: { plan: 'pro' }, ...seen }),
    file: (rows) =>
      ['id,identifier,device_type,tags,last_active,invalid_identifier,external_user_id', ...rows].join('\n'),
    nasty: [
      ...anywhere(way),
      rejected(row({ platform: 3, token: fcm('nasty') }), 'platform_unknown', 'device_type'),
      rejected('x,y', 'columns'),
      rejected(row({ token: fcm('nasty'), user: BYTE }), 'encoding'),
      skipped(row({ token: fcm('nasty') }, '{}', 't'), 'unsubscribed'),
      skipped(row({ token: '' }), 'no_token'),
      taken(row({ token: fcm('odd6') }, '{plan:pro}'), 'tags_ignored'),
      taken(row({ token: fcm('odd7'), seen: '3/4/24' }), 'date_ignored'),
    ],
  }
}

function parse(): NastyFile {
  const row = ({ token, platform = 'android', seen: at = SEEN }: Said, channels: unknown = ['news']) =>
    JSON.stringify({ deviceToken: token, deviceType: platform, channels, updatedAt: at })
  const names = { ...FOREIGN, token: 'deviceToken', platform: 'deviceType' }
  const way = { row, ios: 'ios', android: 'android', names }
  return {
    ...{ format: 'parse-json', dialect: 'backendless', query: '', ...ANDROID, quiet: ['placeholder'] },
    good: (n) => row({ token: tokenOf(ANDROID, n) }),
    own: () => ({ topics: ['news'], ...seen }),
    file: (rows) => rows.join('\n'),
    nasty: [
      ...anywhere(way),
      rejected(row({ platform: 'embedded', token: fcm('nasty') }), 'platform_unknown', 'deviceType'),
      rejected(row({ token: 7 }), 'type', 'deviceToken'),
      rejected('[17]', 'not_object'),
      skipped(row({}), 'no_token'),
      skipped(row({ token: 'null' }), 'no_token'),
      taken(row({ token: fcm('odd6') }, 'news'), 'topics_ignored'),
      taken(row({ token: fcm('odd7'), seen: 'yesterday' }), 'date_ignored'),
    ],
  }
}

function airship(): NastyFile {
  const row = ({ token, platform = 'android', user, seen: at = SEEN }: Said, more: object = {}) =>
    JSON.stringify({
      ...{ push_address: token, device_type: platform, named_user_id: user, last_registration: at },
      ...{ installed: true, opt_in: true, tags: ['vip'], ...more },
    })
  const names = { ...FOREIGN, token: 'push_address', platform: 'device_type' }
  const way = { row, ios: 'ios', android: 'android', names }
  return {
    ...{ format: 'airship-json', dialect: 'backendless', query: '', ...ANDROID, quiet: ['placeholder'] },
    good: (n) => row({ token: tokenOf(ANDROID, n), user: `user ${n}` }),
    own: (n) => ({ userId: `user ${n}`, tags: { tags: ['vip'] }, ...seen }),
    file: (rows) => `{"channels":[${rows.join(',')}]}`,
    nasty: [
      ...anywhere(way),
      rejected(row({ platform: 'open', token: fcm('nasty') }), 'platform_unknown', 'device_type'),
      rejected('17', 'not_object'),
      skipped(row({ token: fcm('nasty') }, { opt_in: false }), 'unsubscribed'),
      skipped(row({ token: fcm('nasty') }, { installed: false }), 'unsubscribed'),
      skipped(row({}), 'no_token'),
      taken(row({ token: fcm('odd6') }, { tags: 'vip' }), 'tags_ignored'),
      taken(row({ token: fcm('odd7'), seen: 'UNKNOWN' }), 'date_ignored'),
    ],
  }
}

function ups(): NastyFile {
  const row = ({ token, user: alias }: Said, more: object = {}) =>
    JSON.stringify({ deviceToken: token, alias, categories: ['news'], ...more })
  const way = { row, names: { ...FOREIGN, token: 'deviceToken' } }
  const good = (n: number) => row({ token: tokenOf(ANDROID, n), user: `user ${n}` })
  return {
    ...{ format: 'ups-json', dialect: 'backendless', query: 'platform=android', ...ANDROID, good },
    quiet: ['placeholder'],
    own: (n) => ({ userId: `user ${n}`, topics: ['news'] }),
    file: (rows) => `[${rows.join(',')}]`,
    nasty: [
      ...ofTokens(way, TOKENS),
      ...ofTokens(way, FCM_TOKENS),
      ...trimmed(way, fcm),
      ...['', null, 'n/a'].map((token) => skipped(row({ token }), 'no_token')),
      ...[7, {}].map((token) => rejected(row({ token }), 'type', 'deviceToken')),
      ...['17', '"text"', 'null'].map((one) => rejected(one, 'not_object')),
      taken(row({ token: fcm('odd6') }, { categories: [{ id: 1 }] }), 'topics_ignored'),
      taken(row({ token: fcm('odd7') }, { categories: 'news' }), 'topics_ignored'),
      taken(row({ token: fcm('odd8') }, { enabled: false }), 'inactive'),
      rejected(row({ token: `\ud800${fcm('nasty')}` }), 'encoding', 'deviceToken'),
      skipped(good(1), 'duplicate_in_file'),
    ],
  }
}

function sns(): NastyFile {
  const row = ({ token }: Said, data?: string) => cells(token, data)
  const way = { row, names: { ...FOREIGN, token: '1' } }
  const good = (n: number) => row({ token: tokenOf(IOS, n) }, `user=${n}`)
  return {
    ...{ format: 'sns-csv', dialect: 'backendless', query: 'platform=ios', ...IOS, good },
    quiet: ['placeholder'],
    own: (n) => ({ tags: { CustomUserData: `user=${n}` } }),
    file: (rows) => rows.join('\n'),
    nasty: [
      ...ofTokens(way, TOKENS),
      ...ofTokens(way, APNS_TOKENS),
      ...trimmed(way, hex),
      ...odd(way),
      rejected('arn:aws:sns:us-east-1:1:endpoint/APNS/a/b,x', 'token_form', '1'),
      ...[`${hex('nasty')},a,b`, `${hex('nasty')},a,b,c`].map((one) => rejected(one, 'columns')),
      ...[',user', 'null,user', ' ,user'].map((one) => skipped(one, 'no_token')),
      rejected(`"z"5,${hex('nasty')}`, 'csv_quote'),
      rejected(row({ token: hex('nasty') }, BYTE), 'encoding'),
      taken(row({ token: hex('odd6') }, 'x'.repeat(2049)), 'tags_ignored'),
      skipped(good(1), 'duplicate_in_file'),
    ],
  }
}

function azure(): NastyFile {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const registration = (kind: string, members: Readonly<Record<string, unknown>>) =>
    `<${kind}RegistrationDescription xmlns="x">${Object.entries({ Tags: 'news,vip', ...members })
      .map(([name, value]) => `<${name}>${escaped(String(value))}</${name}>`)
      .join('')}</${kind}RegistrationDescription>`
  const android = ({ token }: Said, more: object = {}) =>
    registration('FcmV1', { FcmV1RegistrationId: token, ...more })
  const apple = ({ token }: Said) => registration('Apple', { DeviceToken: token })
  const [ofAndroid, ofApple] = [
    { row: android, names: { ...FOREIGN, token: 'FcmV1RegistrationId' } },
    { row: apple, names: { ...FOREIGN, token: 'DeviceToken' } },
  ]
  const good = (n: number) => android({ token: tokenOf(ANDROID, n) })
  return {
    ...{ format: 'azure-xml', dialect: 'backendless', query: '', ...ANDROID, quiet: ['placeholder'], good },
    own: () => ({ tags: { tags: ['news', 'vip'] } }),
    file: (rows) => rows.join('\n'),
    nasty: [
      ...ofTokens(ofAndroid, TOKENS),
      ...ofTokens(ofAndroid, FCM_TOKENS),
      ...ofTokens(ofApple, APNS_TOKENS),
      ...trimmed(ofAndroid, fcm),
      ...odd(ofApple),
      rejected(
        registration('Mpns', { ChannelUri: 'https://x.example' }),
        'platform_unknown',
        'MpnsRegistrationDescription',
      ),
      rejected('Error: timed out', 'not_object'),
      skipped('<Summary>200</Summary>', 'unknown_type'),
      skipped(registration('Apple', {}), 'no_token'),
      skipped(android({ token: fcm('nasty') }, { ExpirationTime: '2020-01-01T00:00:00' }), 'expired'),
      taken(android({ token: fcm('odd6') }, { ExpirationTime: 'never' }), 'date_ignored'),
      skipped(good(1), 'duplicate_in_file'),
    ],
  }
}

/** One file for each format of a vendor without a dialect. */
export const FOREIGNERS: readonly NastyFile[] = [onesignal(), parse(), ups(), sns(), airship(), azure()]
