import { GatewayError } from '../domain/error.ts'
import type { Clock, Ids } from '../domain/ids.ts'
import type { Import, ImportError, ImportOptions } from '../domain/import.ts'
import type { Page, PageRequest } from '../domain/page.ts'
import type { Vault } from '../secrets/vault.ts'
import type { Spool, Store } from '../store/store.ts'
import { auditing, type By } from './auditing.ts'

/** An upload whose parameters have been checked. */
export interface ImportRequest {
  readonly appId: string
  /** Empty if each row names its dialect. */
  readonly dialect: string
  readonly format: string
  readonly dryRun: boolean
  readonly options: ImportOptions
  readonly exportedAt: Date | null
  readonly key: string | undefined
  /** UTF-8. Throws if the upload is cut off; then no import is created. */
  readonly file: AsyncIterable<Uint8Array>
}

export interface ImportUses {
  /** Stores the file and queues the import; returns its id. Throws `app_unknown` if the app was removed meanwhile. */
  create(request: ImportRequest, by: By): Promise<string>
  find(appId: string, id: string): Promise<Import | null>
  list(appId: string, page: PageRequest): Promise<Page<Import>>
  /** All rejected and skipped rows and, on request, rows with warnings. */
  errors(appId: string, id: string, warnings: boolean): AsyncGenerator<readonly ImportError[]>
  /** Cancels a running import, or deletes a finished one; its devices stay. False for an unknown import. */
  remove(appId: string, id: string, by: By): Promise<boolean>
  /** The keyed hash by which imports recognize erased users, ids and tokens. */
  erasureMark(appId: string, text: string): Promise<string>
  /** Calls the listener after each new import. */
  whenQueued(listener: () => void): void
  /** Deletes a batch of data left by dry runs and old imports. */
  sweep(): Promise<boolean>
  recover(): Promise<void>
}

export interface ImportsDeps {
  readonly store: Store
  readonly vault: Vault
  readonly now: Clock
  readonly ids: Ids
  readonly spool: Spool
  readonly limits: ImportLimits
}

export interface ImportLimits {
  readonly bytes: number
  /** How long errors are kept, in days. */
  readonly keepDays: number
}

const DAY = 86_400_000
const PAGE = 500
const SWEPT = 200

export function createImportUses({ store, vault, now, ids, spool, limits }: ImportsDeps): ImportUses {
  const listeners: (() => void)[] = []
  const entryOf = auditing({ now, ids })

  async function created(id: string, { file, key, ...draft }: ImportRequest, by: By): Promise<string> {
    const bytes = await spool.write(id, file, limits.bytes)
    const idempotency = key === undefined ? null : { key, until: new Date(now().getTime() + DAY) }
    const message = `The file has more than ${limits.bytes} bytes. Raise IMPORT_MAX_BYTES.`
    const fault = bytes === null && { fault: { code: 'too_large' as const, message } }
    const { appId, format, dialect, dryRun } = draft
    const entry = entryOf(by, 'import.created', { appId, target: id, detail: { format, dialect, dryRun } })
    const made = await store.imports.create(
      { ...draft, id, bytes: bytes ?? 0, idempotency, ...fault },
      now(),
      entry,
    )
    if (made === true) return id
    await spool.remove(id)
    if (made === false) throw new GatewayError('app_unknown', 'The app no longer exists.')
    return made
  }

  return {
    async create(request, by) {
      const { appId, key } = request
      const known = key === undefined ? null : await store.imports.findByKey(appId, key, now())
      if (known !== null) return known
      const id = await created(ids.row(), request, by)
      for (const listener of listeners) listener()
      return id
    },

    find: (appId, id) => store.imports.find(appId, id),
    list: (appId, page) => store.imports.list(appId, page),

    async *errors(appId, id, warnings) {
      for (let after = 0; ; ) {
        const rows = await store.imports.errors(appId, id, { after, limit: PAGE, warnings })
        if (rows.length > 0) yield rows
        if (rows.length < PAGE) return
        after = rows.at(-1)?.row ?? 0
      }
    },

    async remove(appId, id, by) {
      const entry = entryOf(by, 'import.removed', { appId, target: id })
      const done = await store.imports.remove(appId, id, now(), entry)
      if (done !== null) await spool.remove(id)
      return done !== null
    },

    erasureMark: (appId, text) => vault.fingerprint(text, `${appId}/erased`),
    whenQueued(listener) {
      listeners.push(listener)
    },

    async sweep() {
      if (await store.imports.sweep(SWEPT)) return true
      const gone = await store.imports.prune(new Date(now().getTime() - limits.keepDays * DAY))
      for (const id of gone) await spool.remove(id)
      return gone.length > 0
    },

    recover: () => store.imports.endLeases(now()),
  }
}
