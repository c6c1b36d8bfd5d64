import type { AppStore } from '../../store.ts'
import type { Db } from '../port.ts'
import { appChanges } from './app-changes.ts'
import { appCredentials } from './app-credentials.ts'
import { appHoldings } from './app-holdings.ts'
import { appLookups } from './app-lookups.ts'
import type { Removals } from './removals.ts'

export function appStore(db: Db, removals: Removals): AppStore {
  const lookups = appLookups(db)
  return {
    ...lookups,
    ...appChanges(db, removals, lookups.get),
    ...appCredentials(db),
    ...appHoldings(db, removals),
  }
}
