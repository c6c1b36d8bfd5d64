const whole = new Intl.NumberFormat('en')
export const number = (value: number): string => whole.format(value)

/** `1,234,567` as `1.2M`, for narrow places. */
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
export const compact = (value: number): string => short.format(value)

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`

const dated = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' })
/** A full time in the reader's own time zone. */
export const fullTime = (iso: string): string => dated.format(new Date(iso))

const STEPS = [
  [60, 1, 'second'],
  [3600, 60, 'minute'],
  [86_400, 3600, 'hour'],
  [86_400 * 45, 86_400, 'day'],
  [86_400 * 600, 86_400 * 30, 'month'],
  [Number.POSITIVE_INFINITY, 86_400 * 365, 'year'],
] as const
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** A relative time: `3 minutes ago`. */
export function ago(iso: string, now = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000
  if (Math.abs(seconds) < 5) return 'just now'
  const [, unit, name] = STEPS.find(([most]) => Math.abs(seconds) < most) ?? STEPS[5]
  return relative.format(Math.round(seconds / unit), name)
}

export const size = (bytes: number): string =>
  bytes < 1e6
    ? `${number(Math.round(bytes / 1e3))} kB`
    : bytes < 1e9
      ? `${(bytes / 1e6).toFixed(1)} MB`
      : `${(bytes / 1e9).toFixed(2)} GB`

/** A long identifier, shortened in the middle. */
export const ends = (text: string, most = 22): string =>
  text.length <= most ? text : `${text.slice(0, most - 7)}…${text.slice(-6)}`

/** A browser, from its User-Agent: `Chrome on Linux`. */
export function browserName(about: string | null): string {
  const first = (of: RegExp) => about?.match(of)?.[1]
  const name = first(/(Edg|OPR|Firefox|Chrome|HeadlessChrome|Safari)\//)
  const system = first(/(Windows|Macintosh|iPhone|iPad|Android|Linux)/)
  return name ? `${name}${system ? ` on ${system}` : ''}` : (about ?? 'unknown')
}

const PLATFORMS: Readonly<Record<string, string>> = {
  ...{ ios: 'iOS', android: 'Android', macos: 'macOS', windows: 'Windows', web: 'Web', amazon: 'Amazon' },
  ...{ huawei: 'Huawei', email: 'E-mail', sms: 'SMS', whatsapp: 'WhatsApp' },
}
export const platformName = (name: string): string =>
  PLATFORMS[name] ?? (name === 'unknown' ? 'Unknown' : name)
export const KNOWN_PLATFORMS: readonly string[] = Object.keys(PLATFORMS)

const PROVIDERS: Readonly<Record<string, string>> = {
  ...{ fcm: 'FCM (Android)', apns: 'APNs (Apple)', webpush: 'Web Push', wns: 'WNS (Windows)' },
  ...{ hms: 'HMS (Huawei)', adm: 'ADM (Amazon)' },
}
export const providerName = (name: string): string => PROVIDERS[name] ?? name
export const KNOWN_PROVIDERS: readonly string[] = Object.keys(PROVIDERS)

const DIALECTS: Readonly<Record<string, string>> = {
  ...{ 'pusher-beams': 'Pusher Beams', mobilefirst: 'IBM MobileFirst', flameup: 'Flameup' },
  ...{ pushwoosh: 'Pushwoosh', backendless: 'Backendless' },
}
export const dialectName = (name: string): string => DIALECTS[name] ?? name
export const KNOWN_DIALECTS: readonly string[] = Object.keys(DIALECTS)
