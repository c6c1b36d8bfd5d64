import type { ImportRow } from '../../domain/import.ts'

/** Rounds of a step: more would hold up whoever waits for the store. */
const MOST = 16

/** Parts rows into rounds, in which no row shares an id or a token with another one: those meet one after the other. */
export class Rounds {
  readonly rounds: ImportRow[][] = []
  readonly #last = new Map<string, number>()

  /** False where the row would need one round too many: then it is for the next step. */
  add(row: ImportRow): boolean {
    const keys = keysOf(row)
    const round = Math.max(-1, ...keys.map((key) => this.#last.get(key) ?? -1)) + 1
    if (round >= MOST) return false
    const rows = this.rounds[round] ?? []
    rows.push(row)
    this.rounds[round] = rows
    for (const key of keys) this.#last.set(key, round)
    return true
  }
}

const keysOf = ({ dialect, externalId, token, rowId }: ImportRow): string[] => [
  ...(externalId === null ? [] : [`i ${dialect} ${externalId}`]),
  ...(token === null ? [] : [`t ${token.provider} ${token.hash}`]),
  ...(rowId === null ? [] : [`r ${rowId}`]),
]
