import { LRUCache } from 'lru-cache'
import { mirrorOf } from '../domain/mirror.ts'
import type { TakenCopy, VendorId } from '../store/store.ts'
import { createConsumer } from '../work/consumer.ts'
import { together } from '../work/together.ts'
import { bounded } from './bounded.ts'
import {
  type CopiedRequest,
  type CopyRequest,
  copyContext,
  deviceOf,
  handleMarks,
  scopeOf,
} from './copy-drafts.ts'
import { type CopyWriting, type CopyWritingDeps, createCopyWriting } from './copy-writing.ts'

/** A copy on its way. `ours` is what was answered here, as far as this process knows. */
export interface Copy extends Omit<TakenCopy, 'sealed'> {
  readonly request: CopiedRequest
  readonly ours: unknown
}

/** What became of a copy. */
export type Copied =
  /** The vendor has done or refused it, or it is given up. */
  | { readonly ended: true; readonly ids?: readonly VendorId[]; readonly gone?: boolean }
  /** It is tried again, not before then; `begun` is false where it surely has not left. */
  | { readonly ended: false; readonly begun: boolean; readonly after?: number }

/** Makes the calls to vendors. */
export interface CopySender {
  send(copy: Copy): Promise<Copied>
  /** Lines (`app/dialect`) from which nothing is taken now. */
  resting(): readonly string[]
  /** A copy was given up, after its time or since nobody knows whether it arrived. */
  givenUp(copy: Copy): Promise<void>
  /** Resolves when what was counted is written. */
  settled(): Promise<void>
}

/**
 * Copies of calls for vendors. They are written with the change that the call made here, and go one after the other for each
 * device: the next once the one before is done or given up.
 */
export interface Copies extends CopyWriting {
  /** Keeps what was answered here, for the comparison. */
  answered(id: string, ours: unknown): void
  /** Whether copies wait that name one of these handles. */
  precede(copy: Pick<CopyRequest, 'app' | 'handles'>): Promise<boolean>
  /** The call was refused here after all. */
  takeBack(copy: CopyRequest, id: string): Promise<void>
  /** Begins what is due; calls `ended` after each. */
  begin(sender: CopySender, ended: (fault?: unknown) => void): Promise<number>
  /** Works until nothing is due or the pace is reached. */
  deliver(sender: CopySender): Promise<number>
  idle(): Promise<void>
  whenAdded(listener: () => void): void
  /** Drops what is too much, and counts it; the number of copies. */
  sweep(): Promise<number>
}

const SECOND = 1000
/** Longer than the longest timeout of a mirror. */
const LEASE = 150 * SECOND
/** After a failure, in milliseconds; from then on the last one. */
const WAITS = [SECOND, 5 * SECOND, 30 * SECOND, 120 * SECOND, 600 * SECOND]
const LONGEST_WAIT = 3600 * SECOND
/** How long a copy is tried. */
const TRIED_FOR = 24 * 3600 * SECOND
/** Most copies that wait of an app in a dialect. */
const MOST = 100_000
/** Most copies of a line in one claim. */
const EACH = 16
/** Where the runtime gathers, what ends within this time ends together: one wait for the disk, in milliseconds. */
const TOGETHER = 100
const ANSWERS = { entries: 10_000, bytes: 32 * 1024 * 1024 }

interface Deps extends Omit<CopyWritingDeps, 'added' | 'kept'> {
  readonly pace: { readonly atOnce: number; readonly most: number; readonly milliseconds: number }
}

/** Drops the devices that wait longest where too many do. */
async function trimmed(scope: TakenCopy['scope'], { store, now }: Deps): Promise<number> {
  const at = now()
  const routes = await store.copies.trim(scope, MOST, at)
  const { dialects } = (routes.length > 0 && (await store.apps.get(scope.appId))) || { dialects: [] }
  const setup = dialects.find(({ dialect }) => dialect === scope.dialect)
  const mirror = setup && mirrorOf(setup)
  if (!mirror) return routes.length
  const of = {
    ...scope,
    since: new Date(mirror.since),
    hour: Math.floor(at.getTime() / 3_600_000),
    amount: 1,
  }
  const names = ['dropped', 'notSent.backlog']
  await store.mirrors.count(routes.flatMap((route) => names.map((name) => ({ ...of, route, name }))))
  return routes.length
}

