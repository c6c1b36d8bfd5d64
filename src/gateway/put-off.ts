import type { CopyRequest, CopyTurn } from './copy-drafts.ts'

/** A copy that waits in memory. */
export interface Waiting extends CopyTurn {
  readonly copy: CopyRequest
  readonly device: string
  readonly ours: unknown
}

/** Most copies, and bytes of their requests, that wait in memory. */
export const ROOM = { copies: 2000, bytes: 8 * 1024 * 1024 }
/** From which on nobody waits for the next turn. */
const MANY = { copies: 256, bytes: 1024 * 1024 }
/** Copies of one plan. */
const EACH = 50

/** Copies that somebody else writes. */
export interface Taken {
  readonly copies: readonly Waiting[]
  end(written: boolean): void
}

interface Kept {
  readonly one: Waiting
  readonly size: number
  /** Somebody writes it. */
  held: boolean
}

/**
 * Copies of calls that changed nothing here: they have no plan to be written with, and one of their own for each would cost a
 * call more than all the rest of it. They wait in memory until they are written together, or with the next change of their
 * device, which must not arrive before them.
 */
export class PutOff {
  readonly #write: (copies: readonly Waiting[]) => Promise<void>
  readonly #kept = new Map<string, Kept>()
  #bytes = 0
  #writing: Promise<void> | undefined

  constructor(write: (copies: readonly Waiting[]) => Promise<void>) {
    this.#write = write
  }

  /** False where there is no room. */
  add(one: Waiting): boolean {
    const size = sizeOf(one.copy)
    if (this.#kept.size >= ROOM.copies || this.#bytes + size > ROOM.bytes) return false
    this.#kept.set(one.id, { one, size, held: false })
    this.#bytes += size
    const many = this.#kept.size >= MANY.copies || this.#bytes >= MANY.bytes
    if (many && !this.#writing) this.write().catch(() => {})
    return true
  }

  /** Those of a device, for whoever writes them with what comes after them, and says then whether that was done. */
  async take(device: string): Promise<Taken> {
    const of = () => [...this.#kept.values()].filter(({ one }) => one.device === device)
    // What is under way arrives first.
    if (of().some(({ held }) => held)) await this.#writing?.catch(() => {})
    const taken = of().filter(({ held }) => !held)
    this.#hold(taken)
    return { copies: taken.map(({ one }) => one), end: (written) => this.#end(taken, written) }
  }

  /** Writes what waits by now. What cannot be written waits on. */
  async write(): Promise<void> {
    while (this.#writing) await this.#writing.catch(() => {})
    this.#writing = this.#written().finally(() => {
      this.#writing = undefined
    })
    await this.#writing
  }

  async #written(): Promise<void> {
    const waiting = [...this.#kept.values()].filter(({ held }) => !held)
    for (let at = 0; at < waiting.length; at += EACH) {
      const part = waiting.slice(at, at + EACH).filter(({ held }) => !held)
      this.#hold(part)
      let written = false
      try {
        await this.#write(part.map(({ one }) => one))
        written = true
      } finally {
        this.#end(part, written)
      }
    }
  }

  #hold(kept: readonly Kept[]): void {
    for (const one of kept) one.held = true
  }

  #end(kept: readonly Kept[], written: boolean): void {
    for (const one of kept) {
      one.held = false
      if (written && this.#kept.delete(one.one.id)) this.#bytes -= one.size
    }
  }
}

const sizeOf = ({ request: { target, headers, body } }: CopyRequest): number =>
  target.length +
  (body?.length ?? 0) +
  headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0)
