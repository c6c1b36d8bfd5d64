import type { AppStore } from '../../store.ts'
import { read } from '../plan.ts'
import type { Db } from '../port.ts'
import { call } from '../statement.ts'
import { changeOptions } from '../statements/apps.ts'
import * as H from '../statements/holdings.ts'
import { audited } from './audit.ts'
import type { Removals } from './removals.ts'
import { json } from './values.ts'

type Holdings = Pick<AppStore, 'counts' | 'clearDialect' | 'remove'>

/** The part of `AppStore` that counts and removes an app's data, with or without the app. */
export function appHoldings(db: Db, removals: Removals): Holdings {
  return {
    async counts(appId, dialect) {
      const counted = Object.entries(dialect === null ? H.appCounts : H.dialectCounts)
      const plan = counted.map(([name, one]) => [name, call(one, { app: appId, dialect })] as const)
      const counts = await read(db, Object.fromEntries(plan))
      return Object.fromEntries(Object.entries(counts).map(([name, [row]]) => [name, row?.n ?? 0]))
    },

    async clearDialect(scope, patch, occasion) {
      const values = { app: scope.appId, dialect: scope.dialect }
      const after = {
        cleared: H.clearHoldings.map((one) => call(one, values)),
        changed: call(changeOptions, { ...values, patch: json(patch) }),
      }
      const begun = await removals.begin([scope], occasion, { after })
      return begun.after.changed.length > 0
    },

    async remove(appId, occasion, entry) {
      const before = {
        holdings: H.dropHoldings.map((one) => call(one, { app: appId })),
        dropped: call(H.dropApp, { app: appId }),
        noted: audited(entry),
      }
      const begun = await removals.begin([{ appId }], occasion, { before })
      return begun.before.dropped.length > 0
    },
  }
}