async function allTrimmed(deps: Deps): Promise<number> {
  let dropped = 0
  for (const scope of await deps.store.copies.scopes()) dropped += await trimmed(scope, deps)
  return dropped
}

export function createCopies(deps: Deps): Copies {
  const { store, vault, now, ids, pace, gathers } = deps
  const listeners: (() => void)[] = []
  const answers = new LRUCache<string, { readonly ours: unknown }>(
    bounded(ANSWERS, ({ ours }: { ours: unknown }) => 2 * JSON.stringify(ours ?? null).length),
  )
  let rests: () => readonly string[] = () => []
  /** Nobody has to look for what cannot be sent yet: the look of each second finds it. */
  const added = ({ app }: CopyRequest) => {
    if (rests().includes(`${app.app.id}/${app.dialect}`)) return
    for (const listener of listeners) listener()
  }
  const writing = createCopyWriting({ ...deps, added, kept: (id, ours) => void answers.set(id, { ours }) })
  const taking = createConsumer<TakenCopy>({
    source: {
      claim: (terms, at) => store.copies.claim({ ...terms, each: EACH, resting: rests() }, at),
      key: ({ id }) => id,
    },
    ...{ now, newLease: ids.row, lease: LEASE, longestWait: LONGEST_WAIT, atOnce: pace.atOnce },
  })

  const making = (sender: CopySender) => async (taken: TakenCopy) => {
    const { sealed, ...rest } = taken
    const opened = await vault.open(sealed, copyContext(rest.scope.appId, rest.scope.dialect))
    const copy: Copy = { ...rest, request: JSON.parse(opened), ours: answers.get(rest.id)?.ours }
    // Begun before by one who died, it may have arrived.
    const lost = copy.once && copy.tries > 1
    const copied: Copied = lost ? GIVEN_UP : copy.behind ? BEHIND : await sender.send(copy)
    if (gathers) await together(TOGETHER)
    const [at, next] = [now(), nextOf(copy, copied, now())]
    if (!copied.ended && next) return store.copies.postpone(copy, next, copy.tries - (copied.begun ? 0 : 1))
    if (!copied.ended || lost) await sender.givenUp(copy)
    const { ids: learnt = [], gone = false } = copied.ended ? copied : {}
    await store.copies.end(copy, { ids: learnt, gone }, at)
    answers.delete(copy.id)
  }

  return {
    ...writing,
    answered: (id, ours) => void answers.set(id, { ours }),
    async precede(copy) {
      const scope = { appId: copy.app.app.id, dialect: copy.app.dialect }
      return copy.handles.length > 0 && store.copies.naming(scope, await handleMarks(copy, vault))
    },
    async takeBack(copy, id) {
      await store.copies.end(
        { id, device: deviceOf(copy, id), scope: scopeOf(copy) },
        { ids: [], gone: false },
        now(),
      )
    },
    begin(sender, ended) {
      rests = () => sender.resting()
      return taking.begin(making(sender), ended)
    },
    async deliver(sender) {
      rests = () => sender.resting()
      const made = await taking.drain(making(sender), pace)
      await sender.settled()
      return made
    },
    idle: taking.idle,
    whenAdded: (listener) => void listeners.push(listener),
    sweep: () => allTrimmed(deps),
  }
}

const GIVEN_UP: Copied = { ended: true }
const BEHIND: Copied = { ended: false, begun: false }

/** When a copy is tried again; null if it is not. */
function nextOf({ once, tries, at: since }: Copy, copied: Copied, at: Date): Date | null {
  if (copied.ended || (once && copied.begun)) return null
  if (at.getTime() - since.getTime() >= TRIED_FOR) return null
  const wait = copied.begun ? (WAITS[tries - 1] ?? WAITS.at(-1) ?? SECOND) : SECOND
  return new Date(at.getTime() + Math.min(Math.max(wait, copied.after ?? 0), LONGEST_WAIT))
}
