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

/** The progress of a pull, stored beside its file. Contains no credentials. */
export interface Pulled {
  /** The source; an interrupted pull only resumes with the same one. */
  readonly what: string
  /** The start of the pull, which is the time of the file's data. */
  readonly startedAt: string
  readonly bytes: number
  readonly rows: number
  /** The vendor's position in the list, in its own form. Null at the beginning. */
  readonly cursor: unknown
  readonly done: boolean
}

/** The file that a pull writes, and its progress. */
export interface Spool {
  readonly file: string
  readonly pulled: Pulled
  /** Discards everything written since the last `commit`. */
  begin(): void
  write(bytes: Uint8Array | string): void
  /** Keeps everything written; a later pull continues after it. */
  commit(step: { readonly rows: number; readonly cursor: unknown; readonly done: boolean }): void
  close(): void
  /** Deletes the file and its state. */
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
      `${file} already exists: use --resume to continue it, or --file for another file.`,
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
    throw new PullFault('refused', `${stateFile} is damaged: delete it and its data file to start again.`)
  }
  if (pulled.what !== what)
    throw new PullFault(
      'usage',
      `${stateFile} belongs to a pull of ${pulled.what}, but this is a pull of ${what}.`,
    )
  return pulled
}
