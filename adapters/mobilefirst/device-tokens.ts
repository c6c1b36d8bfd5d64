import { isSharedId } from '../../src/domain/absent.ts'
import type { Device, Platform } from '../../src/domain/device.ts'
import { fromBase64Url, toBase64Url } from '../../src/domain/encoding.ts'
import { GatewayError } from '../../src/domain/error.ts'
import type { Provider, PushTokenDraft } from '../../src/domain/push-token.ts'
import { mapOf, parseJsonText } from '../../src/wire/json.ts'
import { fault } from './errors.ts'
import type { Call } from './operations.ts'
import { textOf } from './values.ts'

/** Platform codes and the push service of each (section 13). */
export const PLATFORMS: Readonly<
  Record<string, { readonly platform: Platform; readonly provider: Provider }>
> = {
  A: { platform: 'ios', provider: 'apns' },
  G: { platform: 'android', provider: 'fcm' },
  W: { platform: 'windows', provider: 'wns' },
  WEB_CHROME: { platform: 'web', provider: 'webpush' },
  WEB_FIREFOX: { platform: 'web', provider: 'webpush' },
  WEB_SAFARI: { platform: 'web', provider: 'apns' },
  APPEXT_CHROME: { platform: 'web', provider: 'fcm' },
}

export const isPlatform = (name: string): boolean => Object.hasOwn(PLATFORMS, name)

export function platformOf(name: string) {
  const found = Object.hasOwn(PLATFORMS, name) ? PLATFORMS[name] : undefined
  if (!found) throw fault('badValue', 'platform')
  return found
}

/** Any string is accepted as a token (section 1, row 3); browsers send a subscription as JSON text. */
export function pushToken(provider: Provider, token: string): PushTokenDraft {
  return { provider, token, ...(provider === 'webpush' && browserSubscription(token)) }
}

function browserSubscription(token: string): Pick<PushTokenDraft, 'endpoint' | 'keys'> {
  const { endpoint, userPublicKey, userAuth } = mapOf(parseJsonText(token)) ?? {}
  // Stored unchanged, but not deliverable (section 13).
  if (typeof endpoint !== 'string' || endpoint === '') return {}
  const p256dh = base64Url(userPublicKey)
  const auth = base64Url(userAuth)
  return { endpoint, ...(p256dh && auth && { keys: { p256dh, auth } }) }
}

/** The token for each push service, because the text does not tell which one it belongs to. */
export const tokenSpellings = (token: string): PushTokenDraft[] =>
  [...new Set(Object.values(PLATFORMS).map(({ provider }) => provider))].map((provider) =>
    pushToken(provider, token),
  )

/** The SDK sends keys in standard base64. */
function base64Url(value: unknown): string | null {
  const bytes = typeof value === 'string' ? fromBase64Url(value) : null
  return bytes && toBase64Url(bytes)
}

interface TokenUpdate {
  readonly c: Call['c']
  readonly ref: Parameters<Call['c']['var']['gateway']['devices']['update']>[0]
  readonly token: string | undefined
  readonly platformName: string | undefined
}

/** Most retries if the device changes between a read and the write that depends on it. */
const MOST_LOOKS = 20

/**
 * The platform determines a token's push service, and a PUT may contain only one of them. Values in the request are
 * always written; moving the stored token to the platform's push service happens only while the device still holds that
 * token, and is repeated if a concurrent request interfered.
 */
export async function updateToken(update: TokenUpdate) {
  const { c, ref, token, platformName } = update
  const { devices } = c.get('gateway')
  // A request with both needs no read.
  const complete = token !== undefined && platformName !== undefined
  const known = complete ? null : await lookedUp(update)
  if (!complete && !known) return null
  const cause = c.get('requestId')
  const { platform, provider } = platformOf(platformName ?? textOf(known?.details.platformName))
  const platformWhen = platformName === undefined ? 'created' : 'always'
  const moved =
    token === undefined
      ? movedToken(known?.pushToken ?? null, provider)
      : { pushToken: pushToken(provider, token) }
  let device = await devices.rotate({ ...ref, platform, platformWhen, ...moved, cause })
  for (let looks = 0; device && isAstray(device); looks++) {
    if (looks === MOST_LOOKS) throw new GatewayError('unavailable', 'the device changes too often')
    const now = platformOf(textOf(device.details.platformName))
    const again = movedToken(device.pushToken, now.provider)
    device = await devices.rotate({ ...ref, patch: {}, platform: now.platform, ...again, cause })
  }
  return device
}

/** Finds the device of a request; for a shared id, by the token in the request (R21). */
async function lookedUp({ c, ref, token }: TokenUpdate): Promise<Device | null> {
  const { devices } = c.get('gateway')
  const found = await devices.find(ref)
  if (found || token === undefined || !isSharedId(ref.externalId)) return found
  for (const { provider } of Object.values(PLATFORMS)) {
    const one = await devices.find({ ...ref, pushToken: pushToken(provider, token) })
    if (one) return one
  }
  return null
}

/** The held token under the given push service; empty if it already belongs to it. */
const movedToken = (held: Device['pushToken'], provider: Provider) =>
  held && held.provider !== provider ? { pushToken: pushToken(provider, held.token), holding: held.id } : {}

/** Whether a device's token belongs to another push service than its platform's. */
function isAstray({ pushToken: held, details }: Device): boolean {
  const name = textOf(details.platformName)
  return held !== null && isPlatform(name) && held.provider !== platformOf(name).provider
}
