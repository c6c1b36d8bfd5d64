import { LRUCache } from 'lru-cache'
import { hourOf } from '../domain/hour.ts'
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

/** A copy being sent. `ours` is the answer given here, if this process still has it. */
export interface Copy extends Omit<TakenCopy, 'sealed'> {
  readonly request: CopiedRequest
  readonly ours: unknown
}

/** The result of sending a copy. */
export type Copied =
  /** The vendor accepted or refused the call, or it was given up. */
  | { readonly ended: true; readonly ids?: readonly VendorId[]; readonly gone?: boolean }
  /** To be retried, no sooner than `after`; `begun` is false if the request certainly was not sent. */
  | { readonly ended: false; readonly begun: boolean; readonly after?: number }

/** Makes the calls to vendors. */
export interface CopySender {
  send(copy: Copy): Promise<Copied>
  /** Lines (`app/dialect`) for which no copies are claimed now. */
  resting(): readonly string[]
  /** A copy was given up because it is too old, or because it may already have arrived. */
  givenUp(copy: Copy): Promise<void>
  /** Resolves when pending counts are written. */
  settled(): Promise<void>
}

/**
 * Copies of calls to vendors. A copy is stored in the same transaction as the change that the call made here. Copies of one
 * device are sent in order, each after the previous one has succeeded or was given up.
 */
export interface Copies extends CopyWriting {
  /** Keeps our answer for the comparison. */
  answered(id: string, ours: unknown): void
  /** Whether copies are waiting that share one of these handles. */
  precede(copy: Pick<CopyRequest, 'app' | 'handles'>): Promise<boolean>
  /** Removes the copy of a call that was refused here. */
  takeBack(copy: CopyRequest, id: string): Promise<void>
  /** Starts due copies; calls `ended` after each. */
  begin(sender: CopySender, ended: (fault?: unknown) => void): Promise<number>
  /** Sends copies until none is due or the limits are reached. */
  deliver(sender: CopySender): Promise<number>
  idle(): Promise<void>
  whenAdded(listener: () => void): void
  /** Drops copies beyond the limit and counts them; returns their number. */
  sweep(): Promise<number>
}

const SECOND = 1000
/** Longer than the longest timeout of a mirror. */
const LEASE = 150 * SECOND
/** Delays after each failure in milliseconds; the last one repeats. */
const WAITS = [SECOND, 5 * SECOND, 30 * SECOND, 120 * SECOND, 600 * SECOND]
const LONGEST_WAIT = 3600 * SECOND
/** How long a copy is retried. */
const TRIED_FOR = 24 * 3600 * SECOND
/** Most waiting copies of an app in a dialect. */
const MOST = 100_000
/** Most copies of one line per claim. */
const EACH = 16
/** If the runtime gathers writes, copies ending within this interval are settled together, in one commit; milliseconds. */
const TOGETHER = 100
const ANSWERS = { entries: 10_000, bytes: 32 * 1024 * 1024 }

interface Deps extends Omit<CopyWritingDeps, 'added' | 'kept'> {
  readonly pace: { readonly atOnce: number; readonly most: number; readonly milliseconds: number }
}

/** Drops the devices that have waited longest if there are too many copies. */
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
    hour: hourOf(at),
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
  /** A copy that cannot be sent yet wakes nobody; the check every second finds it later. */
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
    // A crashed process had begun it, so it may have arrived.
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

/** When a copy is retried; null if it is not. */
function nextOf({ once, tries, at: since }: Copy, copied: Copied, at: Date): Date | null {
  if (copied.ended || (once && copied.begun)) return null
  if (at.getTime() - since.getTime() >= TRIED_FOR) return null
  const wait = copied.begun ? (WAITS[tries - 1] ?? WAITS.at(-1) ?? SECOND) : SECOND
  return new Date(at.getTime() + Math.min(Math.max(wait, copied.after ?? 0), LONGEST_WAIT))
}
