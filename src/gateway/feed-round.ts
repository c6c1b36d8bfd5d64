import type { FeedItem, FeedPlace } from '../domain/feed.ts'
import { type LastCall, type Letter, type LetterRef, MOST_LETTERS } from '../domain/feed-hook.ts'
import type { Clock } from '../domain/ids.ts'
import type { Mutable } from '../domain/mutable.ts'
import type { TakenHook } from '../store/store.ts'

/** A receiver's answer. `error` contains no data of the event. */
export interface Answered {
  /** Null if there was no answer. */
  readonly status: number | null
  readonly error: string | null
  /** Milliseconds to wait before the next call, if the receiver asked for it. */
  readonly pause?: number
}
export type Telling = (item: FeedItem, id: string) => Promise<Answered>

/** Consecutive failures of different events after which a receiver is paused. */
export const THRESHOLD = 5

const SECOND = 1000
/** The pause of a receiver with the most waiting letters allowed. */
const FULL = 5 * SECOND
/** Delays before each retry of an event: a day in total. */
const WAITS = [5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800].map((seconds) => seconds * SECOND)
/** The longest delay for an event that blocks all later ones, so it is retried more often. */
const LONGEST_HOLD = 600 * SECOND
const MOST_HOLDS = 30

/** The state of a turn. */
export interface Told {
  readonly calls: number
  readonly failures: number
  readonly tries: number
  readonly gone: boolean
  /** Milliseconds until the next call is allowed. */
  readonly pause: number
  readonly delivered: number
  readonly last: LastCall | null
  readonly parked: readonly Letter[]
  readonly arrived: readonly (LetterRef & { readonly device: string })[]
}

interface RoundOptions {
  readonly hook: TakenHook
  readonly tell: Telling
  readonly now: Clock
  readonly each: number
  /** No call begins after this value of `performance.now()`. */
  readonly end: number
}

/** The device whose events are kept in order; empty for events that name no single device. */
const laneOf = ({ event, device }: FeedItem) => device?.id ?? event.deviceId ?? ''
const refOf = ({ place: [, event, part] }: FeedItem): LetterRef => ({ event, part })
const taken = ({ status }: Answered) => status !== null && status >= 200 && status < 300

/** The event's id as sent to receivers. */
const messageId = (appId: string, { event, part }: LetterRef): string =>
  part === '' ? `${appId}-${event}` : `${appId}-${event}-${part}`

const laterThan = (now: Clock, milliseconds: number) => new Date(now().getTime() + milliseconds)

/** One turn of a receiver: sends its events and collects the results. */
export class FeedRound {
  readonly #options: RoundOptions
  readonly #probing: boolean
  readonly #kinds: ReadonlySet<string> | null
  readonly #told: Mutable<Told>
  readonly #parked: Letter[] = []
  readonly #arrived: (LetterRef & { device: string })[] = []
  #stop = false

  constructor(options: RoundOptions) {
    const { failures, tries, kinds } = options.hook
    this.#options = options
    this.#probing = failures >= THRESHOLD
    this.#kinds = kinds && new Set<string>(kinds)
    this.#told = {
      ...{ calls: 0, failures, tries, gone: false, pause: 0, delivered: 0, last: null },
      ...{ parked: this.#parked, arrived: this.#arrived },
    }
  }

  /** Whether the turn sends nothing more. */
  get stopped(): boolean {
    return this.#stop
  }

