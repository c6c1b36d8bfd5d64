import { circuitWait } from '../delivery/retry.ts'
import type { Clock } from '../domain/ids.ts'

/** Whether requests may be sent through a lane or a part of it (delivery.md 2.1). */
export interface Circuit {
  /** No request before this time. */
  readonly restingUntil: Date
  readonly resting: boolean
  /** The number of consecutive failed probes. */
  readonly failures: number
  /** Whether every request may start now, as is usual; `enter` need not be called then. */
  readonly free: boolean
  /**
   * Whether a request may start now; null while the circuit pauses. After a pause, one request probes alone
   * and the others wait for its result. The returned function must be called when the request has ended.
   */
  enter(): (() => void) | null | Promise<(() => void) | null>
  /** Records a success. Returns true if this changes the state. */
  closes(): boolean
  /** Records a failure. Returns true if the circuit was not already paused. */
  opens(cause: 'credential' | 'down'): boolean
  /** Pauses all requests for the given time. */
  pauses(milliseconds: number): void
  /** Applies a state that another process has recorded. */
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
      // Requests that were in flight when the circuit opened prove nothing.
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
