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
import { pause } from './turns.ts'

export interface PageDeps {
  readonly store: Store
  readonly now: Clock
  readonly random: () => number
  readonly dialects: Dialects
  /** Whether no further request begins. */
  readonly stopping: () => boolean
  /** When the next request may begin, if not at once: of all pages, a few in each turn of the event loop. */
  readonly turn: () => Promise<void> | undefined
}

/** A message that keeps for no time at all is still sent if its turn comes within this, in milliseconds. */
const AT_ONCE = 60_000

/** A page on its way. */
interface Run {
  readonly page: LeasedPage
  readonly lane: OpenLane
  readonly ledger: Ledger
  readonly envelopes: Envelopes
  readonly doubts: Doubts
  /** The name under which the lane remembers that nobody can get the message. */
  readonly name: string
}

/** A page under way. */
export interface Sending {
  /** Resolves when it is given back; rejects if that could not be written. */
  readonly ended: Promise<void>
  /** Writes what is known, and gives the page back at once. */
  giveBack(): Promise<void>
}

/** Sends what is due of a page; whatever happens to one phone, the others go on. */
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

/** Writes results every second meanwhile. */
async function ticking(ledger: Ledger, work: () => Promise<void>): Promise<void> {
  const timer = setInterval(() => void ledger.tick().catch(() => {}), 1000)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
}

async function sendDue(deps: PageDeps, page: LeasedPage, lane: OpenLane, ledger: Ledger): Promise<void> {
  const { store, now, dialects, turn } = deps
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
  for (const [begun, position] of due.entries()) {
    const taken = lane.take()
    // Waited for only where it has to be: a large send comes by here for each phone.
    if (taken) await taken
    // What waits to be part of a list costs nothing yet, and does not wait for long.
    if (!lane.together) for (let later = turn(); later; later = turn()) await later
    else if (begun > 0 && begun % lane.together === 0) await pause()
    if (!ledger.ours || deps.stopping() || lane.resting) {
      lane.give()
      break
    }
    flying.begin(() => toPhone(deps, run, position, phones.get(page.tokens[position] ?? '')))
  }
  await flying.ended()
  for (const { position, ...dead } of doubts.believed()) ledger.settled(position, 'dead', dead)
}

/** Phones whose turn it is: only their number is kept. `landed` is called after each. */
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
    /** Throws the first error. */
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

/** One phone's turn; undefined if it is over. */
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
    // Made when it is read: most services take none.
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

/** An attempt that was made. */
interface Made {
  readonly position: number
  readonly phone: Phone
  /** From 1. */
  readonly number: number
  /** When the message is of no more use, in milliseconds since 1970. */
  readonly expires: number
}

/** What follows from an attempt for its phone. */
function judge(
  deps: PageDeps,
  run: Run,
  { position, phone, number, expires }: Made,
  attempted: Attempted,
): void {
  const { lane, ledger } = run
  if (!attempted.outcome) {
    // Of a lane, everything waits; of a part of it, only this phone is known to.
    if (!lane.resting) ledger.waits(position, attempted.restingUntil, false)
    return
  }
  const { outcome, startedAt, counts } = attempted
  if (!counts) {
    // Nothing of an outage counts, and all of it goes on once the lane does.
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
    // The service's own time is compared with one that may be noted late (identity R11).
    const when = { deadAt: outcome.at ?? startedAt, tolerance: outcome.at ? NOTED_EVERY : 0 }
    if (outcome.certain) ledger.settled(position, 'dead', { phone, reason, ...when })
    else if (doubts.dies({ position, phone, reason, ...when })) lane.brake(reason)
    return
  }
  ledger.settled(position, result, { phone, reason })
  if (outcome.class === 'mismatch' && doubts.mismatches()) lane.brake(reason)
  if (outcome.class === 'payload' && !ledger.reached && doubts.refuses(reason)) lane.refused.set(name, reason)
}
