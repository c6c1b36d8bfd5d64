import { fcm } from './kit.ts'
import {
  ANDROID,
  anywhere,
  BYTE,
  cells,
  ids,
  type NastyFile,
  NO_HEX,
  nextId,
  rejected,
  type Said,
  SEEN,
  seen,
  skipped,
  taken,
  tokenOf,
} from './nasty-rows.ts'

function pushwoosh(): NastyFile {
  const row = ({ id = nextId(), token, platform = 3, user }: Said) =>
    cells(id, user, token, platform, 'x', 7, SEEN)
  const way = { row, ios: 1, android: 3, names: { id: 'Hwid', token: 'Push Token', platform: 'Type' } }
  const good = (n: number) => row({ id: `good ${n}`, token: tokenOf(ANDROID, n), user: `user ${n}` })
  return {
    ...{ format: 'pushwoosh-csv', dialect: 'pushwoosh', query: '', ...ANDROID, good },
    own: (n) => ({ externalId: `good ${n}`, userId: `user ${n}`, ...seen, tags: { Level: 7 } }),
    file: (rows) =>
      ['Hwid,User ID,Push Token,Type,Type (humanized),Level,Last Application Open', ...rows].join('\r\n'),
    nasty: [
      ...anywhere(way),
      ...ids(way),
      rejected(row({ token: fcm('nasty'), platform: 99 }), 'platform_unknown', 'Type'),
      rejected(`${row({ token: fcm('nasty') })},x`, 'columns'),
      rejected(`"z"5,,${fcm('nasty')},3,x,7,`, 'csv_quote'),
      rejected(row({ id: `nasty${BYTE}`, token: fcm('nasty') }), 'encoding'),
      skipped(good(1), 'duplicate_in_file'),
    ],
  }
}

function backendless(): NastyFile {
  const row = (
    { id = nextId(), token, platform = 'ANDROID' }: Said,
    channel = 'news',
    end = '',
    updated = '1746057600000',
  ) => cells(id, token, platform, channel, end, updated)
  const names = { id: 'deviceId', token: 'deviceToken', platform: 'operatingSystemName' }
  const way = { row, ios: 'IOS', android: 'ANDROID', names }
  return {
    ...{ format: 'backendless-csv', dialect: 'backendless', query: '', ...ANDROID },
    good: (n) => row({ id: `good ${n}`, token: tokenOf(ANDROID, n) }),
    own: (n) => ({ externalId: `good ${n}`, topics: ['news'], ...seen }),
    file: (rows) =>
      ['deviceId,deviceToken,operatingSystemName,channelName,expiration,updated', ...rows].join('\n'),
    nasty: [
      ...anywhere(way),
      ...ids(way),
      skipped(row({ token: fcm('nasty') }, 'news', '02/05/2014 18:13:40 GMT+0000'), 'expired'),
      taken(row({ token: fcm('odd6') }, 'news', 'never'), 'date_ignored'),
      taken(row({ token: fcm('odd7') }, 'a::b'), 'topic_dropped'),
      rejected(`${row({ token: fcm('nasty') })},x`, 'columns'),
      rejected(row({ id: `nasty${BYTE}`, token: fcm('nasty') }), 'encoding'),
    ],
  }
}

function mobilefirst(): NastyFile {
  const row = ({ id: deviceId = nextId(), token, platform = 'G', user: userId }: Said) =>
    JSON.stringify({ deviceId, token, platform, userId, lastUpdatedTime: SEEN })
  const way = { row, ios: 'A', android: 'G', names: { id: 'deviceId', token: 'token', platform: 'platform' } }
  return {
    ...{ format: 'mobilefirst-json', dialect: 'mobilefirst', query: '', ...ANDROID },
    good: (n) => row({ id: `good ${n}`, token: tokenOf(ANDROID, n), user: `user ${n}` }),
    own: (n) => ({ externalId: `good ${n}`, userId: `user ${n}`, topics: ['Push.ALL'], ...seen }),
    file: (rows) => `{"devices":[${rows.join(',')}]}`,
    nasty: [
      ...anywhere(way),
      ...ids(way),
      rejected(row({ platform: 'Z', token: fcm('nasty') }), 'platform_unknown', 'platform'),
      rejected(row({ id: 7, token: fcm('nasty') }), 'type', 'deviceId'),
      rejected(row({ id: 'nasty\ud800', token: fcm('nasty') }), 'encoding', 'deviceId'),
      rejected('[1]', 'not_object'),
      taken(row({}), 'no_token'),
    ],
  }
}

