import { circuitWait } from '../delivery/retry.ts'
import type { Clock } from '../domain/ids.ts'

/** Whether requests go through a lane, or a part of it (delivery.md 2.1). */
export interface Circuit {
  /** No request before this time. */
  readonly restingUntil: Date
  readonly resting: boolean
  /** Probes that failed in a row. */
  readonly failures: number
  /** Whether every request may go at once, as nearly always: then nobody has to `enter`. */
  readonly free: boolean
  /**
   * Whether a request may go now: null while the circuit rests. After a rest one goes alone, and the others wait for what
   * it finds. The function is to be called when the request has ended.
   */
  enter(): (() => void) | null | Promise<(() => void) | null>
  /** A request went well. True if that is news. */
  closes(): boolean
  /** True if it was not resting. */
  opens(cause: 'credential' | 'down'): boolean
  /** Everybody waits so long, and then goes on. */
  pauses(milliseconds: number): void
  /** Takes what another process found out. */
  takes(known: { readonly failures: number; readonly restingUntil: Date }): void
}

const free = () => {}

export function createCircuit(now: Clock): Circuit {
  let failures = 0
  let until = 0
  let probe: Promise<void> | undefined

  const resting = () => until > 0 && now().getTime() < until

  async function alone(): Promise<(() => void) | null> {
    while (!resting()) {
      if (failures === 0) return free
      if (probe) await probe
      else {
        let ended = free
        probe = new Promise((resolve) => {
          ended = () => {
            probe = undefined
            resolve()
          }
        })
        return ended
      }
    }
    return null
  }

  return {
    get restingUntil() {
      return new Date(until)
    },
    get resting() {
      return resting()
    },
    get failures() {
      return failures
    },
    get free() {
      return failures === 0 && !resting()
    },
    enter: () => (resting() ? null : failures === 0 ? free : alone()),
    closes() {
      // What was in flight when it opened proves nothing.
      if (failures === 0 || resting()) return false
      failures = 0
      return true
    },
    opens(cause) {
      if (resting()) return false
      until = now().getTime() + circuitWait(cause, failures)
      failures++
      return true
    },
    pauses(milliseconds) {
      until = Math.max(until, now().getTime() + milliseconds)
    },
    takes(known) {
      failures = known.failures
      until = known.restingUntil.getTime()
    },
  }
}
