import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { PullFault } from './fault.ts'

/** How far a pull has come; kept beside its file. It holds no credentials. */
export interface Pulled {
  /** What it pulls: an interrupted pull goes on with the same alone. */
  readonly what: string
  /** When it began: what the file says was true then. */
  readonly startedAt: string
  readonly bytes: number
  readonly rows: number
  /** Where the vendor's list goes on: the vendor's own affair. Null at the beginning. */
  readonly cursor: unknown
  readonly done: boolean
}

/** The file that a pull fills, and how far it is. */
export interface Spool {
  readonly file: string
  readonly pulled: Pulled
  /** Drops what was written since the last `commit`. */
  begin(): void
  write(bytes: Uint8Array | string): void
  /** What was written stays, and a later pull goes on behind it. */
  commit(step: { readonly rows: number; readonly cursor: unknown; readonly done: boolean }): void
  close(): void
  /** Takes the file and its state away. */
  remove(): void
}

interface Opening {
  readonly file: string
  readonly what: string
  readonly resume: boolean
  readonly now: Date
}

export function openSpool({ file, what, resume, now }: Opening): Spool {
  const stateFile = `${file}.state.json`
  const there = existsSync(stateFile)
  if (!resume && (there || existsSync(file)))
    throw new PullFault(
      'usage',
      `${file} is there already: say --resume to go on with it, or --file for another one.`,
    )
  let pulled: Pulled = there
    ? read(stateFile, what)
    : { what, startedAt: now.toISOString(), bytes: 0, rows: 0, cursor: null, done: false }
  const out = openSync(file, there ? 'r+' : 'w', 0o600)
  let at = pulled.bytes
  ftruncateSync(out, at)
  const note = () => {
    writeFileSync(`${stateFile}.next`, `${JSON.stringify(pulled)}\n`, { mode: 0o600 })
    renameSync(`${stateFile}.next`, stateFile)
  }
  note()
  return {
    file,
    get pulled() {
      return pulled
    },
    begin() {
      ftruncateSync(out, pulled.bytes)
      at = pulled.bytes
    },
    write(bytes) {
      const whole = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
      for (let from = 0; from < whole.length; )
        from += writeSync(out, whole, from, whole.length - from, at + from)
      at += whole.length
    },
    commit({ rows, cursor, done }) {
      fsyncSync(out)
      pulled = { ...pulled, bytes: at, rows: pulled.rows + rows, cursor, done }
      note()
    },
    close: () => closeSync(out),
    remove() {
      for (const name of [file, stateFile, `${stateFile}.next`]) rmSync(name, { force: true })
    },
  }
}

function read(stateFile: string, what: string): Pulled {
  let pulled: Pulled
  try {
    pulled = JSON.parse(readFileSync(stateFile, 'utf8'))
  } catch {
    throw new PullFault(
      'refused',
      `${stateFile} is damaged: take it away, and the file with it, to begin again.`,
    )
  }
  if (pulled.what !== what)
    throw new PullFault(
      'usage',
      `${stateFile} belongs to a pull of ${pulled.what}, and this one is of ${what}.`,
    )
  return pulled
}
