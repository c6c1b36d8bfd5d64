import type { PushProvider } from '../delivery/provider.ts'
import type { Clock } from '../domain/ids.ts'
import type { Provider } from '../domain/push-token.ts'
import { type LanesDeps, openLane } from '../gateway/lanes.ts'
import type { StoredProvider } from '../store/store.ts'
import { createLane, type OpenLane } from './lane.ts'

/** Keeps one lane per app and push service open while the app has the credential. */
export interface Lanes {
  /** Null if the app has no credential for the service. */
  get(appId: string, provider: Provider): Promise<OpenLane | null>
  /** Lanes that accept no page now, as `app/provider`. */
  resting(): Promise<readonly string[]>
  close(): Promise<void>
}

/** Most open lanes; idle ones are closed first. */
const MOST = 500
/** Most concurrent pages per lane: one is sent while the next one is read. */
const PAGES = 2
/**
 * Milliseconds after which a paused lane is checked again, because an operator may have replaced the
 * credential.
 */
const LOOK = 5000

interface Entry {
  readonly lane: OpenLane
  readonly version: string
  readonly appId: string
  readonly kind: Provider
  lookedAt: number
}

export function createLanes(deps: LanesDeps & { readonly now: Clock; readonly atOnce: number }): Lanes {
  const { store, push, now } = deps
  const open = new Map<string, Entry>()

  /** Requests in flight finish with their old credential. */
  function drop(key: string, { lane }: Entry): void {
    open.delete(key)
    lane.close().catch((error) => push.reach.log({ msg: 'lane', error }))
  }

  async function opened(stored: StoredProvider, service: PushProvider): Promise<OpenLane> {
    const { appId, kind } = stored
    return createLane({
      ...{ service, now, atOnce: deps.atOnce, lane: await openLane(deps, stored) },
      note: (health) => store.providers.note(stored, health, now()),
      tell: (what) => push.reach.log({ msg: 'provider', app: appId, kind, ...what }),
    })
  }

  async function get(appId: string, kind: Provider): Promise<OpenLane | null> {
    const key = `${appId}/${kind}`
    await open.get(key)?.lane.noted()
    const stored = await store.providers.find(appId, kind)
    const known = open.get(key)
    if (known && known.version !== stored?.version) drop(key, known)
    const service = push.all.find((one) => one.kind === kind)
    if (!stored || !service) return null
    const kept = open.get(key)
    const lane = kept?.lane ?? (await opened(stored, service))
    lane.takes(stored)
    // The map is ordered by use; the most recently used lane is last.
    open.delete(key)
    open.set(key, { lane, version: stored.version, appId, kind, lookedAt: now().getTime() })
    for (const [other, entry] of open) if (open.size > MOST && entry.lane.pages === 0) drop(other, entry)
    return lane
  }

  return {
    get,
    async resting() {
      const at = now().getTime()
      const rests = ({ lane }: Entry) => lane.restingUntil.getTime() > at
      for (const entry of [...open.values()])
        if (rests(entry) && Math.abs(at - entry.lookedAt) >= LOOK) await get(entry.appId, entry.kind)
      return [...open].filter(([, one]) => rests(one) || one.lane.pages >= PAGES).map(([key]) => key)
    },
    async close() {
      await Promise.all([...open.values()].map(({ lane }) => lane.noted()))
      for (const [key, entry] of open) drop(key, entry)
    },
  }
}
