import type { Outcome } from '../delivery/outcome.ts'
import { next, ttlLeft } from '../delivery/retry.ts'
import { stableId } from '../delivery/stable-id.ts'
import type { Clock } from '../domain/ids.ts'
import type { TargetOutcome } from '../domain/message.ts'
import { NOTED_EVERY } from '../domain/push-token.ts'
import type { LeasedPage, Phone } from '../store/contract/messages.ts'
import type { Store } from '../store/store.ts'
import { createDoubts, type Doubts } from './doubts.ts'
import {
  createEnvelopes,
  type Dialects,
  type Envelope,
  type Envelopes,
  lastSeen,
  startOf,
  tagsRead,
  targetOf,
} from './envelopes.ts'
import type { Attempted, OpenLane } from './lane.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { pause, type Turn } from './turns.ts'

export interface PageDeps {
  readonly store: Store
  readonly now: Clock
  readonly random: () => number
  readonly dialects: Dialects
  /** Whether no further requests may start. */
  readonly stopping: () => boolean
  /** When a page of a lane may start its next request: all pages together start only a few per turn of the event loop. */
  readonly turns: (lane: object) => Turn
}

/** A message with a TTL of 0 is still sent if its turn comes within this time, in milliseconds. */
const AT_ONCE = 60_000

/** A page being sent. */
interface Run {
  readonly page: LeasedPage
  readonly lane: OpenLane
  readonly ledger: Ledger
  readonly envelopes: Envelopes
  readonly doubts: Doubts
  /** The key under which the lane stores that the message is refused for any recipient. */
  readonly name: string
}

/** A page that is in progress. */
export interface Sending {
  /** Resolves when the page has been released; rejects if that could not be written. */
  readonly ended: Promise<void>
  /** Writes the results so far and releases the page immediately. */
  giveBack(): Promise<void>
}

/** Sends the due phones of a page; a fault with one phone does not affect the others. */
export function sendPage(deps: PageDeps, page: LeasedPage, lease: string, lane: OpenLane | null): Sending {
  const ledger = createLedger(deps, { page, lease })
  const work = async () => {
    if (page.message.state === 'cancelled' || page.message.state === 'expired')
      settleAll(ledger, page.message.state)
    else if (!lane) settleAll(ledger, 'unconfigured')
    else await ticking(ledger, () => sendDue(deps, page, lane, ledger))
    await ledger.end()
  }
  return { ended: work(), giveBack: () => ledger.end() }
}

function settleAll(ledger: Ledger, outcome: TargetOutcome): void {
  for (const position of ledger.all()) ledger.settled(position, outcome)
}

/** Writes results every second while the page is sent. */
async function ticking(ledger: Ledger, work: () => Promise<void>): Promise<void> {
  const timer = setInterval(() => void ledger.tick().catch(() => {}), 1000)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
}

async function sendDue(deps: PageDeps, page: LeasedPage, lane: OpenLane, ledger: Ledger): Promise<void> {
  const { store, now, dialects, turns } = deps
  if (lane.resting) return
  const { message } = page
  const due = ledger.due()
  const [app, found] = await Promise.all([
    store.apps.get(page.appId),
    store.messages.phones(
      page,
      due.map((position) => page.tokens[position] ?? ''),
      tagsRead(message, page.dialects, dialects),
      now(),
    ),
  ])
  const phones = lastSeen(found)
  const envelopes = createEnvelopes({ message, app, service: lane.service, dialects })
  const doubts = createDoubts(page.tokens.length)
  const run = { page, lane, ledger, envelopes, doubts, name: `${page.send} ${page.run}` }
  const flying = createFlying(() => lane.give())
  const turn = turns(lane)
  for (const [begun, position] of due.entries()) {
    // Awaited only if necessary, because a large send runs this code once per phone.
    const taken = lane.take()
    if (taken) await taken
    const later = startsAt(lane, begun, turn)
    if (later) await later
    if (!ledger.ours || deps.stopping() || lane.resting) {
      lane.give()
      break
    }
    flying.begin(() => toPhone(deps, run, position, phones.get(page.tokens[position] ?? '')))
  }
  await flying.ended()
  for (const { position, ...dead } of doubts.believed()) ledger.settled(position, 'dead', dead)
}

/** When the next request may start, if not now. Requests to be combined use no slot yet, and wait only briefly. */
function startsAt({ together }: OpenLane, begun: number, turn: Turn): Promise<void> | undefined {
  if (!together) return turn()
  return begun > 0 && begun % together === 0 ? pause() : undefined
}

