import { StoreUnavailable } from '../../domain/error.ts'
import type { Db } from './port.ts'

/**
 * A database to which nothing is written, while its rows are moved elsewhere: what changes nothing is answered, and all else
 * gets its dialect's "try again".
 */
export const readOnly = <D extends Db>(db: D): D => ({
  ...db,
  commit: () => Promise.reject(new StoreUnavailable('the gateway only reads (READ_ONLY)')),
  drain: async () => {},
  scrub: async () => {},
  health: async () => ({
    fault: null,
    warnings: ['READ_ONLY is on: calls that change something are asked to come back later.'],
  }),
})
