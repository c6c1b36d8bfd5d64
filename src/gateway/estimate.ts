import type { Clock } from '../domain/ids.ts'
import type { Cursor } from '../store/contract/messages.ts'
import type { Store } from '../store/store.ts'
import { audienceStep, type SoughtAudience } from './audience.ts'

/** The devices that a message would reach now. */
export interface Estimate {
  readonly phones: number
  /** Whether the whole audience was counted; if not, the counts are minimums. */
  readonly complete: boolean
  readonly byProvider: Readonly<Record<string, number>>
  readonly byPlatform: Readonly<Record<string, number>>
}

/** Devices per step, and most steps per estimate. */
const LIMITS = { rows: 500, steps: 50 }

/** Counts an audience as planning would find it, in few enough steps for a request to wait. */
export async function estimated(store: Store, now: Clock, of: Omit<SoughtAudience, 'at'>): Promise<Estimate> {
  const at = now()
  const seen = { phones: 0, byProvider: new Map<string, number>(), byPlatform: new Map<string, number>() }
  let cursor: Cursor | null = of.parts.length > 0 ? { part: 0, after: '' } : null
  for (let step = 0; step < LIMITS.steps && cursor; step++) {
    const { meant, next } = await audienceStep(store, { ...of, at }, { cursor, limit: LIMITS.rows, now: at })
    for (const { provider, platform } of meant) {
      seen.phones++
      seen.byProvider.set(provider, (seen.byProvider.get(provider) ?? 0) + 1)
      seen.byPlatform.set(platform, (seen.byPlatform.get(platform) ?? 0) + 1)
    }
    cursor = next
  }
  return {
    phones: seen.phones,
    complete: cursor === null,
    byProvider: Object.fromEntries(seen.byProvider),
    byPlatform: Object.fromEntries(seen.byPlatform),
  }
}
