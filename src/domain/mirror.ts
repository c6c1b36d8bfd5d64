import type { DialectSetup } from './app.ts'

/** How an app's calls in a dialect are shared with its vendor. Without a mirror, calls are `local`: no vendor is involved. */
export const MIRROR_MODES = ['forward', 'record', 'shadow'] as const
export type MirrorMode = (typeof MIRROR_MODES)[number]

/** Actions taken once per device or user. */
export const ONCE = ['learnt', 'coaxed', 'asked'] as const
export type Once = (typeof ONCE)[number]

/** A mirror's settings as the operator chose them, for an app in a dialect. */
export interface MirrorChoice {
  readonly mode: MirrorMode
  /** The vendor's base URL: an origin and a path without a trailing slash. */
  readonly upstream: string
  readonly timeoutMs: number
  /** The share of compared calls whose bodies are kept, from 0 to 1. */
  readonly sample: number
  readonly keepDays: number
  /** The gateway's own calls to the vendor, per second. */
  readonly maxPerSecond: number
  /** Whether calls in `record` fail or are answered locally while the vendor is unreachable. */
  readonly fallback: 'fail' | 'local'
  readonly learn: boolean
  readonly coax: boolean
}

/** A mirror as stored in the dialect's options. */
export interface MirrorSettings extends MirrorChoice {
  /** When `mode` or `upstream` last changed, ISO 8601. */
  readonly since: string
  /** Credentials for the gateway's own calls: JSON, encrypted. */
  readonly sealed?: string | null
}

/** The member of a dialect's options that holds its mirror. */
export const MIRROR = 'mirror'

/** The mirror of an app in a dialect; null if it has none. */
export function mirrorOf({ options }: Pick<DialectSetup, 'options'>): MirrorSettings | null {
  const found = options[MIRROR]
  // Safe cast: only `drafts` writes this member, and it stores whole settings.
  return typeof found === 'object' && found !== null ? (found as MirrorSettings) : null
}

/** Options for display to operators: without the mirror's credentials, encrypted or not. */
export function withoutMirrorSecrets(options: DialectSetup['options']): DialectSetup['options'] {
  const mirror = mirrorOf({ options })
  if (!mirror) return options
  const { sealed, ...shown } = mirror
  return { ...options, [MIRROR]: shown }
}
