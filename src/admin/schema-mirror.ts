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
  .refine((text) => upstreamOf(text) !== null, 'must be an http(s) URL without a query, fragment or user')
  .transform((text) => upstreamOf(text) ?? text)
  .describe('The base URL of the vendor’s API.')

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
        .describe('The maximum time for a call, from its first byte to the last byte of the answer.'),
      sample: z
        .number()
        .min(0)
        .max(1)
        .default(1)
        .describe('The share of compared calls whose bodies are stored, masked.'),
      keepDays: whole(1, 90).default(7).describe('The number of days for which differences are kept.'),
      maxPerSecond: whole(1, 10_000)
        .default(maxPerSecond)
        .describe(
          'The maximum number of the gateway’s own calls to the vendor per second. Calls from phones do not count.',
        ),
      fallback: z
        .enum(['fail', 'local'], { error: 'must be fail or local' })
        .default('fail')
        .refine(
          (value) => value === 'fail' || fallsBack === true,
          'must be fail: ids or tokens are the vendor’s',
        )
        .describe(
          'What `record` does while the vendor is unreachable. `fail`: phones get an error and retry. `local`: the gateway answers and sends the vendor a copy later.',
        ),
      learn: z.boolean().default(true).describe('Whether to ask the vendor once per device for its data.'),
      coax: z
        .boolean()
        .default(false)
        .refine((value) => !value || coaxes === true, 'must be false: SDKs of this dialect cannot be told to')
        .describe('Whether devices with an unknown token are told to send it again.'),
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
