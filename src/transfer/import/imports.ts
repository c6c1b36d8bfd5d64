import type { ImportFault, ImportRow, RefusedRow } from '../../domain/import.ts'
import { turn } from '../../domain/turn.ts'
import type { ImportStep, LeasedImport, Spool, Store } from '../../store/store.ts'
import { type FileLine, type Format, type ImportTerms, isFileLine } from '../format.ts'
import { FileFault, type FileRecord, type ReaderPlace, START } from '../text/record.ts'
import { type Records, recordsOf } from './records.ts'
import { Rounds } from './rounds.ts'
import { type FileState, isRefused, NO_FILE, rowMaker } from './rows.ts'

/** The amount of work per step and per turn. */
export interface ImportPace {
  /** Rows per step; a step is one transaction. */
  rows(): number
  /** Milliseconds after which another import gets its turn. */
  readonly milliseconds: number
  readonly maxRows: number
  /** Pauses after a step, given its milliseconds including preparation. */
  rest(took: number): Promise<void>
}

export interface ImportsDeps {
  readonly store: Store
  readonly spool: Spool
  readonly formats: ReadonlyMap<string, Format>
  /** By dialect. */
  readonly terms: ReadonlyMap<string, ImportTerms>
  readonly now: () => Date
  readonly newId: () => string
  /** The keyed hash of an erased user, id or token. */
  readonly fingerprint: (appId: string, text: string) => Promise<string>
  readonly pace: ImportPace
}

export interface Imports {
  /**
   * Works for one turn on the import that has waited longest; false if none waits. Safe to run concurrently.
   */
  step(): Promise<boolean>
}

const LEASE = 60_000
/** Milliseconds per turn of the event loop in which rows are prepared. */
const TOGETHER = 4
/** A position that is stored between steps. */
interface Place {
  readonly reader: ReaderPlace
  readonly file: FileState
}
/** Prepared rows, and the position of the next ones; `last` if the file ends after them. */
interface Prepared {
  readonly rounds: readonly (readonly ImportRow[])[]
  readonly refused: readonly RefusedRow[]
  readonly warnings: readonly string[]
  readonly rowsRead: number
  readonly place: Place
  readonly exportedAt: Date | null
  readonly last: boolean
  readonly fault: ImportFault | null
}

/** A prepared step, and the state of the import after it. */
interface Readied {
  readonly prepared: Prepared
  readonly after: LeasedImport
  readonly apply: () => Promise<boolean>
}

export function createImports(deps: ImportsDeps): Imports {
  const { store, spool, now, newId, pace } = deps
  const later = () => new Date(now().getTime() + LEASE)

  async function finish(of: LeasedImport, lease: string, fault: ImportFault | null, total: number | null) {
    await store.imports.finish(lease, { fault, total }, now())
    await spool.remove(of.id)
  }

  /** The next step of an import, assuming that the steps before it are applied. */
  async function readied(of: LeasedImport, lease: string, preparation: Preparation): Promise<Readied> {
    const prepared = await preparation.next()
    const step: ImportStep = { ...prepared, import: of, lease, until: later() }
    const after = { ...of, rowsRead: prepared.rowsRead, place: prepared.place }
    return { prepared, after, apply: store.imports.ready(step, now()) }
  }

  /** Applies step after step until the file ends or the turn is over. */
  async function work(of: LeasedImport, lease: string): Promise<void> {
    let begun = performance.now()
    const end = begun + pace.milliseconds
    const preparation = await prepare(of, deps)
    let next = readied(of, lease, preparation)
    for (;;) {
      const { prepared, after, apply } = await next
      const applied = apply()
      const done = prepared.last || prepared.fault !== null
      // The next rows are prepared while the store writes this step.
      if (!done) next = turn().then(() => readied(after, lease, preparation))
      next.catch(() => {})
      if (!(await applied)) return store.imports.release(lease, now())
      if (done) await finish(of, lease, prepared.fault, prepared.fault ? null : prepared.rowsRead)
      await pace.rest(performance.now() - begun)
      if (done) return
      begun = performance.now()
      if (begun >= end) return store.imports.release(lease, now())
    }
  }

  return {
    async step() {
      const lease = newId()
      const at = now()
      const claim = { lease, until: later(), horizon: new Date(at.getTime() + 2 * LEASE) }
      const of = await store.imports.claim(claim, at)
      if (!of) return false
      try {
        await work(of, lease)
      } catch (error) {
        const fault = faultOf(error)
        if (!fault) {
          await store.imports.release(lease, now()).catch(() => {})
          throw error
        }
        await finish(of, lease, fault, null)
      }
      return true
    },
  }
}

const faultOf = (error: unknown): ImportFault | null =>
  error instanceof FileFault ? { code: error.code, message: error.message } : null

/** Prepares the rows of an import, one step per call. */
class Preparation {
  readonly #of: LeasedImport
  readonly #deps: ImportsDeps
  readonly #rows: ReturnType<typeof rowMaker>
  readonly #records: AsyncIterator<readonly FileRecord[]>
  #waiting: readonly FileRecord[] = []
  #at = 0
  #file: FileState
  #reader: ReaderPlace
  #position: number
  #broken: FileFault | null = null

