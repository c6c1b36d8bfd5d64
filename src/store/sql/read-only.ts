import { StoreUnavailable } from '../../domain/error.ts'
import type { Db } from './port.ts'

/**
 * A read-only view of a database whose rows are being moved elsewhere: requests that change nothing are answered, all others
 * get their dialect's "try again" answer.
 */
export const readOnly = <D extends Db>(db: D): D => ({
  ...db,
  commit: () => Promise.reject(new StoreUnavailable('the gateway is read-only (READ_ONLY)')),
  drain: async () => {},
  scrub: async () => {},
  health: async () => ({
    fault: null,
    warnings: ['READ_ONLY is on: calls that change data are asked to try again later.'],
  }),
})
