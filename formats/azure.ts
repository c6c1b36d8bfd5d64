import type { Platform } from '../src/domain/device.ts'
import type { Provider } from '../src/domain/push-token.ts'
import type { Format, RawRow } from '../src/transfer/format.ts'

/** By what a registration is called: its platform, and the member that holds its token. */
const KINDS: Readonly<Record<string, readonly [Platform, Provider, token: string]>> = {
  Apple: ['ios', 'apns', 'DeviceToken'],
  Gcm: ['android', 'fcm', 'GcmRegistrationId'],
  FcmV1: ['android', 'fcm', 'FcmV1RegistrationId'],
  Windows: ['windows', 'wns', 'ChannelUri'],
  Adm: ['amazon', 'adm', 'AdmRegistrationId'],
  Browser: ['web', 'webpush', 'Endpoint'],
}
const KIND = /<(\w+?)(?:Template)?RegistrationDescription[\s>]/
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The registrations of a hub of Azure, an element a line. */
export const azure: Format = {
  name: 'azure-xml',
  shape: 'texts',
  foreign: true,
  read:
    () =>
    ({ raw, fault }) => {
      if (fault) return { fault }
      const kind = KIND.exec(raw)?.[1]
      // A declaration, or what some tools put around the lines.
      if (kind === undefined)
        return /^\s*<[?/\w]/.test(raw) ? { skip: 'unknown_type' } : { fault: 'not_object' }
      return rowOf(kind, raw)
    },
}

function rowOf(kind: string, text: string): RawRow {
  const [platform, provider, name = 'DeviceToken'] = KINDS[kind] ?? []
  const ends = memberOf(text, 'ExpirationTime')
  const tags = memberOf(text, 'Tags')
    ?.split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
  return {
    token: memberOf(text, name),
    platform: platform ?? null,
    provider,
    ...(provider === 'webpush' && {
      keys: { p256dh: memberOf(text, 'P256DH'), auth: memberOf(text, 'Auth') },
    }),
    // The last day that its calendar has stands for none.
    expiresAt: ends?.startsWith('9999-') ? undefined : ends,
    tags: tags && tags.length > 0 ? [{ name: 'tags', value: tags, type: 'list' }] : [],
    isTable: true,
    fields: { token: name, platform: `${kind}RegistrationDescription` },
  }
}

function memberOf(text: string, name: string): string | undefined {
  const found = new RegExp(`<${name}(?:\\s[^>]*)?>([^<]*)</${name}>`).exec(text)?.[1]
  return found?.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, word) => {
    const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : Number.NaN
    return code <= 0x10ffff ? String.fromCodePoint(code) : (ENTITIES[word] ?? whole)
  })
}
