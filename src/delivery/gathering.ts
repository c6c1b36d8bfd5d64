interface Waiting<One, Result> {
  readonly one: One
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/**
 * Milliseconds for which a batch waits for further calls: a runtime may handle timers between the phones of
 * one page.
 */
const GATHERING = 20

/** Combines calls that start together into batches of a limited size. */
export function gathering<One, Result extends {}>(of: {
  readonly most: number
  /** Whether a call may join the batch of the first one; by default, any may. */
  readonly fits?: (first: One, one: One) => boolean
  /** One result per call, in order. */
  readonly send: (all: readonly One[]) => Promise<readonly Result[]>
}): (one: One) => Promise<Result> {
  let waiting: Waiting<One, Result>[] = []

  function flush(): void {
    const all = waiting
    waiting = []
    of.send(all.map(({ one }) => one)).then(
      (results) => {
        for (const [at, { resolve, reject }] of all.entries()) {
          const result = results[at]
          if (result === undefined) reject(new Error('the list of results is too short'))
          else resolve(result)
        }
      },
      (error) => {
        for (const { reject } of all) reject(error)
      },
    )
  }

  return (one) =>
    new Promise((resolve, reject) => {
      const [first] = waiting
      if (first && of.fits?.(first.one, one) === false) flush()
      waiting.push({ one, resolve, reject })
      const list = waiting
      if (list.length >= of.most) flush()
      else if (list.length === 1) setTimeout(() => list === waiting && flush(), GATHERING)
    })
}
