import { type Clock, DAY, HOUR } from './clock.ts'
import { DIALECTS, type SimulatedDialect } from './dialects.ts'
import { Ledger } from './ledger.ts'
import {
  MOVED,
  type Numbers,
  numbersOf,
  type Phone,
  type Texts,
  TOPICS,
  textsOf,
  VERSIONS,
} from './phones/phone.ts'
import type { Keys, Script } from './phones/script.ts'
import { randomOf } from './random.ts'
import { Broken, type Call, type Send, TryAgain } from './wire.ts'

/** How often people open the app: all the same, or a realistic mix of daily, weekly and lapsed users. */
export type Habits = 'even' | 'mixed'

export interface FleetOptions {
  readonly phones: number
  readonly seed: number
  readonly habits: Habits
  readonly dialects: readonly string[]
  /**
   * Whether phones move to the gateway with an app update, each at its own time, or all at once with a host
   * name.
   */
  readonly moves: 'release' | 'host name'
}

/** The server that an app's start calls. */
export interface Places {
  readonly vendor: (dialect: string) => Send
  /** Null before the gateway exists. */
  readonly gateway: Send | null
  /** Whether the gateway stores what phones report. */
  readonly keeps: boolean
}

export interface Day {
  readonly starts: number
  readonly throughGateway: number
  /** Starts whose SDK has to retry later. */
  readonly again: number
}

interface Start {
  readonly at: number
  readonly phone: Phone
}

/** A phone's identity before a start. */
interface Before {
  readonly id: string | null
  readonly told: Numbers | null
}

/** Per start: the probability of each change since the last one. */
const CHANCES = { rotated: 0.012, reinstalled: 0.006, topics: 0.12, level: 0.2, signs: 0.03, updates: 0.3 }
/**
 * Per day: the probability that the app is deleted (only with realistic usage), and new phones as a share of
 * all.
 */
const DELETED: Readonly<Record<Habits, number>> = { even: 0, mixed: 0.0015 }
const NEW = 0.002
/** The probability that a new installation has the previous one's token. */
const SAME_TOKEN = 0.15
/** The share of phones whose people never update an app. */
const STALE = 0.03
/** Most concurrent starts. */
const AT_ONCE = 48
/** Of a larger fleet, one in so many phones: those that start together wait for the last of them. */
const ONE_IN = 4000

/** Starts per day, and the share of people with this rate. */
const HABITS: Readonly<Record<Habits, readonly { readonly rate: number; readonly share: number }[]>> = {
  even: [{ rate: 0.12, share: 1 }],
  mixed: [
    { rate: 0.4, share: 0.04 },
    { rate: 0.12, share: 0.5 },
    { rate: 0.03, share: 0.36 },
    { rate: 0, share: 0.1 },
  ],
}

/**
 * Phones and their users, and an exact record of what they have sent to each side. Everything is derived from
 * the seed.
 */
export class Fleet {
  readonly texts: Texts
  /** The data that the vendors must hold. */
  readonly vendor = new Ledger()
  /** The data that the gateway must have, from what phones have sent through it. */
  readonly gateway = new Ledger()
  readonly #phones: Phone[] = []
  readonly #options: FleetOptions
  readonly #clock: Clock
  readonly #keys: (dialect: string) => Keys
  readonly #spoken: readonly SimulatedDialect[]
  readonly #random: () => number
  #latest = 1

  constructor(options: FleetOptions, clock: Clock, keys: (dialect: string) => Keys) {
    this.#options = options
    this.#clock = clock
    this.#keys = keys
    this.#random = randomOf(options.seed)
    this.#spoken = DIALECTS.filter(({ script }) => options.dialects.includes(script.dialect))
    this.texts = textsOf(options.seed)
    for (let n = 0; n < options.phones; n++) this.#add()
  }

  /** The number of installed apps. */
  get alive(): number {
    return this.#phones.filter(({ alive }) => alive).length
  }

  /** Releases a version of the app. */
  release(version: number): void {
    this.#latest = Math.min(version, VERSIONS.length - 1)
  }

