import { dialects } from '../dialects/index.ts'

/** The values of phone `n`, the same in every dialect. */
export interface Phone {
  readonly n: number
  /** `n` in twelve digits. */
  readonly digits: string
  /** For an index as random as a UUID, but computed from `n`. */
  readonly uuid: string
  /** As long as FCM's tokens: 163 characters. */
  readonly token: string
  readonly user: string
  readonly topics: readonly string[]
}

/** A prime that scatters ascending numbers over 32 bits. */
const SPREAD = 2_654_435_761

export const digitsOf = (n: number): string => String(n).padStart(12, '0')
export const scatteredOf = (n: number): string => ((n * SPREAD) % 2 ** 32).toString(16).padStart(8, '0')
const uuidOf = (n: number): string => `${scatteredOf(n)}-0000-4000-8000-${digitsOf(n)}`
export const tokenOf = (n: number): string => `${digitsOf(n)}:${'APA91b'.repeat(25)}`

export const phone = (n: number): Phone => ({
  n,
  digits: digitsOf(n),
  uuid: uuidOf(n),
  token: tokenOf(n),
  user: `user-${digitsOf(n)}`,
  topics: topicsOf(n),
})

/**
 * Topics of every size: one of all phones, one of a hundredth of them (10,000 of 1,000,000), and some of ten.
 */
function topicsOf(n: number): readonly string[] {
  const i = Math.floor(n / dialects.length)
  return [
    'news',
    `city-${i % 100}`,
    `club-${Math.floor(n / 10)}`,
    `team-${i % 1000}`,
    `series-${i % 5000}`,
    `author-${i % 10_007}`,
    `shop-${(i * 7) % 2003}`,
    `league-${i % 50}`,
    `language-${i % 10}`,
    `subject-${(i * 13) % 997}`,
  ]
}

/** The topics of a hundredth of the phones. */
export const city = (k: number): string => `city-${k % 100}`

/** A prime, so that ascending numbers reach every phone, far apart. */
const STRIDE = 7919

/**
 * The k-th phone of a dialect among the given number of devices. One half of the phones is never changed, so
 * that registering them again changes nothing; changes use the `changed` half.
 */
export function existing(dialect: string, devices: number, k: number, half: 'kept' | 'changed'): Phone {
  const at = dialects.findIndex(({ name }) => name === dialect)
  const each = Math.floor(devices / dialects.length / 2)
  const among = ((k * STRIDE + 13) % each) + (half === 'kept' ? 0 : each)
  return phone(among * dialects.length + at)
}

/** Numbers of phones that occur in no seed and in no other job. */
const BEYOND = 200_000_000_000
const EACH_JOB = 10_000_000
export const fresh = (job: number, k: number): Phone => phone(BEYOND + job * EACH_JOB + k)
