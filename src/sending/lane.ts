import { gathering } from '../delivery/gathering.ts'
import type { Outcome } from '../delivery/outcome.ts'
import type { Delivery, Lane, PushProvider } from '../delivery/provider.ts'
import { DOWN_AFTER } from '../delivery/retry.ts'
import type { Clock } from '../domain/ids.ts'
import type { ProviderHealth, StoredProvider } from '../store/store.ts'
import { type Circuit, createCircuit } from './circuit.ts'
import { createSlots, type Slots } from './slots.ts'

/** The result of an attempt; none while the lane or the phone's part of it pauses. */
export type Attempted =
  | { readonly restingUntil: Date; readonly outcome?: undefined }
  | { readonly outcome: Outcome; readonly startedAt: Date; readonly counts: boolean }

/**
 * One app's channel to one push service: limits concurrent requests, and pauses while sending cannot succeed.
 */
export interface OpenLane {
  readonly service: PushProvider
  readonly restingUntil: Date
  readonly resting: boolean
  /** Phones per request, if the service accepts several. */
  readonly together: number | undefined
  /** Pages in progress. */
  pages: number
  /** Why a message is refused for any recipient, by message. */
  readonly refused: Map<string, string>
  /** Waits for a free slot, which must be released. */
  take(): Promise<void> | undefined
  give(): void
  /** `undo` reverts the counting of an attempt, because attempts during an outage do not count. */
  attempt(delivery: Delivery, undo: () => void): Promise<Attempted>
  /** Pauses as after a credential fault. */
  brake(reason: string): void
  takes(stored: StoredProvider): void
  /** Resolves when the lane's state has been written. */
  noted(): Promise<unknown>
  close(): Promise<void>
}

interface LaneParts {
  readonly lane: Lane
  readonly service: PushProvider
  readonly now: Clock
  readonly atOnce: number
  /** Stores the state of the credential. */
  readonly note: (health: ProviderHealth) => Promise<unknown>
  /** Reports a change to the operator. */
  readonly tell: (what: { readonly state: string; readonly reason: string }) => void
}

/** The circuits of a lane and its parts, and the effect of answers on them. */
function createCircuits({ now, note, tell }: Pick<LaneParts, 'now' | 'note' | 'tell'>, slots: Slots) {
  const own = createCircuit(now)
  const parts = new Map<string, Circuit>()
  let health: Pick<ProviderHealth, 'state' | 'reason'> = { state: 'ok', reason: null }
  let noting: Promise<unknown> = Promise.resolve()
  /** Attempts since the last definite answer, and their answers; some answers apply to many attempts. */
  let streak: (() => void)[] = []
  let answers = new Set<Outcome>()

  function remember(change: Partial<typeof health>): void {
    health = { ...health, ...change }
    const { failures, restingUntil } = own
    noting = noting.then(() => note({ ...health, failures, restingUntil })).catch(() => {})
  }

  function rest(circuit: Circuit, cause: 'credential' | 'down', reason: string): void {
    const first = circuit.failures === 0
    if (!circuit.opens(cause)) return
    if (first) tell({ state: cause === 'down' ? 'down' : 'refused', reason })
    if (circuit === own) remember(cause === 'down' ? { reason } : { state: 'refused', reason })
  }

  const better = () => {
    streak = []
    answers = new Set()
  }

  function temporary(outcome: Outcome & { readonly class: 'temporary' }, undo: () => void): boolean {
    slots.halve()
    streak.push(undo)
    answers.add(outcome)
    if (own.failures === 0 && answers.size < DOWN_AFTER && !outcome.down) return true
    for (const taken of streak) taken()
    better()
    rest(own, 'down', outcome.reason)
    return false
  }

  function pause(outcome: Outcome & { readonly class: 'throttled' }, part: Circuit | null): void {
    const wait = outcome.retryAfter ?? outcome.floor
    if (outcome.scope === 'part' && part) part.pauses(wait)
    else if (outcome.scope !== 'device') {
      own.pauses(wait)
      remember({})
    }
  }

  return {
    own,
    rest,
    noted: () => noting,
    part(name: string): Circuit | null {
      if (name === '') return null
      const circuit = parts.get(name) ?? createCircuit(now)
      parts.set(name, circuit)
      return circuit
    },
    takes(stored: ProviderHealth) {
      health = { state: stored.state, reason: stored.reason }
      own.takes(stored)
    },
    /** Returns whether the attempt counts. */
    judge(outcome: Outcome, part: Circuit | null, undo: () => void): boolean {
      if (outcome.class === 'temporary') return temporary(outcome, undo)
      better()
      if (outcome.class === 'credential') {
        rest(outcome.scope === 'part' && part ? part : own, 'credential', outcome.reason)
        return false
      }
      if (outcome.class === 'throttled') {
        pause(outcome, part)
        return true
      }
      slots.grow()
      // Such an answer may be caused by the wrong credential too.
      if (outcome.class === 'dead' && !outcome.certain) return true
      part?.closes()
      if (own.closes()) remember({ state: 'ok', reason: null })
      return true
    },
  }
}

export function createLane({ lane, service, now, atOnce, ...told }: LaneParts): OpenLane {
  const { list } = lane
  const together = list?.most ?? lane.together
  const slots = createSlots(Math.min(lane.atOnce, atOnce) * (together ?? 1), lane.perSecond)
  const send = list ? listing(list) : (delivery: Delivery) => lane.send(delivery)
  const circuits = createCircuits({ now, ...told }, slots)
  const { own } = circuits
  return {
    service,
    together,
    pages: 0,
    refused: new Map(),
    get restingUntil() {
      return own.restingUntil
    },
    get resting() {
      return own.resting
    },
    take: slots.take,
    give: slots.give,
    attempt(delivery, undo) {
      const part = circuits.part(lane.part(delivery.target))
      const once = (): Promise<Attempted> => {
        const startedAt = now()
        const judged = (outcome: Outcome): Attempted => {
          const counts = circuits.judge(outcome, part, undo)
          return { outcome, startedAt, counts }
        }
        return send(delivery).then(judged, () => judged(failed()))
      }
      if (own.free && (!part || part.free)) return once()
      return through(part ? [own, part] : [own], once)
    },
    brake: (reason) => circuits.rest(own, 'credential', reason),
    takes: circuits.takes,
    noted: circuits.noted,
    close: () => lane.close(),
  }
}

/** Sends if all circuits permit it. */
async function through(circuits: readonly Circuit[], send: () => Promise<Attempted>): Promise<Attempted> {
  const [circuit, ...inner] = circuits
  if (!circuit) return send()
  const leave = await circuit.enter()
  if (!leave) return { restingUntil: circuit.restingUntil }
  try {
    return await through(inner, send)
  } finally {
    leave()
  }
}

/** A fault of ours must not end the page. */
const failed = (): Outcome => ({
  class: 'temporary',
  reason: 'fault',
  floor: 60_000,
})

/** Combines requests that start together, as far as the service accepts lists. */
const listing = ({ most, send }: NonNullable<Lane['list']>): Lane['send'] =>
  gathering<Delivery, Outcome>({
    ...{ most, send },
    fits: (first, { push, ttl }) => first.push === push && first.ttl === ttl,
  })
