import type { Device } from '../../src/domain/device.ts'
import type { PushToken } from '../../src/domain/push-token.ts'
import type { DeviceStore, RegistrationDraft, Seen, Store } from '../../src/store/store.ts'

/** Tells every registration that something else was seen before it than what was. */
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

/** Whatever is there is the full plan's business. */
export const byFullPlan = told(() => FULL)

/** What the call before the last one saw of the device, with a token that nobody had yet: never up to date. */
const late = () => {
  const before = new Map<string, Seen>()
  return told(([{ key }, , seen]) => {
    const name = JSON.stringify(key)
    const earlier = before.get(name) ?? NOTHING
    if (seen) before.set(name, seen)
    return { ...earlier, tokenFree: true }
  })()
}

/** A device as the registration has it, as if it were so before. */
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
/** Sees every device as its registration has it, with a token that is made of the one that it has, if any. */
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

/** How registrations can go: each has to lead to the same, which plan they try first and whether it holds or not. */
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
