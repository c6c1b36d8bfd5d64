import type { Device } from '../../src/domain/device.ts'
import type { PushToken } from '../../src/domain/push-token.ts'
import type { DeviceStore, RegistrationDraft, Seen, Store } from '../../src/store/store.ts'

/** Gives every registration another state than the one that was seen before it. */
const told =
  (seen: (of: Parameters<DeviceStore['register']>) => Seen | undefined) => () => (real: Store) => ({
    ...real,
    devices: {
      ...real.devices,
      register: (...of: Parameters<DeviceStore['register']>) => real.devices.register(of[0], of[1], seen(of)),
    },
  })

const NOTHING: Seen = { device: null, keyFree: true, tokenFree: true }
const FULL: Seen = { device: null, keyFree: false, tokenFree: false }

/** Every registration uses the full plan, whatever exists. */
export const byFullPlan = told(() => FULL)

/** The state that the previous call saw, with a token that no device had yet: never up to date. */
const late = () => {
  const before = new Map<string, Seen>()
  return told(([{ key }, , seen]) => {
    const name = JSON.stringify(key)
    const earlier = before.get(name) ?? NOTHING
    if (seen) before.set(name, seen)
    return { ...earlier, tokenFree: true }
  })()
}

/** A device in the state of the registration, as if it had already had it. */
function asIsSaid(device: Device, { platform, patch }: RegistrationDraft): Device {
  const { ifNone, details, ...rest } = patch
  const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  const { user = device.user, language = device.language } = ifNone ?? {}
  const kept = { user: device.user ?? user, language: device.language ?? language }
  return {
    ...device,
    ...kept,
    ...said,
    platform,
    supersededAt: null,
    details: { ...device.details, ...details },
  }
}

const LIVE = { environment: 'unknown', keys: null, state: 'live', deliveredAt: null } as const
/** Shows every device in the state of its registration, with a token derived from its own, if it has one. */
const agreeing = (token: (draft: RegistrationDraft, has: PushToken | null) => Partial<PushToken> | null) =>
  told(([draft, { at }, seen]) => {
    if (!seen?.device) return seen
    const { pushToken: has, ...device } = asIsSaid({ ...seen.device }, draft)
    const made = token(draft, has)
    const times = { stateAt: at, registeredAt: at }
    const pushToken = made && {
      id: 'none',
      provider: 'fcm' as const,
      token: '',
      ...LIVE,
      ...times,
      ...has,
      ...made,
    }
    return { ...seen, device: { ...device, pushToken }, tokenFree: true }
  })

/**
 * The paths a registration can take; all must have the same result, whichever plan is tried first and whether
 * it succeeds or not.
 */
export const WAYS: Readonly<Record<string, () => (real: Store) => Store>> = {
  'as it was seen': () => (real) => real,
  'by the full plan alone': byFullPlan,
  'where nothing was seen of what is there': told(() => NOTHING),
  'where others were faster than what was seen': late,
  'where all but the tags was seen as it is sent': agreeing(({ token }, has) =>
    token ? { provider: token.provider, token: token.token, state: 'live' } : has,
  ),
  'where all but the token was seen as it is sent, and that with nobody': agreeing(
    ({ token, holding }, has) => ({
      ...(holding !== undefined && { id: holding }),
      provider: token?.provider ?? has?.provider ?? 'fcm',
      token: 'another one',
      state: 'live',
    }),
  ),
}
