import type { CopyRequest, CopyTurn } from './copy-drafts.ts'

/** A copy waiting in memory. */
export interface Waiting extends CopyTurn {
  readonly copy: CopyRequest
  readonly device: string
  readonly ours: unknown
}

/** Most copies, and bytes of their requests, in memory. */
export const ROOM = { copies: 2000, bytes: 8 * 1024 * 1024 }
/** Above either, a write starts at once instead of with the next turn. */
const MANY = { copies: 256, bytes: 1024 * 1024 }
/** Most copies per plan. */
const EACH = 50

/** Copies that another plan writes. */
export interface Taken {
  readonly copies: readonly Waiting[]
  end(written: boolean): void
}

interface Kept {
  readonly one: Waiting
  readonly size: number
  /** Whether another plan is writing it. */
  held: boolean
}

/**
 * Copies of calls that changed nothing here. There is no plan to write them with, and a plan of its own for each would cost
 * more than the rest of the call. They wait in memory and are written together, or with the next change of their device,
 * whose copy must not be sent before them.
 */
export class PutOff {
  readonly #write: (copies: readonly Waiting[]) => Promise<void>
  readonly #kept = new Map<string, Kept>()
  #bytes = 0
  #writing: Promise<void> | undefined

  constructor(write: (copies: readonly Waiting[]) => Promise<void>) {
    this.#write = write
  }

  /** False if there is no room. */
  add(one: Waiting): boolean {
    const size = sizeOf(one.copy)
    if (this.#kept.size >= ROOM.copies || this.#bytes + size > ROOM.bytes) return false
    this.#kept.set(one.id, { one, size, held: false })
    this.#bytes += size
    const many = this.#kept.size >= MANY.copies || this.#bytes >= MANY.bytes
    if (many && !this.#writing) this.write().catch(() => {})
    return true
  }

  /** Returns a device's copies to a caller that writes them with its own change and then reports success or failure. */
  async take(device: string): Promise<Taken> {
    const of = () => [...this.#kept.values()].filter(({ one }) => one.device === device)
    // Copies being written come first.
    if (of().some(({ held }) => held)) await this.#writing?.catch(() => {})
    const taken = of().filter(({ held }) => !held)
    this.#hold(taken)
    return { copies: taken.map(({ one }) => one), end: (written) => this.#end(taken, written) }
  }

  /** Writes the copies waiting at this moment. Copies that cannot be written keep waiting. */
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
