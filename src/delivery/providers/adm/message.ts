import { sha256Hex } from '../../../secrets/hash.ts'
import { membersOf, objectOf } from '../../json.ts'
import type { Delivery, Push } from '../../provider.ts'

const BYTES = 6 * 1024
const [SHORTEST_TTL, LONGEST_TTL] = [60, 2_419_200]
const KEY_LENGTH = 64

const data = new WeakMap<Push, Readonly<Record<string, string>>>()

/** ADM accepts strings only; null counts as absent. */
function dataOf(push: Push): Readonly<Record<string, string>> {
  const known = data.get(push)
  if (known) return known
  const kept = Object.entries(membersOf(push.body)).filter(([, value]) => value !== null)
  const made = Object.fromEntries(
    kept.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  )
  data.set(push, made)
  return made
}

/** Why ADM would refuse the message for any target. */
export function fault(push: Push): string | undefined {
  if (!objectOf(push.body)) return 'not-an-object'
  return new TextEncoder().encode(JSON.stringify(dataOf(push))).byteLength > BYTES ? 'too-large' : undefined
}

/** The body of a request. */
export function bodyOf({ push, ttl }: Delivery): string {
  const { collapse = '' } = push
  const key = collapse.length > KEY_LENGTH ? sha256Hex(collapse) : collapse
  return JSON.stringify({
    data: dataOf(push),
    ...(key !== '' && { consolidationKey: key }),
    expiresAfter: Math.min(Math.max(ttl, SHORTEST_TTL), LONGEST_TTL),
  })
}