const FIREBASE = [NO_HEX, fcm('odd4')]

function flameup(): NastyFile {
  const row = ({ token, platform = 'android', user = 'anna' }: Said, more: object = {}) =>
    JSON.stringify({
      ...{ workspace_id: 'ws', person_id: user, device_token: token, platform, last_used_at: SEEN, ...more },
    })
  const names = { id: 'id', token: 'device_token', platform: 'platform' }
  const way = { row, ios: 'ios', android: 'android', names }
  return {
    ...{ format: 'flameup-json', dialect: 'flameup', query: 'sourceApp=ws', ...ANDROID },
    good: (n) => row({ token: tokenOf(ANDROID, n), user: `user ${n}` }),
    own: (n) => ({ externalId: tokenOf(ANDROID, n), userId: `user ${n}`, ...seen }),
    file: (rows) => `{"devices":[${rows.join(',')}]}`,
    nasty: [
      ...anywhere(way)
        // On iOS, a token that is not hexadecimal belongs to Firebase (migration.md 1.5).
        .map((one) => (FIREBASE.some((token) => one.row.includes(token)) ? taken(one.row) : one)),
      rejected(row({ platform: 'tv', token: fcm('nasty') }), 'platform_unknown', 'platform'),
      rejected(row({ token: null }), 'no_identity'),
      rejected('17', 'not_object'),
      skipped(row({ token: fcm('nasty') }, { workspace_id: 'ws_2' }), 'other_app'),
      taken(row({ token: fcm('odd6') }, { is_valid: false }), 'inactive'),
      taken(row({ token: fcm('odd7'), user: null }), 'no_user'),
      taken(row({ token: fcm('odd8') }, { id: '0c1d' }), 'id_replaced'),
    ],
  }
}

function ndjson(): NastyFile {
  const row = ({ id: externalId = nextId(), token, platform = 'android', user }: Said, more: object = {}) =>
    JSON.stringify({ externalId, token, platform, userId: user, lastSeenAt: SEEN, ...more })
  const names = { id: 'externalId', token: 'token', platform: 'platform' }
  const way = { row, ios: 'ios', android: 'android', names }
  return {
    ...{ format: 'ndjson', dialect: 'pushwoosh', query: '', ...ANDROID },
    good: (n) => row({ id: `good ${n}`, token: tokenOf(ANDROID, n), user: `user ${n}` }),
    own: (n) => ({ externalId: `good ${n}`, userId: `user ${n}`, ...seen }),
    file: (rows) => rows.join('\n'),
    nasty: [
      ...anywhere(way),
      ...ids(way),
      rejected('{"externalId":', 'not_json'),
      rejected('[]', 'not_object'),
      rejected(row({ platform: 'nokia', token: fcm('nasty') }), 'platform_unknown', 'platform'),
      skipped(row({ token: fcm('nasty') }, { type: 'later' }), 'unknown_type'),
      skipped(row({ token: fcm('nasty') }, { dialect: 'flameup' }), 'other_dialect'),
    ],
  }
}

function csv(): NastyFile {
  const row = ({ id = nextId(), token, platform = 'android', user }: Said) =>
    cells(id, token, platform, user, SEEN)
  const names = { id: 'externalId', token: 'token', platform: 'platform' }
  const way = { row, ios: 'ios', android: 'android', names }
  const good = (n: number) => row({ id: `good ${n}`, token: tokenOf(ANDROID, n), user: `user ${n}` })
  return {
    ...{ format: 'csv', dialect: 'pushwoosh', query: '', ...ANDROID, good },
    own: (n) => ({ externalId: `good ${n}`, userId: `user ${n}`, ...seen }),
    file: (rows) => ['externalId,token,platform,userId,lastSeenAt', ...rows].join('\r\n'),
    nasty: [
      ...anywhere(way),
      ...ids(way),
      rejected(`${row({ token: fcm('nasty') })},x`, 'columns'),
      rejected(`"z"5,${fcm('nasty')},android,,`, 'csv_quote'),
      rejected(row({ id: `nasty${BYTE}`, token: fcm('nasty') }), 'encoding'),
      rejected(row({ platform: 'nokia', token: fcm('nasty') }), 'platform_unknown', 'platform'),
      skipped(good(1), 'duplicate_in_file'),
    ],
  }
}

/** One file for each format of a dialect, and for our own. */
export const OWN: readonly NastyFile[] = [
  pushwoosh(),
  backendless(),
  mobilefirst(),
  flameup(),
  ndjson(),
  csv(),
]