  constructor(of: LeasedImport, deps: ImportsDeps, opened: Records, rows: ReturnType<typeof rowMaker>) {
    const place = of.place as Place | null
    this.#of = of
    this.#deps = deps
    this.#rows = rows
    this.#records = opened.records[Symbol.asyncIterator]()
    this.#file = place?.file ?? NO_FILE
    this.#reader = place?.reader ?? START
    this.#position = of.rowsRead
  }

  async next(): Promise<Prepared> {
    const { pace, fingerprint } = this.#deps
    const rounds = new Rounds()
    const refused: RefusedRow[] = []
    let end: 'step' | 'file' | 'rows' = 'step'
    let since = performance.now()
    const most = pace.rows()
    for (let made = 0; made < most; ) {
      const record = this.#waiting[this.#at] ?? (await this.#more())
      if (!record) {
        end = 'file'
        break
      }
      const row = this.#rows.of(record, this.#position + 1)
      if (isFileLine(row)) this.#noteFile(row)
      else {
        if (this.#position >= pace.maxRows) end = 'rows'
        if (end === 'rows' || (!isRefused(row) && !rounds.add(row))) break
        if (isRefused(row)) refused.push(row)
        if (!isRefused(row) || row.reason !== 'unknown_type') this.#noteDevice()
        this.#position++
        made++
      }
      this.#at++
      this.#reader = record.next
      if (performance.now() - since > TOGETHER) {
        await turn()
        since = performance.now()
      }
    }
    if (this.#of.erasures) await noteErasable(rounds.rounds, this.#of.appId, fingerprint)
    return this.#prepared(rounds.rounds, refused, end)
  }

  #prepared(
    rounds: Prepared['rounds'],
    refused: readonly RefusedRow[],
    end: 'step' | 'file' | 'rows',
  ): Prepared {
    const { begun, said, devices } = this.#file
    const last = end === 'file'
    const truncated = last && !this.#broken && begun && said !== devices
    return {
      ...{ rounds, refused, rowsRead: this.#position, last, exportedAt: this.#rows.exportedAt() },
      warnings: truncated ? ['file_truncated'] : [],
      place: { reader: this.#reader, file: this.#file },
      fault: end === 'rows' ? tooLarge(this.#deps.pace.maxRows) : last ? faultOf(this.#broken) : null,
    }
  }

  /** The next record of the file; undefined at its end or at a fault. */
  async #more(): Promise<FileRecord | undefined> {
    for (;;) {
      if (this.#broken) return undefined
      try {
        const { value, done } = await this.#records.next()
        if (done) return undefined
        this.#waiting = value
      } catch (error) {
        if (!(error instanceof FileFault)) throw error
        this.#broken = error
        this.#waiting = error.before
      }
      this.#at = 0
      if (this.#waiting[0]) return this.#waiting[0]
    }
  }

  #noteFile(line: FileLine): void {
    const begun = this.#file.begun || 'exportedAt' in line
    this.#file = { ...this.#file, begun, said: line.devices ?? this.#file.said }
  }
  #noteDevice(): void {
    this.#file = { ...this.#file, devices: this.#file.devices + 1 }
  }
}

/** Opens the file of an import at the end of its last step. */
async function prepare(of: LeasedImport, deps: ImportsDeps): Promise<Preparation> {
  const { spool, formats, newId, now } = deps
  const format = formats.get(of.format)
  const app = await deps.store.apps.get(of.appId)
  if (!format || !app) throw new FileFault('header', 'The app or the format no longer exists.')
  const spoken = new Set(app.dialects.map(({ dialect }) => dialect))
  const terms = new Map([...deps.terms].filter(([name]) => spoken.has(name)))
  const place = of.place as Place | null
  const opened = await recordsOf(spool, of.id, format, of.options, place?.reader ?? null)
  const rows = rowMaker(of, format, opened.header, { now, newId, uuid: () => crypto.randomUUID(), terms })
  return new Preparation(of, deps, opened, rows)
}

const tooLarge = (rows: number): ImportFault => ({
  code: 'too_large',
  message: `The file has more than ${rows} rows; the rows up to that limit were imported. Raise IMPORT_MAX_ROWS.`,
})

async function noteErasable(
  rounds: readonly ImportRow[][],
  appId: string,
  fingerprint: ImportsDeps['fingerprint'],
): Promise<void> {
  for (const rows of rounds) {
    for (const [at, row] of rows.entries()) {
      const erasable = await Promise.all(textsOf(row).map((text) => fingerprint(appId, text)))
      rows[at] = { ...row, erasable }
    }
  }
}

/** The names that an erasure uses (gateway/directory.ts). */
const textsOf = ({ dialect, user, externalId, token }: ImportRow): readonly string[] => [
  ...(user ? [`user ${user.id}`] : []),
  ...(externalId === null ? [] : [`id ${dialect} ${externalId}`]),
  ...(token ? [`token ${token.text}`] : []),
]
