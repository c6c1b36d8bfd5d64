import type { Clock, Ids } from '../domain/ids.ts'
import type { Vault } from '../secrets/vault.ts'
import type { CopyDraft, Store } from '../store/store.ts'
import { type CopyRequest, type CopyTurn, deviceOf, drafted } from './copy-drafts.ts'
import { PutOff, type Taken, type Waiting } from './put-off.ts'

export interface Carried {
  /** The id of the copy, if it was stored with a change of the request. */
  end(): string | null
}

/** Stores copies. */
export interface CopyWriting {
  /** Stores the copy together with the first change that the request makes. */
  carry(copy: CopyRequest, cause: string): Carried
  /** Stores the copy in its own transaction. */
  add(copy: CopyRequest, ours: unknown): Promise<void>
  /**
   * Like `add`, for a repeatable call that changed nothing here: if the runtime gathers writes, the copy waits in memory for
   * the next `write`, and the caller need not wait. Null if there is no room.
   */
  putOff(copy: CopyRequest, ours: unknown): Promise<void> | null
  /** Writes the copies that wait in memory. */
  write(): Promise<void>
}

export interface CopyWritingDeps {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  readonly ids: Ids
  /** Whether this process keeps running after an answer and is the only writer of the store. */
  readonly gathers?: boolean | undefined
  /** Called after a copy was stored. */
  added(copy: CopyRequest): void
  /** Keeps our answer for the comparison. */
  kept(id: string, ours: unknown): void
}

export function createCopyWriting(deps: CopyWritingDeps): CopyWriting {
  const { store, vault, now, ids, gathers = false, added, kept } = deps
  const turnOf = (): CopyTurn => ({ id: ids.row(), at: now() })
  const draftsOf = (copies: readonly Pick<Waiting, 'copy' | 'id' | 'at'>[]): Promise<CopyDraft[]> =>
    Promise.all(copies.map((one) => drafted(one.copy, one, vault)))

  async function write(copies: readonly Waiting[]): Promise<void> {
    // Before any process can claim them.
    for (const { id, ours } of copies) kept(id, ours)
    await store.copies.add(...(await draftsOf(copies)))
    for (const { copy } of copies) added(copy)
  }
  const later = new PutOff(write)
  const waitingOf = (copy: CopyRequest, ours: unknown): Waiting => {
    const turn = turnOf()
    return { ...turn, copy, ours, device: deviceOf(copy, turn.id) }
  }

  return {
    carry(copy, cause) {
      let made: Promise<readonly CopyDraft[]> | undefined
      let before: Taken | undefined
      let id = ''
      async function make(): Promise<readonly CopyDraft[]> {
        before = await later.take(deviceOf(copy, ''))
        for (const { id, ours } of before.copies) kept(id, ours)
        const turn = turnOf()
        id = turn.id
        return draftsOf([...before.copies, { ...turn, copy }])
      }
      const ended = store.copies.carry(() => {
        // A retried plan reuses them.
        made ??= make()
        return made
      }, cause)
      return {
        end() {
          const taken = ended()
          before?.end(taken)
          if (taken) added(copy)
          return taken ? id : null
        },
      }
    },
    async add(copy, ours) {
      const before = await later.take(deviceOf(copy, ''))
      let written = false
      try {
        await write([...before.copies, waitingOf(copy, ours)])
        written = true
      } finally {
        before.end(written)
      }
    },
    putOff(copy, ours) {
      const one = waitingOf(copy, ours)
      if (!gathers) return write([one])
      return later.add(one) ? Promise.resolve() : null
    },
    write: () => later.write(),
  }
}
