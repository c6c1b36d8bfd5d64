import type { AppRecord } from '../domain/app.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { ExportedDevice, ExportFilter, Store } from '../store/store.ts'
import { auditing, type By } from './auditing.ts'

export interface ExportRequest {
  readonly format: string
  readonly filter: ExportFilter
  /** Only devices of this dialect. */
  readonly dialect: string | undefined
  /** The id of the last exported device; null to begin at the start. */
  readonly after: string | null
}

/** Exports of all devices of an app. */
export interface Exports {
  /**
   * Begins an export and writes an audit entry. Contains the devices that exist now and still exist when they are read, with
   * their state at that time, in the order of their ids. Each batch is read on demand and nothing is held in between. Batches
   * may be empty.
   */
  begin(
    app: AppRecord,
    request: ExportRequest,
    by: By,
  ): Promise<AsyncGenerator<readonly ExportedDevice[], void>>
}

/** Ids fetched at once per dialect, and devices per batch: reading a batch blocks the thread that serves requests. */
const IDS = 2000
const PIECE = 200

export function createExports(deps: {
  readonly store: Store
  readonly now: Clock
  readonly ids: Ids
}): Exports {
  const { store, now } = deps
  const entryOf = auditing(deps)

  async function walks(app: AppRecord, { dialect, after }: ExportRequest): Promise<Walk[]> {
    const spoken = app.dialects.map((one) => one.dialect).filter((one) => one === (dialect ?? one))
    const found = await Promise.all(
      spoken.map(async (one) => {
        const scope = { appId: app.id, dialect: one }
        const until = await store.exports.newest(scope)
        const fetch = (from: string) =>
          until === null || from >= until ? Promise.resolve([]) : store.exports.ids(scope, from, until, IDS)
        return { after: after ?? '', ids: [], at: 0, ended: until === null, fetch } satisfies Walk
      }),
    )
    return found
  }

  async function* pieces(app: AppRecord, request: ExportRequest, along: readonly Walk[]) {
    for (;;) {
      const ids = await nextIds(along)
      if (ids.length === 0) return
      yield await store.exports.devices(app.id, ids, request.filter, now())
    }
  }

  return {
    async begin(app, request, by) {
      const { format, filter, dialect, after } = request
      const detail = { format, ...filter, ...(dialect !== undefined && { dialect }), resumed: after !== null }
      const along = await walks(app, request)
      await store.audit.note(entryOf(by, 'devices.exported', { appId: app.id, detail }))
      return pieces(app, request, along)
    },
  }
}

/** The traversal of one dialect's ids. */
interface Walk {
  /** Fetched ids; those from `at` on are not yet taken. */
  ids: readonly string[]
  at: number
  after: string
  ended: boolean
  fetch(after: string): Promise<readonly string[]>
}

/** The ids of one batch: repeatedly the smallest next id of all traversals. */
async function nextIds(along: readonly Walk[]): Promise<readonly string[]> {
  const taken: string[] = []
  while (taken.length < PIECE) {
    let first: Walk | undefined
    for (const walk of along) {
      const id = await peek(walk)
      if (id !== undefined && (first === undefined || id < (first.ids[first.at] ?? ''))) first = walk
    }
    if (!first) break
    taken.push(first.ids[first.at++] ?? '')
  }
  return taken
}

async function peek(walk: Walk): Promise<string | undefined> {
  if (walk.at >= walk.ids.length && !walk.ended) {
    walk.ids = await walk.fetch(walk.after)
    walk.at = 0
    walk.after = walk.ids.at(-1) ?? walk.after
    walk.ended = walk.ids.length < IDS
  }
  return walk.ids[walk.at]
}
