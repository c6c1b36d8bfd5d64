import type { Db } from '../../src/store/sql/port.ts'

export interface CountedDb {
  readonly db: Db
  /** Plans sent so far: on D1 each is one round trip. */
  readonly trips: number
}

/** Counts the calls to a database; one call is one round trip, whatever its plan contains. */
export function countedDb(real: Db): CountedDb {
  let trips = 0
  const { health } = real
  return {
    db: {
      ...real,
      // For remote databases only: in the caller's thread there are no round trips to save.
      inThread: false,
      read(plan) {
        trips++
        return real.read(plan)
      },
      commit(plan, options) {
        trips++
        return real.commit(plan, options)
      },
      ...(health && {
        health() {
          trips++
          return health()
        },
      }),
    },
    get trips() {
      return trips
    },
  }
}
