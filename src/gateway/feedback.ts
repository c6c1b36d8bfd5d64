import type { Clock } from '../domain/ids.ts'
import { NOTED_EVERY, type Provider } from '../domain/push-token.ts'
import { turn } from '../domain/turn.ts'
import type { FeedbackCounts, FeedbackReport } from '../store/contract/feedback.ts'
import type { Store } from '../store/store.ts'
import { tokenHashes } from './token-hashes.ts'

/** A sender's report about one push token, named directly or by a device that has it. */
export interface FeedbackRow {
  readonly device?: string | undefined
  readonly token?: string | undefined
  /** The token's provider; if absent, the token is looked up with every provider. */
  readonly provider?: Provider | undefined
  readonly outcome: 'dead' | 'delivered'
  /** The push service's timestamp; if absent, the report is taken as current. */
  readonly at?: Date | undefined
  readonly reason?: string | undefined
}

/** Feedback of push services, reported by the system that sends (identity R11, R12). */
export interface Feedback {
  report(appId: string, rows: readonly FeedbackRow[], cause: string): Promise<FeedbackCounts>
}

const AT_ONCE = 20

export function createFeedback({ store, now }: { store: Store; now: Clock }): Feedback {
  return {
    async report(appId, rows, cause) {
      const at = now()
      const reports: FeedbackReport[] = []
      for (const [place, row] of rows.entries()) {
        // Hashing a thousand tokens takes about 200 ms.
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
