import { alphabet, ID_TAIL, ID_TIME } from '../domain/ids.ts'

const RADIX = alphabet.length
/** Half the range of the tail, so that counting up from a smaller start cannot overflow. */
const START = RADIX ** ID_TAIL / 2
const POOLED = 512

/**
 * Generates ids of 15 letters and digits that always increase, even within a millisecond: the time, then a number that is
 * random for each millisecond and counted up within it. An id occurs in a dozen rows and indexes per device, and in two per
 * topic: as UUIDs, ids took a third of the database. Random numbers are drawn for many ids at a time.
 * These ids are not secret.
 */
export function rowIds(): () => string {
  const pool = new Uint32Array(POOLED)
  let used = pool.length
  let msecs = 0
  let time = ''
  let tail = 0

  function drawn(): number {
    if (used >= pool.length) {
      crypto.getRandomValues(pool)
      used = 0
    }
    return (pool[used++] ?? 0) / 2 ** 32
  }

  return () => {
    const now = Date.now()
    if (now > msecs) {
      msecs = now
      time = written(now, ID_TIME)
      tail = Math.floor((drawn() + drawn() / 2 ** 32) * START)
    } else tail++
    return time + written(tail, ID_TAIL)
  }
}

/** The ids of apps: short, because every row of an app contains one. Collisions are refused by the table. */
export function appId(): string {
  const drawn = crypto.getRandomValues(new Uint32Array(2))
  return written((drawn[0] ?? 0) * 2 ** 16 + ((drawn[1] ?? 0) % 2 ** 16), APP_ID)
}

const APP_ID = 6

/** The last digits of a number. */
function written(value: number, places: number): string {
  let text = ''
  let rest = value
  for (let place = 0; place < places; place++) {
    text = alphabet.charAt(rest % RADIX) + text
    rest = Math.floor(rest / RADIX)
  }
  return text
}