/** Counts phones in progress without storing them. `landed` is called after each. */
function createFlying(landed: () => void) {
  let count = 0
  let fault: unknown
  let idle = () => {}
  function end(): void {
    landed()
    if (--count === 0) idle()
  }
  function fail(error: unknown): void {
    fault ??= error
    end()
  }
  return {
    begin(turn: () => Promise<unknown> | undefined): void {
      count++
      try {
        const work = turn()
        if (work) work.then(end, fail)
        else end()
      } catch (error) {
        fail(error)
      }
    },
    /** Throws the first error that occurred. */
    async ended(): Promise<void> {
      if (count > 0) {
        await new Promise<void>((resolve) => {
          idle = resolve
        })
      }
      if (fault !== undefined) throw fault
    },
  }
}

/** Handles one phone; undefined if nothing has to be awaited. */
function toPhone(
  deps: PageDeps,
  run: Run,
  position: number,
  phone: Phone | undefined,
): Promise<unknown> | undefined {
  const { ledger, lane, envelopes, name } = run
  const refused = lane.refused.get(name)
  const envelope = phone && envelopes.of(phone)
  if (!phone) ledger.settled(position, 'skipped')
  else if (!envelope) ledger.settled(position, 'unsupported', { phone })
  else if (envelope.fault) ledger.settled(position, 'payload', { phone, reason: envelope.fault })
  else if (refused !== undefined) ledger.settled(position, 'payload', { phone, reason: refused })
  else return attempt(deps, run, position, { phone, envelope })
  return ledger.full()
}

interface Addressed {
  readonly phone: Phone
  readonly envelope: Envelope
}

function attempt(
  deps: PageDeps,
  run: Run,
  position: number,
  { phone, envelope }: Addressed,
): Promise<unknown> | undefined {
  const { page, lane, ledger } = run
  const { push, ttl } = envelope.rendered
  const since = startOf(page, phone)
  const number = ledger.attempt(position)
  const now = deps.now()
  const left = ttlLeft({ ttl, since, attempt: number, now })
  const expires = since.getTime() + (ttl === 0 ? AT_ONCE : ttl * 1000)
  if (left === null || now.getTime() >= expires) {
    ledger.settled(position, 'expired', { phone })
    return ledger.full()
  }
  const delivery = {
    push,
    target: targetOf(phone),
    ttl: left,
    // Created on first access, because most services do not use it.
    get id() {
      return stableId(run.name, phone.tokenId)
    },
  }
  const made = { position, phone, number, expires }
  return lane
    .attempt(delivery, () => ledger.uncount(position))
    .then((attempted) => {
      judge(deps, run, made, attempted)
      return ledger.full()
    })
}

/** The data of an attempt. */
interface Made {
  readonly position: number
  readonly phone: Phone
  /** From 1. */
  readonly number: number
  /** When the message expires, in milliseconds since 1970. */
  readonly expires: number
}

/** Records the consequence of an attempt for its phone. */
function judge(
  deps: PageDeps,
  run: Run,
  { position, phone, number, expires }: Made,
  attempted: Attempted,
): void {
  const { lane, ledger } = run
  if (!attempted.outcome) {
    // If the lane pauses, everything waits; if a part of it does, only this phone is known to belong to it.
    if (!lane.resting) ledger.waits(position, attempted.restingUntil, false)
    return
  }
  const { outcome, startedAt, counts } = attempted
  if (!counts) {
    // Attempts during an outage do not count, and all are repeated once the lane resumes.
    ledger.waits(position, deps.now(), false)
    return
  }
  if (outcome.class === 'accepted') {
    conclude(run, position, phone, { outcome, startedAt, result: 'accepted' })
    return
  }
  const at = { attempt: number, now: deps.now(), expiresAt: new Date(expires), random: deps.random() }
  const step = next(outcome, at)
  if (step.step === 'done') conclude(run, position, phone, { outcome, startedAt, result: step.result })
  else ledger.waits(position, new Date(at.now.getTime() + step.milliseconds), true)
}

interface Conclusion {
  readonly outcome: Outcome
  readonly startedAt: Date
  readonly result: TargetOutcome
}

function conclude(
  run: Run,
  position: number,
  phone: Phone,
  { outcome, startedAt, result }: Conclusion,
): void {
  const { ledger, lane, doubts, envelopes, name } = run
  if (outcome.class === 'accepted') {
    const { environment, replacedBy } = outcome
    const shown = envelopes.shows(phone)
    ledger.settled(position, 'accepted', { phone, environment, replacedBy, shown })
    return
  }
  const { reason } = outcome
  if (outcome.class === 'dead') {
    // The service's own time is compared with one that may have been recorded late (identity R11).
    const when = { deadAt: outcome.at ?? startedAt, tolerance: outcome.at ? NOTED_EVERY : 0 }
    if (outcome.certain) ledger.settled(position, 'dead', { phone, reason, ...when })
    else if (doubts.dies({ position, phone, reason, ...when })) lane.brake(reason)
    return
  }
  ledger.settled(position, result, { phone, reason })
  if (outcome.class === 'mismatch' && doubts.mismatches()) lane.brake(reason)
  if (outcome.class === 'payload' && !ledger.reached && doubts.refuses(reason)) lane.refused.set(name, reason)
}
