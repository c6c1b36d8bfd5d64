import type { Context } from 'hono'
import type { AppEnv, Mirroring } from '../adapter.ts'
import type { MirrorMode } from '../domain/mirror.ts'
import type { MirrorDiff, Side } from '../domain/mirror-report.ts'
import { bucketOf } from '../domain/mirror-summary.ts'
import type { MirroredRoute } from '../domain/mirroring.ts'
import type { Gateway } from '../gateway/gateway.ts'
import { differencesOf, type Seen, severityOf, signatureOf } from './compare.ts'
import type { Counted, CountedFor, Counts } from './counts.ts'
import type { Mirrored, Passing } from './forward.ts'
import { masked } from './mask.ts'

const DAY = 86_400_000

/** A call that both sides answered. */
export interface Compared {
  readonly of: Mirrored
  readonly mode: MirrorMode
  /** The copy that the vendor answered; if its user was erased in the meantime, nothing is stored. */
  readonly copy?: string
  /** The path and the query of the call. */
  readonly path: string
  readonly request: unknown
  readonly ours: Seen & Side
  readonly vendor: Seen & Side
}

/** Where a comparison is counted and stored. */
export interface Comparing {
  readonly gateway: Gateway
  readonly at: Date
  count(...names: Counted[]): void
}

/** The name under which the call is counted; null for a call that is only forwarded. */
const countedFor = ({ app, mirror, route }: Passing): CountedFor | null =>
  route && { appId: app.app.id, dialect: app.dialect, mirror, route: route.name }

/** Counts a call, after its answer. */
export function noted(c: Context<AppEnv>, counts: Counts, passing: Passing, ...names: Counted[]): void {
  const of = countedFor(passing)
  if (!of) return
  counts.add(of, ...names)
  c.get('services').later(c, counts.flush(c.get('gateway')))
}

/** An answer in the form for comparison. */
export function seen(status: number, headers: Headers, body: unknown): Seen {
  const type = headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  return {
    status,
    // Without a body, the content type has no meaning.
    type: body === undefined ? null : (type ?? null),
    challenge: headers.get('www-authenticate')?.split(' ', 1)[0]?.toLowerCase() ?? null,
    retryAfter: headers.has('retry-after'),
    body,
  }
}

/** Milliseconds after which a read that differs is repeated. */
export const LATE = 2000

/** Whether both answers differ in a way that no contract allows. */
export function differ(ours: Seen, vendor: Seen, { comparison, shown = (body) => body }: Mirroring): boolean {
  const [one, other] = [ours, vendor].map((side) => ({ ...side, body: shown(side.body) })) as [Seen, Seen]
  return differencesOf(one, other, comparison).some(({ declared }) => declared === undefined)
}

/**
 * Compares both answers, counts the result, and stores a masked, limited sample of the bodies if they differ.
 */
export async function compare({ gateway, at, count }: Comparing, compared: Compared): Promise<void> {
  const { ours, vendor } = compared
  const { app, mirror, mirroring, route } = compared.of
  if (!route) return
  const found = differencesOf(ours, vendor, mirroring.comparison)
  const differs = found.some((one) => one.declared === undefined)
  const latency: Counted[] = [`ours.${bucketOf(ours.ms)}`, `vendor.${bucketOf(vendor.ms)}`]
  count('compared', differs ? 'differing' : 'equal', ...latency)
  if (found.length === 0) return
  const { mirrors } = gateway
  const hash = (text: string) => mirrors.hash(app.app.id, text)
  const of = { request: compared.request ?? null, ours: ours.body ?? null, vendor: vendor.body ?? null }
  const sampled = Math.random() < mirror.sample && JSON.stringify(of).length <= LONGEST_SAMPLE
  const places = found.map(({ path, ours, vendor }) => nested(path, { ours, vendor }))
  const { value, subjects } = await masked(
    // The request determines what is masked elsewhere, even if its body is not stored.
    { places, sample: sampled ? of : null, request: of.request, [ASKED]: namedIn(compared.path, route) },
    { ...mirroring.masked, tokens: [...mirroring.masked.tokens, ASKED] },
    hash,
  )
  const { places: shown, sample } = value as { places: unknown[]; sample: MirrorDiff['sample'] }
  await mirrors.note(app, {
    ...{ id: crypto.randomUUID(), at, since: new Date(mirror.since), mode: compared.mode },
    dropAt: new Date(at.getTime() + mirror.keepDays * DAY),
    route: route.name,
    severity: severityOf(found),
    signature: signatureOf(app.dialect, route.name, found),
    ours: { status: ours.status, ms: ours.ms },
    vendor: { status: vendor.status, ms: vendor.ms },
    differences: found.map((one, place) => ({ ...one, ...(within(one.path, shown[place]) as Sides) })),
    sample,
    subjects,
    copy: compared.copy,
  })
}

/** No member of a vendor has such a name. */
const ASKED = '\u0000asked'

/** The variable parts of a path, such as ids of phones and people, both encoded and decoded. */
function namedIn(path: string, { paths }: MirroredRoute): readonly string[] {
  const [before = '', query = ''] = path.split('?', 2)
  const fixed = new Set(paths.flatMap((one) => one.split('/')))
  const values = [...new URLSearchParams(query).values()]
  return [...before.split('/').filter((part) => !fixed.has(part)), ...values].flatMap((part) => [
    part,
    decoded(part),
  ])
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

interface Sides {
  readonly ours?: unknown
  readonly vendor?: unknown
}

/** A value nested in the members of its path, whose names determine how it is masked. */
const nested = (path: string, value: Sides): unknown =>
  path.split('.').reduceRight<unknown>((inner, name) => ({ [name.replace('[*]', '')]: inner }), value)

const within = (path: string, value: unknown): unknown =>
  path.split('.').reduce((outer) => Object.values(outer as object)[0] as unknown, value)

/** Most characters of a sample. */
const LONGEST_SAMPLE = 32 * 1024
