import type { AppRecord } from '../domain/app.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { ExportedDevice, ExportFilter, Store } from '../store/store.ts'
import { auditing, type By } from './auditing.ts'

export interface ExportRequest {
  readonly format: string
  readonly filter: ExportFilter
  /** Only devices of this dialect. */
  readonly dialect: string | undefined
  /** The id of the device behind which it goes on; null: from the start. */
  readonly after: string | null
}

/** All devices of an app, for a copy of them. */
export interface Exports {
  /**
   * Begins an export, of which the audit tells. Its devices are those that are there now and still are when their turn
   * comes, as they are then, in the order of their ids; each piece is read when it is asked for, and nothing is held
   * between two. A piece may be empty.
   */
  begin(
    app: AppRecord,
    request: ExportRequest,
    by: By,
  ): Promise<AsyncGenerator<readonly ExportedDevice[], void>>
}

/** Ids that are fetched at once of a dialect, and devices of a piece: those are read in the thread of the requests. */
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

/** A way through the ids of one dialect. */
interface Walk {
  /** Ids that are known and not taken yet begin at `at`. */
  ids: readonly string[]
  at: number
  after: string
  ended: boolean
  fetch(after: string): Promise<readonly string[]>
}

/** The ids of one piece: the smallest that any way has next. */
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
