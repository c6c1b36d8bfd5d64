/** The longest time for which the event loop may be blocked: "Done when" of issue 8. */
const MOST = 50
/** Milliseconds between two samples of the heap. */
const LOOK_EVERY = 20
/** The longest blocks. */
const SHOWN = 40
const MIB = 1024 * 1024

export interface Held {
  readonly name: string
  readonly ms: number
  readonly took: number
  readonly status: number
}

/** The longest time for which the event loop was blocked while this ran. */
export async function holdOf<T>(run: () => Promise<T>) {
  let longest = 0
  let heap = 0
  let last = performance.now()
  let looked = 0
  let running = true
  const turn = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (now - looked > LOOK_EVERY) {
      heap = Math.max(heap, process.memoryUsage().heapUsed)
      // Sampling is not part of the measurement.
      looked = last = performance.now()
    }
    if (running) setImmediate(turn)
  }
  setImmediate(turn)
  const started = performance.now()
  const result = await run()
  const took = performance.now() - started
  await new Promise((resume) => setImmediate(resume))
  running = false
  return { result, longest, took, heap }
}

export function report(held: readonly Held[], heap: number, say: (line: string) => void): void {
  const line = ({ name, ms, took, status }: Held) =>
    `${ms.toFixed(1).padStart(9)} ms ${took.toFixed(0).padStart(8)} ms  ${String(status).padStart(3)}  ${name}`
  const ranked = [...held].sort((a, b) => b.ms - a.ms)
  say('\n     hold        took       call')
  for (const one of ranked.slice(0, SHOWN)) say(line(one))
  const over = ranked.filter(({ ms }) => ms > MOST)
  say(
    `\n${held.length} calls; ${over.length} held the event loop for more than ${MOST} ms; heap at most ${(heap / MIB).toFixed(0)} MiB`,
  )
}
