import type { ImportRow } from '../../domain/import.ts'

/** Most rounds per step; more would delay other callers of the store. */
const MOST = 16

/**
 * Divides rows into rounds without shared ids or tokens, because rows that share one must be applied in
 * order.
 */
export class Rounds {
  readonly rounds: ImportRow[][] = []
  readonly #last = new Map<string, number>()

  /** False if the row would need too many rounds; it then belongs to the next step. */
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
