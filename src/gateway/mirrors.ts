import type { DialectApp } from '../domain/app.ts'
import { groupedBy } from '../domain/groups.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import { type MirrorSettings, mirrorOf, type Once } from '../domain/mirror.ts'
import type { MirrorDiff, MirrorSignature } from '../domain/mirror-report.ts'
import { type MirrorSummary, summaryOf } from '../domain/mirror-summary.ts'
import type { Page, PageRequest, TimePlace } from '../domain/page.ts'
import type { Vault } from '../secrets/vault.ts'
import type { MirrorCount, MirrorDiffDraft, MirrorDiffFilter, Store, VendorIds } from '../store/store.ts'
import { auditing, type By } from './auditing.ts'
import { lineOf } from './copy-drafts.ts'
import { mirrorContext } from './drafts.ts'
import { createMirrorCounts, type MirrorCounts } from './mirror-counts.ts'

/** A server that apps of a dialect are mirrored to, and one of these apps. */
export interface MirroredServer {
  readonly dialect: string
  readonly upstream: string
  readonly appId: string
}

/**
 * Which dialects have mirrored apps at all, known without asking the database: a request of a dialect that has none costs
 * nothing, and most gateways have none. Changes by this process count at once, those by others at the next `refresh`.
 */
export interface Mirrors {
  /** The servers of a dialect, as last seen. */
  servers(dialect: string): readonly MirroredServer[]
  /** Whether what is known is as old as a look-up of an app may be. */
  stale(): boolean
  refresh(): Promise<void>
  /** The device and its subscriptions get the ids that the vendor gave them. */
  adopt(app: DialectApp, ids: Omit<VendorIds, 'line'>, cause: string): Promise<void>
  /** The present id of the device that had this one until a mirror gave it the vendor's; null for none. */
  aliased(app: DialectApp, alias: string): Promise<string | null>
  /** True the first time for each device, user or token, and kind of thing that is done once. */
  once(app: DialectApp, kind: Once, name: string): Promise<boolean>
  /** What was to be done once could not be: the next time is the first one again. */
  again(app: DialectApp, kind: Once, name: string): Promise<void>
  /** Adds to what was counted: where the runtime gathers, with the next `write`. */
  count(counts: readonly MirrorCount[]): Promise<void>
  /** Writes what was counted. */
  write(): Promise<void>
  note(app: DialectApp, diff: MirrorDiffDraft): Promise<void>
  /** A keyed hash of a text of an app: of a user, the one by which an erasure finds what mentions it. */
  hash(appId: string, text: string): Promise<string>
  /** What the operator gave for calls of our own to the vendor; null for nothing that can be read. */
  credentials(app: DialectApp): Promise<Readonly<Record<string, string>> | null>
  /** For operators. */
  readonly reports: MirrorReports
}

type Scope = { readonly appId: string; readonly dialect: string }

/** What was seen of a mirror. */
export interface MirrorReports {
  /** What was counted since the mirror is what it is; zeros without one. */
  summary(
    scope: Scope,
    mirror: MirrorSettings | null,
  ): Promise<{
    readonly summary: MirrorSummary
    readonly waiting: number
    readonly signatures: readonly MirrorSignature[]
  }>
  diffs(
    scope: Scope,
    filter: MirrorDiffFilter,
    page: PageRequest<TimePlace>,
  ): Promise<Page<MirrorDiff, TimePlace>>
  /** Null for an unknown signature. */
  accept(
    scope: Scope,
    signature: string,
    verdict: { readonly accepted: boolean; readonly note: string | null },
    by: By,
  ): Promise<MirrorSignature | null>
}

/** Most servers of all dialects. */
const MOST = 1000
/** Most signatures in a summary. */
const MOST_SIGNATURES = 500

export function createMirrors(deps: {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  readonly ids: Ids
  readonly appCacheSeconds: number
  readonly gathers?: boolean | undefined
}): Mirrors {
  const { store, vault, now, appCacheSeconds } = deps
  const counts = createMirrorCounts((all) => store.mirrors.count(all))
  let known: ReadonlyMap<string, readonly MirroredServer[]> = new Map()
  let seen: number | undefined
  const markOf = (appId: string, text: string) => vault.fingerprint(text, `${appId}/user`)

  return {
    servers: (dialect) => known.get(dialect) ?? [],
    stale: () =>
      seen === undefined || Math.abs(now().getTime() - seen) >= Math.max(1, appCacheSeconds) * 1000,
    async refresh() {
      const at = now().getTime()
      const servers = await store.apps.mirrored(MOST)
      known = groupedBy(servers, ({ dialect }) => dialect)
      seen = at
    },
    adopt: (app, ids, cause) =>
      store.mirrors.adopt(scopeOf(app), { ...ids, line: lineOf(app, ids.externalId) }, { at: now(), cause }),
    aliased: (app, alias) => store.mirrors.aliased(scopeOf(app), alias, now()),
    once: async (app, kind, name) =>
      store.mirrors.mark(scopeOf(app), kind, await markOf(app.app.id, name), now()),
    again: async (app, kind, name) => store.mirrors.unmark(app.app.id, kind, await markOf(app.app.id, name)),
    count: (all) => (deps.gathers ? counts.add(all) : store.mirrors.count(all)),
    write: counts.write,
    note: (app, diff) => store.mirrors.note(scopeOf(app), diff),
    hash: markOf,
    async credentials(app) {
      const sealed = mirrorOf(app)?.sealed
      if (!sealed) return null
      const opened = await vault.open(sealed, mirrorContext(app.app.id, app.dialect)).catch(() => null)
      // Written by `drafts` alone.
      return opened === null ? null : (JSON.parse(opened) as Record<string, string>)
    },
    reports: createReports({ ...deps, counts }),
  }
}

function createReports(deps: {
  readonly store: Store
  readonly now: Clock
  readonly ids: Ids
  readonly counts: MirrorCounts
}): MirrorReports {
  const { mirrors } = deps.store
  const entryOf = auditing(deps)
  return {
    async summary(scope, mirror) {
      if (!mirror) return { summary: summaryOf([]), waiting: 0, signatures: [] }
      const since = new Date(mirror.since)
      await deps.counts.write()
      const [waiting, totals, signatures] = await Promise.all([
        deps.store.copies.waiting(scope),
        mirrors.totals(scope, since),
        mirrors.signatures(scope, since, MOST_SIGNATURES),
      ])
      return { summary: summaryOf(totals), waiting, signatures }
    },
    diffs: (scope, filter, page) => mirrors.diffs(scope, filter, page),
    accept(scope, signature, verdict, by) {
      const { appId, dialect } = scope
      const detail = { dialect, ...verdict }
      const entry = entryOf(by, 'mirror.judged', { appId, target: signature, detail })
      return mirrors.accept(scope, signature, verdict, entry)
    },
  }
}

const scopeOf = ({ app, dialect }: DialectApp): Scope => ({ appId: app.id, dialect })