  told(place: FeedPlace): Told & { readonly place: FeedPlace } {
    return { ...this.#told, place }
  }

  /** Retries letters, each of a different device. */
  async again(
    letters: readonly { readonly letter: Letter; readonly item: FeedItem | null }[],
  ): Promise<void> {
    const slots = slotsOf(this.#options.each)
    for (const { letter, item } of letters) {
      await slots.free()
      if (this.#over()) break
      slots.run(this.#retried(letter, item))
    }
    await slots.done()
  }

  /** Sends a page; `held` are devices with letters. Returns the number of leading events that are finished. */
  async page(items: readonly FeedItem[], held: ReadonlySet<string>): Promise<number> {
    const done = items.map(() => false)
    const behind = new Set(held)
    const lanes = new Map<string, Promise<void>>()
    const slots = slotsOf(this.#options.each)
    for (const [at, item] of items.entries()) {
      if (this.#over()) break
      const lane = laneOf(item)
      if (this.#kinds && !this.#kinds.has(item.event.kind)) done[at] = true
      else if (lane === '') {
        await slots.done()
        if (!this.#stop) done[at] = await this.#held(item)
      } else {
        await slots.free()
        const next = (lanes.get(lane) ?? Promise.resolve()).then(async () => {
          done[at] = await this.#one(item, lane, behind)
        })
        lanes.set(lane, next)
        slots.run(next)
      }
    }
    await slots.done()
    const open = done.indexOf(false)
    return open < 0 ? items.length : open
  }

  #over(): boolean {
    this.#stop ||= performance.now() > this.#options.end
    return this.#stop
  }

  /** Null if the event must stay as it is, because the receiver accepts nothing now. */
  async #called(item: FeedItem, first: boolean): Promise<Answered | null> {
    const { hook, tell, now } = this.#options
    const told = this.#told
    told.calls++
    const answer = await tell(item, messageId(hook.appId, refOf(item)))
    told.last = { at: now(), status: answer.status, error: answer.error }
    if (taken(answer)) {
      told.failures = 0
      told.delivered++
      return answer
    }
    if (answer.status === 410) told.gone = true
    else if (answer.pause !== undefined) told.pause = Math.max(told.pause, answer.pause, SECOND)
    // A receiver that always rejects one particular event is not down.
    else if (first || this.#probing) told.failures++
    this.#stop ||= told.gone || told.pause > 0 || told.failures >= THRESHOLD
    return this.#stop ? null : answer
  }

  /** Sends or parks an event of a device. False if it must stay in the page. */
  async #one(item: FeedItem, lane: string, behind: Set<string>): Promise<boolean> {
    if (this.#over()) return false
    const waits = behind.has(lane)
    const answer = waits ? null : await this.#called(item, true)
    if (answer && taken(answer)) return true
    if (!waits && !answer) return false
    if (this.#options.hook.waiting + this.#parked.length >= MOST_LETTERS) {
      this.#stop = true
      this.#told.pause = Math.max(this.#told.pause, FULL)
      return false
    }
    behind.add(lane)
    this.#parked.push(
      this.#letter(item, lane, answer, answer && laterThan(this.#options.now, WAITS[0] ?? SECOND)),
    )
    return true
  }

  #letter(item: FeedItem, device: string, answer: Answered | null, dueAt: Date | null): Letter {
    return {
      ...{ ...refOf(item), device, kind: item.event.kind, at: item.event.at, dead: false, dueAt },
      ...{ tries: answer ? 1 : 0, status: answer?.status ?? null, error: answer?.error ?? null },
      triedAt: answer && this.#options.now(),
    }
  }

  #drop({ event, part, device }: Letter): void {
    this.#arrived.push({ event, part, device })
  }

  async #retried(letter: Letter, item: FeedItem | null): Promise<void> {
    const { now } = this.#options
    if (!item) {
      // The event was deleted.
      this.#drop(letter)
      return
    }
    const answer = await this.#called(item, false)
    if (answer && taken(answer)) {
      this.#drop(letter)
      return
    }
    // The receiver is unavailable now; this does not count as an attempt.
    if (!answer) return void this.#parked.push({ ...letter, dueAt: laterThan(now, SECOND) })
    const wait = WAITS[letter.tries]
    const tried = { tries: letter.tries + 1, status: answer.status, error: answer.error, triedAt: now() }
    const next = wait === undefined ? null : laterThan(now, wait)
    this.#parked.push({ ...letter, ...tried, dead: next === null, dueAt: next })
  }

  /** Sends an event that blocks all later ones. True if it is finished. */
  async #held(item: FeedItem): Promise<boolean> {
    const told = this.#told
    const answer = await this.#called(item, told.tries === 0)
    if (answer && taken(answer)) {
      told.tries = 0
      return true
    }
    this.#stop = true
    if (!answer) return false
    const wait = Math.min(WAITS[told.tries] ?? LONGEST_HOLD, LONGEST_HOLD)
    told.tries++
    if (told.tries < MOST_HOLDS) {
      told.pause = Math.max(told.pause, wait)
      return false
    }
    this.#parked.push({ ...this.#letter(item, '', answer, null), dead: true, tries: told.tries })
    told.tries = 0
    return true
  }
}

/** Limits concurrency. */
function slotsOf(most: number) {
  const running = new Set<Promise<void>>()
  return {
    async free() {
      while (running.size >= most) await Promise.race(running)
    },
    run(work: Promise<void>) {
      const own = work.finally(() => running.delete(own))
      running.add(own)
    },
    async done() {
      await Promise.all(running)
    },
  }
}
