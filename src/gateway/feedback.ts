import type { Clock } from '../domain/ids.ts'
import type { Provider } from '../domain/push-token.ts'
import type { FeedbackCounts, FeedbackReport } from '../store/contract/feedback.ts'
import type { Store } from '../store/store.ts'
import { tokenHashes } from './token-hashes.ts'
import { turn } from './turn.ts'

/** What whoever sends tells of one push token, named by itself or by a device that has it. */
export interface FeedbackRow {
  readonly device?: string | undefined
  readonly token?: string | undefined
  /** The token's; else it is looked for with every one. */
  readonly provider?: Provider | undefined
  readonly outcome: 'dead' | 'delivered'
  /** The push service's own time; else it is what the sender knows now. */
  readonly at?: Date | undefined
  readonly reason?: string | undefined
}

/** Feedback of push services, told by whoever sends today (identity R11, R12). */
export interface Feedback {
  report(appId: string, rows: readonly FeedbackRow[], cause: string): Promise<FeedbackCounts>
}

/** Registrations are noted no more often (identity R1): within it, a service's time says nothing against them. */
const NOTED_EVERY = 3_600_000
const AT_ONCE = 20

export function createFeedback({ store, now }: { store: Store; now: Clock }): Feedback {
  return {
    async report(appId, rows, cause) {
      const at = now()
      const reports: FeedbackReport[] = []
      for (const [place, row] of rows.entries()) {
        // Hashing a thousand tokens takes some 200 ms.
        if (place % AT_ONCE === AT_ONCE - 1) await turn()
        reports.push({
          target:
            row.device !== undefined
              ? { device: row.device }
              : { hashes: tokenHashes(row.token ?? '', row.provider) },
          outcome: row.outcome,
          at: row.at ?? at,
          tolerance: row.at ? NOTED_EVERY : 0,
          reason: row.reason ?? null,
        })
      }
      return store.feedback.report(appId, reports, { at, cause })
    },
  }
}
