import type { DeviceStore, Seen, Store } from '../../src/store/store.ts'

/** Tells every registration that something else was seen before it than what was. */
const told = (seen: (of: Parameters<DeviceStore['register']>) => Seen) => () => (real: Store) => ({
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

/** How registrations can go: each has to lead to the same, which plan they try first and whether it holds or not. */
export const WAYS: Readonly<Record<string, () => (real: Store) => Store>> = {
  'as it was seen': () => (real) => real,
  'by the full plan alone': byFullPlan,
  'where nothing was seen of what is there': told(() => NOTHING),
  'where others were faster than what was seen': late,
}
