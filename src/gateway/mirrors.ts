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

/** A server that apps of a dialect are mirrored to, with one of these apps. */
export interface MirroredServer {
  readonly dialect: string
  readonly upstream: string
  readonly appId: string
}

/**
 * The dialects with mirrored apps, known without a query: requests of other dialects cost nothing, and most gateways have no
 * mirrors. Changes by this process apply at once, changes by others at the next `refresh`.
 */
export interface Mirrors {
  /** The servers of a dialect as of the last refresh. */
  servers(dialect: string): readonly MirroredServer[]
  /** Whether the last refresh is older than app look-ups may be. */
  stale(): boolean
  refresh(): Promise<void>
  /** Replaces the ids of a device and its subscriptions with those that the vendor assigned. */
  adopt(app: DialectApp, ids: Omit<VendorIds, 'line'>, cause: string): Promise<void>
  /** The current id of the device that had this id before a mirror replaced it; null if there is none. */
  aliased(app: DialectApp, alias: string): Promise<string | null>
  /** True on the first call for each kind and device, user or token. */
  once(app: DialectApp, kind: Once, name: string): Promise<boolean>
  /** Reverts `once` after the action failed: the next call returns true again. */
  again(app: DialectApp, kind: Once, name: string): Promise<void>
  /** Adds to counters; if the runtime gathers writes, they are stored with the next `write`. A failed write is repeated by the next. */
  count(counts: readonly MirrorCount[]): Promise<void>
  /** Stores pending counts. */
  write(): Promise<void>
  note(app: DialectApp, diff: MirrorDiffDraft): Promise<void>
  /** A keyed hash of a text of the app. Erasures find mentions of a user by the hash of the user id. */
  hash(appId: string, text: string): Promise<string>
  /** The operator's credentials for the gateway's own calls to the vendor; null if there are none or they cannot be read. */
  credentials(app: DialectApp): Promise<Readonly<Record<string, string>> | null>
  /** For operators. */
  readonly reports: MirrorReports
}

type Scope = { readonly appId: string; readonly dialect: string }

/** Reports about a mirror. */
export interface MirrorReports {
  /** Counts since the mirror's settings last changed; zeros without a mirror. */
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

/** Most servers across all dialects. */
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
    async count(all) {
      await counts.add(all)
      if (!deps.gathers) await counts.write()
    },
    write: counts.write,
    note: (app, diff) => store.mirrors.note(scopeOf(app), diff),
    hash: markOf,
    async credentials(app) {
      const sealed = mirrorOf(app)?.sealed
      if (!sealed) return null
      const opened = await vault.open(sealed, mirrorContext(app.app.id, app.dialect)).catch(() => null)
      // Safe cast: only `drafts` writes it.
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
