import { bytesOf, uuidOf } from '../random.ts'

/** What an app has sent to its vendor about a phone. */
export interface Told {
  readonly token: string | null
  readonly user: string | null
  readonly topics: readonly string[]
  readonly tags: Readonly<Record<string, unknown>>
}

/**
 * A phone with one app. Contains only numbers, so that a million of them fit into memory; texts are computed
 * from them.
 */
export interface Phone {
  readonly n: number
  readonly dialect: string
  readonly ios: boolean
  /** Starts of the app per day. */
  readonly rate: number
  /** Never gets app updates. */
  readonly stale: boolean
  alive: boolean
  /** Counts installations, and push tokens. */
  install: number
  token: number
  /** Index into the app's versions. */
  version: number
  /** 0 if nobody is signed in. */
  user: number
  /** Topics as a bit mask. */
  topics: number
  level: number
  launches: number
  /** The last start was interrupted: the SDK repeats it unchanged before anything else. */
  broken: boolean
  /** What the SDK has successfully sent, as numbers; null after an installation. */
  told: Numbers | null
  /** The id that the SDK keeps from its server. */
  kept: string | null
  /** The token that was sent through the gateway, which stores it. */
  heard: number | null
}

/** The part of a phone's state that its SDK reports. */
export interface Numbers {
  readonly token: number
  readonly version: number
  readonly user: number
  readonly topics: number
  readonly level: number
  readonly launches: number
}

export const numbersOf = ({ token, version, user, topics, level, launches }: Phone): Numbers => ({
  ...{ token, version, user, topics, level, launches },
})

export const TOPICS = ['news', 'sport', 'music', 'travel', 'offers', 'weather', 'film', 'games'] as const
export const topicsOf = (bits: number): string[] => TOPICS.filter((_, at) => bits & (1 << at))

/** The texts of a fleet's phones, the same for the same seed. */
export interface Texts {
  /** The app's own id of an installation. */
  id(phone: Phone): string
  token(phone: Phone, generation?: number): string
  user(phone: Phone, generation?: number): string
}

export function textsOf(seed: number): Texts {
  const name = (phone: Phone, what: string) => `${seed} ${phone.n} ${what}`
  return {
    id(phone) {
      const id = uuidOf(name(phone, `install ${phone.install}`))
      return phone.ios ? id.toUpperCase() : id
    },
    token(phone, generation = phone.token) {
      const bytes = bytesOf(name(phone, `token ${generation}`))
      if (phone.ios) return bytes.toString('hex')
      const text = bytes.toString('base64url')
      return `${text.slice(0, 22)}:APA91b${text}${text}${text.slice(0, 42)}`
    },
    user: (phone, generation = phone.user) => `user-${phone.n}-${generation}`,
  }
}

/** The releases of the app: from `MOVED` on, its base URL is the gateway's. */
export const VERSIONS = ['1.8.0', '1.9.2', '2.0.0', '2.1.0'] as const
export const MOVED = 2
export const versionOf = (phone: Phone): string => VERSIONS[phone.version] ?? VERSIONS[0]
