import type { DialectSetup } from './app.ts'

/** How an app's calls in a dialect are shared with its vendor; `local`, without any vendor, is the absence of a mirror. */
export const MIRROR_MODES = ['forward', 'record', 'shadow'] as const
export type MirrorMode = (typeof MIRROR_MODES)[number]

/** What is done once for a device or a user. */
export const ONCE = ['learnt', 'coaxed', 'asked'] as const
export type Once = (typeof ONCE)[number]

/** The mirror of an app in a dialect, as operators choose it. */
export interface MirrorChoice {
  readonly mode: MirrorMode
  /** The vendor: an origin, and a path without a slash at its end. */
  readonly upstream: string
  readonly timeoutMs: number
  /** The share of compared calls whose bodies are kept. */
  readonly sample: number
  readonly keepDays: number
  /** Calls of our own to the vendor, a second. */
  readonly maxPerSecond: number
  /** What happens in `record` while the vendor cannot be reached. */
  readonly fallback: 'fail' | 'local'
  readonly learn: boolean
  readonly coax: boolean
}

/** As stored, in the dialect's options. */
export interface MirrorSettings extends MirrorChoice {
  /** ISO 8601: when `mode` or `upstream` was last changed. */
  readonly since: string
  /** The credentials for calls of our own, JSON, encrypted. */
  readonly sealed?: string | null
}

/** The member of a dialect's options that holds its mirror. */
export const MIRROR = 'mirror'

/** The mirror of an app in a dialect; null if it has none. */
export function mirrorOf({ options }: Pick<DialectSetup, 'options'>): MirrorSettings | null {
  const found = options[MIRROR]
  // Written by `drafts` alone, which stores whole settings.
  return typeof found === 'object' && found !== null ? (found as MirrorSettings) : null
}

/** Options as operators may see them: without the credentials of the mirror, encrypted or not. */
export function withoutMirrorSecrets(options: DialectSetup['options']): DialectSetup['options'] {
  const mirror = mirrorOf({ options })
  if (!mirror) return options
  const { sealed, ...shown } = mirror
  return { ...options, [MIRROR]: shown }
}
