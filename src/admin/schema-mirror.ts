import * as z from 'zod'
import type { Mirroring } from '../adapter.ts'
import { provisioned } from '../wire/provisioned.ts'

/** An http(s) URL without a trailing slash; null for anything else. */
function upstreamOf(text: string): string | null {
  const url = text.length > 1000 || /[?#\s]/.test(text) ? null : parsed(text)
  if (!url) return null
  const { protocol, origin, pathname, username, password } = url
  if (!/^https?:$/.test(protocol) || `${username}${password}` !== '') return null
  return `${origin}${pathname.replace(/\/+$/, '')}`
}

function parsed(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

const upstream = z
  .string()
  .refine((text) => upstreamOf(text) !== null, 'must be an http(s) address without query, fragment and user')
  .transform((text) => upstreamOf(text) ?? text)
  .describe('The vendor’s address: its origin, and a path if its calls have one in front.')

const whole = (least: number, most: number) => z.int().min(least).max(most)

/** An operator's mirror settings; the allowed modes and members depend on the dialect. */
export function mirrorSchema({ credentials, maxPerSecond = 50, coaxes, fallsBack }: Mirroring) {
  return z
    .strictObject({
      mode: z
        .enum(['local', 'forward', 'record', 'shadow'], { error: 'must be local, forward, record or shadow' })
        .describe(
          '`local`: no mirror. `forward`: the vendor answers every call, and nothing is stored here. `record`: the vendor answers, and what it accepted is stored here. `shadow`: the gateway answers, and the vendor gets a copy afterwards.',
        ),
      upstream: upstream.optional(),
      timeoutMs: whole(100, 60_000)
        .default(10_000)
        .describe('How long a call may take, from its first byte to the last one of the answer.'),
      sample: z
        .number()
        .min(0)
        .max(1)
        .default(1)
        .describe('The share of compared calls whose bodies are kept, masked.'),
      keepDays: whole(1, 90).default(7).describe('For how many days differences are kept.'),
      maxPerSecond: whole(1, 10_000)
        .default(maxPerSecond)
        .describe('Calls of the gateway’s own to the vendor, a second; not those of phones.'),
      fallback: z
        .enum(['fail', 'local'], { error: 'must be fail or local' })
        .default('fail')
        .refine(
          (value) => value === 'fail' || fallsBack === true,
          'must be fail: ids or tokens are the vendor’s',
        )
        .describe(
          'What `record` does while the vendor cannot be reached: phones try again, or the gateway answers and the vendor gets a copy later.',
        ),
      learn: z
        .boolean()
        .default(true)
        .describe('Whether the vendor is asked, once a device, for what it knows.'),
      coax: z
        .boolean()
        .default(false)
        .refine((value) => !value || coaxes === true, 'must be false: SDKs of this dialect cannot be made to')
        .describe('Whether devices whose token is unknown here are made to send it once more.'),
      credentials: z
        .record(z.string(), provisioned(1000))
        .refine(
          (given) => credentials.some((set) => sameMembers(set, Object.keys(given))),
          `must have ${credentials.map((set) => set.join(' and ')).join(', or ')}`,
        )
        .optional()
        .describe('For the gateway’s own calls to the vendor; never shown.'),
    })
    .refine(({ mode, upstream }) => mode === 'local' || upstream !== undefined, {
      path: ['upstream'],
      message: 'is required',
    })
}

const sameMembers = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name) => other.includes(name))
