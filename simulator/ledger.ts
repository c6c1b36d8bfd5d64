import type { Told } from './phones/phone.ts'

/** The data that one side must have, by dialect and id, as last sent. Null: the device was removed. */
export class Ledger {
  readonly #entries = new Map<string, Told | null>()
  /** The holder of each token: the last device that was sent with it. */
  readonly #holders = new Map<string, string>()

  readonly #unsettled = new Set<string>()
  /** Tokens that an interrupted start may have assigned to its device. */
  readonly #claimed = new Set<string>()

  static key(dialect: string, id: string): string {
    return `${dialect} ${id}`
  }

  has(key: string): boolean {
    return this.#entries.has(key)
  }

  /**
   * A start of the phone was interrupted: the state of these devices and this token is unknown until a start
   * succeeds.
   */
  unsettle(keys: readonly string[], token: string): void {
    for (const key of keys) {
      this.#unsettled.add(key)
      this.#claimed.add(this.#holding(key, token))
    }
  }

  isUnsettled(key: string): boolean {
    return this.#unsettled.has(key)
  }

  tell(key: string, told: Told | null): void {
    this.#entries.set(key, told)
    this.#unsettled.delete(key)
    if (told?.token) this.#holders.set(this.#holding(key, told.token), key)
  }

  /** Copies another ledger's entries for these dialects, unless this ledger has its own. */
  fillFrom(other: Ledger, dialects: readonly string[]): void {
    for (const [key, told] of other.#entries) {
      if (told === null || this.#entries.has(key) || !dialects.includes(key.slice(0, key.indexOf(' '))))
        continue
      this.#entries.set(key, told)
      const holding = told.token === null ? null : this.#holding(key, told.token)
      if (holding !== null && other.#holders.get(holding) === key && !this.#holders.has(holding)) {
        this.#holders.set(holding, key)
      }
    }
  }

  *entries(): Generator<readonly [string, Told | null]> {
    yield* this.#entries
  }

  /** Whether another device has since been sent with this device's token, so that this one may have none. */
  lostToken(key: string, token: string): boolean {
    const holding = this.#holding(key, token)
    return this.#holders.get(holding) !== key || this.#claimed.has(holding)
  }

  #holding(key: string, token: string): string {
    return `${key.slice(0, key.indexOf(' '))} ${token}`
  }
}

/** The actual data, in the ledger's terms. */
export interface Found extends Told {
  readonly key: string
}

export interface Comparison {
  readonly expected: number
  readonly found: number
  /** Devices that are missing or have wrong data. */
  readonly lost: readonly string[]
  /** Devices that exist twice, or tokens that two devices have. */
  readonly doubled: readonly string[]
  /** Devices that were never sent. */
  readonly strange: readonly string[]
}

const MOST = 20

/** Compares the actual data with the ledger. Only the first few faults of each kind are named. */
export async function compared(
  ledger: Ledger,
  found: Iterable<Found> | AsyncIterable<Found>,
): Promise<Comparison> {
  const [lost, doubled, strange] = [new Faults(), new Faults(), new Faults()]
  const seen = new Set<string>()
  const tokens = new Set<string>()
  const unmet = new Map([...ledger.entries()].filter((entry): entry is [string, Told] => entry[1] !== null))
  const expected = unmet.size
  for await (const device of found) {
    const { key, token } = device
    if (seen.has(key)) doubled.add(`${key} is there twice`)
    seen.add(key)
    const holding = token && `${key.slice(0, key.indexOf(' '))} ${token}`
    if (holding && tokens.has(holding)) doubled.add(`${key} has a token that another device has, too`)
    if (holding) tokens.add(holding)
    const told = unmet.get(key)
    if (ledger.isUnsettled(key)) unmet.delete(key)
    else if (!told) strange.add(`${key} ${ledger.has(key) ? 'should be gone' : 'was never told of'}`)
    else for (const fault of differences(ledger, told, device)) lost.add(`${key}: ${fault}`)
    unmet.delete(key)
  }
  for (const [key, { token }] of unmet) {
    if (ledger.isUnsettled(key)) continue
    if (token === null || !ledger.lostToken(key, token)) lost.add(`${key} is missing`)
  }
  return { expected, found: seen.size, lost: lost.told(), doubled: doubled.told(), strange: strange.told() }
}

class Faults {
  readonly #first: string[] = []
  #count = 0

  add(text: string): void {
    if (this.#count++ < MOST) this.#first.push(text)
  }

  told(): readonly string[] {
    return this.#count > MOST ? [...this.#first, `and ${this.#count - MOST} more`] : this.#first
  }
}

function* differences(ledger: Ledger, told: Told, found: Found): Generator<string> {
  const gone = found.token === null && told.token !== null && ledger.lostToken(found.key, told.token)
  if (found.token !== told.token && !gone) yield `token ${found.token} instead of ${told.token}`
  if (found.user !== told.user) yield `user ${found.user} instead of ${told.user}`
  const [has, wants] = [found.topics, told.topics].map((names) => [...names].sort().join())
  if (has !== wants) yield `topics ${has} instead of ${wants}`
  for (const [name, value] of Object.entries(told.tags)) {
    const held = found.tags[name]
    if (JSON.stringify(held) !== JSON.stringify(value)) {
      yield `tag ${name} is ${JSON.stringify(held)} instead of ${JSON.stringify(value)}`
    }
  }
}