  /** Simulates the next day: all starts in order of time. `within` runs every hour. */
  async day(places: Places, within: () => Promise<void>): Promise<Day> {
    const midnight = Math.ceil(this.#clock.now().getTime() / DAY) * DAY
    if (places.gateway) {
      const made = Math.round(this.#phones.length * NEW * this.#random() * 2)
      for (let n = 0; n < made; n++) this.#add()
    }
    const starts = this.#planned(midnight)
    const counts = { starts: starts.length, throughGateway: 0, again: 0 }
    const atOnce = Math.max(AT_ONCE, Math.round(this.#phones.length / ONE_IN))
    for (let hour = 1, next = 0; hour <= 24; hour++) {
      const until = midnight + hour * HOUR
      while (next < starts.length && (starts[next]?.at ?? until) < until) {
        const together = starts.slice(next, next + atOnce).filter(({ at }) => at < until)
        next += together.length
        // The clock stands still during starts: they take seconds, and their tokens must not expire.
        this.#clock.moveTo(together[0]?.at ?? until)
        await Promise.all(together.map((start) => this.#begun(start, places, counts)))
      }
      // Reads after a day happen in its evening.
      this.#clock.moveTo(until - 1)
      await within()
    }
    return counts
  }

  #add(): void {
    const random = this.#random
    const { habits, moves } = this.#options
    const { script } = picked(this.#spoken, random())
    this.#phones.push({
      ...{ n: this.#phones.length, dialect: script.dialect, ios: random() < 0.45 },
      ...{ rate: picked(HABITS[habits], random()).rate, stale: moves === 'release' && random() < STALE },
      ...{ alive: true, install: 0, token: 0, version: this.#latest, user: random() < 0.7 ? 1 : 0 },
      ...{ topics: Math.floor(random() * 2 ** TOPICS.length), level: 1, launches: 0, broken: false },
      ...{ told: null, kept: null, heard: null },
    })
  }

  /** The phones that start the app today, with their times, in order. */
  #planned(midnight: number): readonly Start[] {
    const random = this.#random
    const starts: Start[] = []
    for (const phone of this.#phones) {
      if (!phone.alive) continue
      if (phone.told && random() < DELETED[this.#options.habits]) phone.alive = false
      else if (!phone.told || random() < phone.rate) starts.push({ at: midnight + awake(random()), phone })
    }
    return starts.sort((a, b) => a.at - b.at)
  }

  async #begun({ at, phone }: Start, places: Places, counts: { throughGateway: number; again: number }) {
    // A separate generator, so that the events do not depend on the order of answers.
    const chance = randomOf(Math.imul(this.#options.seed + phone.n, 2_654_435_761) ^ (at / 1000))
    // An interrupted start may have been stored in part: the SDK repeats it, and never silently reverts it.
    if (phone.told && !phone.broken) this.#lived(phone, chance)
    const through = this.#moved(phone, places) ? places.gateway : null
    if (through) counts.throughGateway++
    phone.broken = !(await this.#start(phone, { places, through, chance }))
    if (phone.broken) counts.again++
  }

  /** The changes of a phone since its last start. */
  #lived(phone: Phone, chance: () => number): void {
    if (!phone.stale && phone.version < this.#latest && chance() < CHANCES.updates)
      phone.version = this.#latest
    if (chance() < CHANCES.topics) phone.topics ^= 1 << Math.floor(chance() * TOPICS.length)
    if (chance() < CHANCES.level) phone.level++
    if (chance() < CHANCES.signs) phone.user = phone.user > 0 ? 0 : phone.install * 1000 + phone.level + 1
    if (chance() < CHANCES.rotated) phone.token++
    if (chance() >= CHANCES.reinstalled) return
    phone.install++
    if (chance() >= SAME_TOKEN || scriptOf(phone).tokenIsDevice) phone.token++
    if (!phone.stale) phone.version = this.#latest
    phone.user = chance() < 0.7 ? 1 + phone.install * 1000 : 0
    Object.assign(phone, { told: null, kept: null, launches: 0, heard: null })
  }

  #moved(phone: Phone, { gateway }: Places): boolean {
    return gateway !== null && (this.#options.moves === 'host name' || phone.version >= MOVED)
  }

  /** One start of an app; false if its SDK has to retry. */
  async #start(
    phone: Phone,
    { places, through, chance }: { places: Places; through: Send | null; chance: () => number },
  ): Promise<boolean> {
    const script = scriptOf(phone)
    const keeps = through !== null && places.keeps
    const before = { id: script.idOf(phone, this.texts), told: phone.told }
    const to = through ?? places.vendor(phone.dialect)
    let called = false
    const send: Send = async (call) => {
      const reply = await to(call)
      // An SDK would follow this redirect and leave the gateway permanently.
      if (through && isObject(reply.body) && 'base_url' in reply.body) throw new Broken(call, reply)
      if (call.path.startsWith('/reporting_api')) return reply
      called = true
      if (keeps && reply.status < 300 && tokenIn(call)) phone.heard = phone.token
      return reply
    }
    const { texts } = this
    const now = this.#clock.now()
    try {
      await script.start({ phone, texts, send, chance, now, keys: this.#keys(phone.dialect) })
    } catch (error) {
      if (error instanceof TryAgain) {
        const ids = [before.id, script.idOf(phone, texts)].filter((id) => id !== null)
        const keys = ids.map((id) => Ledger.key(phone.dialect, id))
        for (const ledger of [this.vendor, this.gateway]) ledger.unsettle(keys, texts.token(phone))
        return false
      }
      throw error
    }
    phone.told = numbersOf(phone)
    this.#note(this.vendor, phone, { script, before })
    if (keeps && called) this.#note(this.gateway, phone, { script, before })
    return true
  }

  /** Records what one side must now know about the phone. */
  #note(ledger: Ledger, phone: Phone, { script, before }: { script: Script; before: Before }): void {
    const [id, told] = [script.idOf(phone, this.texts), script.told(phone, this.texts)]
    const signedOut = before.told !== null && before.told.user > 0 && before.told.user !== phone.user
    // Data under a previous id is removed if the phone unregistered it, and otherwise stays.
    if (before.id !== null && before.id !== id && signedOut) {
      ledger.tell(Ledger.key(phone.dialect, before.id), null)
    }
    if (id === null || !told) return
    // An SDK that registers only once sent its token to the server of that time.
    const unheard = ledger === this.gateway && !script.tellsAll && phone.heard !== phone.token
    ledger.tell(Ledger.key(phone.dialect, id), unheard ? { ...told, token: null } : told)
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
const tokenIn = ({ body }: Call): boolean => isObject(body) && 'token' in body

const scriptOf = ({ dialect }: Phone): Script => {
  const found = DIALECTS.find(({ script }) => script.dialect === dialect)
  if (!found) throw new Error(`no phone speaks ${dialect}`)
  return found.script
}

/** Chooses an element by the shares. */
function picked<T extends { readonly share: number }>(all: readonly T[], chance: number): T {
  let left = chance * all.reduce((sum, { share }) => sum + share, 0)
  for (const one of all) {
    left -= one.share
    if (left < 0) return one
  }
  const last = all.at(-1)
  if (!last) throw new Error('there is nothing to pick from')
  return last
}

/** People are awake during the day. */
const awake = (chance: number): number => Math.floor((6 + 17 * chance) * HOUR)
