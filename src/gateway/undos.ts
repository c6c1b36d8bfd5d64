import type { EventKind } from '../domain/event.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { Page, PageRequest } from '../domain/page.ts'
import type { JudgedEvent, KeptState, Undo } from '../domain/undo.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Reveal, Store } from '../store/store.ts'
import { auditing, type By } from './auditing.ts'

export interface UndoRequest {
  readonly appId: string
  readonly about: string
  readonly kind: EventKind | null
  readonly from: Date
  readonly until: Date
  readonly dryRun: boolean
  readonly forced: boolean
}

/** Undoes mistaken changes, using only the history. */
export interface Undos {
  /** Undoes small changes immediately; the rest follows in the background. Null if it was already undone. */
  run(request: UndoRequest, by: By): Promise<Undo | null>
  find(appId: string, id: string): Promise<Undo | null>
  list(appId: string, page: PageRequest): Promise<Page<Undo>>
  /** The outcome of undoing one event; null for an unknown event. */
  judge(appId: string, event: number, forced: boolean): Promise<JudgedEvent | null>
  takeBack(appId: string, event: number, forced: boolean, by: By): Promise<JudgedEvent | null>
  /** Processes the next batch of a running undo; false if none is running. */
  step(): Promise<boolean>
  /** Seals the next states that changes have kept as text; returns their number. */
  seal(): Promise<number>
}

/** Events examined per batch, across all apps. */
const PIECE = 200
/** Most batches per request. */
const PIECES = 25
/** States sealed at a time, and their bytes. */
const SEALED = { limit: 100, bytes: 1_048_576 }

/** Binds a sealed state to what it is about. */
export const stateContext = ({ appId, subject }: Pick<KeptState, 'appId' | 'subject'>): string =>
  `${appId}/kept/${subject}`

/** Opens kept states; one that no key opens is null, and does not hold up the others. */
export const revealing =
  (vault: Vault): Reveal =>
  async (kept) =>
    kept.sealed === null ? kept.document : vault.open(kept.sealed, stateContext(kept)).catch(() => null)

interface Deps {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  readonly ids: Ids
}

export function createUndos(deps: Deps): Undos {
  const { store, vault, now, ids } = deps
  const { undos } = store
  const [entryOf, reveal] = [auditing(deps), revealing(vault)]

  return {
    async run({ appId, about, kind, from, until, dryRun, forced }, by) {
      const id = ids.row()
      const detail = {
        about,
        ...(kind && { kind }),
        from: from.toISOString(),
        until: until.toISOString(),
        forced,
      }
      const entry = entryOf(by, 'undo.begun', { appId, target: id, detail })
      const draft = { id, appId, about, kind, from, until, dryRun, forced, actor: by.actor, createdAt: now() }
      let undo = await undos.begin(draft, dryRun ? undefined : entry)
      for (let piece = 0; piece < PIECES && undo && undo.finishedAt === null; piece++) {
        undo = await undos.proceed(undo, PIECE, now(), reveal)
      }
      return undo
    },
    find: (appId, id) => undos.find(appId, id),
    list: (appId, page) => undos.list(appId, page),
    judge: (appId, event, forced) => undos.judge(appId, event, forced, reveal),
    takeBack(appId, event, forced, by) {
      const id = ids.row()
      const entry = entryOf(by, 'event.undone', { appId, target: String(event), detail: { forced } })
      return undos.takeBack(appId, event, { id, forced }, { at: now(), cause: `undo ${id}` }, reveal, entry)
    },
    async step() {
      const undo = await undos.open()
      if (!undo) return false
      await undos.proceed(undo, PIECE, now(), reveal)
      return true
    },
    async seal() {
      const states = await undos.unsealed(SEALED.limit, SEALED.bytes)
      const sealed = await Promise.all(
        states.map(async ({ document, ...state }) => ({
          ...state,
          sealed: await vault.seal(document ?? '', stateContext(state)),
        })),
      )
      await undos.seal(sealed)
      return states.length
    },
  }
}
