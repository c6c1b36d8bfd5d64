import { afterEach, beforeEach } from 'vitest'
import type { AppDocument, Harness, HarnessOptions } from '../harness/harness.ts'
import { mirrorHarness, openVendor, playedBy, setMirror, type VendorServer } from './kit.ts'

/** An app in one dialect that is recorded, and the app that acts as its vendor. */
export interface Recorded {
  readonly h: Harness
  readonly vendor: VendorServer
  readonly app: AppDocument
  readonly theirs: AppDocument
  /** What the vendor would answer. */
  readonly played: VendorServer['answer']
}

/** The members of an app's part in its dialect that identify the app. */
const namesOf = (part: unknown): string[] => {
  if (typeof part === 'string') return part.length > 8 ? [part] : []
  if (Array.isArray(part)) return part.flatMap(namesOf)
  return typeof part === 'object' && part !== null ? Object.values(part).flatMap(namesOf) : []
}

/** A new pair for each test. */
export function recorded(
  dialect: string,
  setup: object,
  mirror: object = {},
  options: HarnessOptions = {},
): () => Recorded {
  let pair: Recorded
  beforeEach(async () => {
    const h = await mirrorHarness({ ...options, dialect })
    const [app, theirs] = [await h.createApp({ [dialect]: setup }), await h.createApp({ [dialect]: setup })]
    const [ours, others] = [app, theirs].map((one) => namesOf(one.dialects[dialect]))
    const names = Object.fromEntries((ours ?? []).map((name, at) => [name, others?.[at] ?? name]))
    const played = playedBy(h, { ...names, [app.vapid.publicKey]: theirs.vapid.publicKey })
    const vendor = await openVendor(played)
    const set = await setMirror(h, app, dialect, {
      mode: 'record',
      upstream: vendor.origin,
      learn: false,
      ...mirror,
    })
    if (set.status !== 200) throw new Error(await set.text())
    pair = { h, vendor, app, theirs, played }
  })
  afterEach(async () => {
    pair.vendor.close()
    await pair.h.settled()
    await pair.h.admin('DELETE', `/apps/${pair.app.id}`)
  })
  return () => pair
}

/** Registers the Backendless phone `d1` with the channel `news`. */
export async function registerPhone({ h, app }: Pick<Recorded, 'h' | 'app'>): Promise<Response> {
  const body = {
    deviceId: 'd1',
    deviceToken: 'token-1',
    os: 'ANDROID',
    osVersion: '14',
    channels: ['news'],
  }
  return h.request('POST', registrationsPath(app), { body })
}

/** The path at which phones of a Backendless app register. */
export function registrationsPath({ dialects }: AppDocument): string {
  const { applicationId, apiKeys } = dialects.backendless ?? {}
  return `/${applicationId}/${(apiKeys as { readonly rest: string }).rest}/messaging/registrations`
}

/** The headers of a Flameup call. */
export function flameupHeaders({ dialects }: AppDocument): { readonly Authorization: string } {
  const keys = dialects.flameup?.apiKeys as readonly { readonly key: string }[] | undefined
  return { Authorization: `Bearer ${keys?.[0]?.key}` }
}

/** All devices of an app, as operators see them. */
export async function devicesOf({ h }: Recorded, app: AppDocument): Promise<Record<string, unknown>[]> {
  const answer = await h.admin('GET', `/apps/${app.id}/devices?limit=100`)
  return ((await answer.json()) as { devices: Record<string, unknown>[] }).devices
}

/** A mirror's counts, as operators see them. */
export async function summaryOf({ h, app }: Pick<Recorded, 'h' | 'app'>, dialect: string) {
  await h.settled()
  return json(await h.admin('GET', `/apps/${app.id}/mirror/${dialect}/summary`))
}

/** The counts over all routes, without zeros; nested members with dots. */
export async function countsOf(pair: Pick<Recorded, 'h' | 'app'>): Promise<Record<string, number>> {
  const [dialect = ''] = Object.keys(pair.app.dialects)
  const { latency, ...summary } = await summaryOf(pair, dialect)
  const flat = Object.entries(summary).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([inner, one]) => [`${name}.${inner}`, one] as const)
      : [[name, value] as const],
  )
  return Object.fromEntries(flat.filter(([, value]) => typeof value === 'number' && value > 0)) as Record<
    string,
    number
  >
}

export const json = async (answer: Response): Promise<Record<string, unknown>> =>
  (await answer.json()) as Record<string, unknown>
