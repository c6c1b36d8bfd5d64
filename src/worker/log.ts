import type { Config } from '../config.ts'

interface LogRecord extends Readonly<Record<string, unknown>> {
  readonly msg: string
  /** Default: `error` if there is an error, else `info`. */
  readonly level?: 'info' | 'warn' | 'error'
  readonly error?: unknown
}

export type Log = (record: LogRecord) => void

const SEVERITY = ['debug', 'info', 'warn', 'error']

/** Uses the same member names as the Node log: `level` as a word, `time`, `msg`, `err`. */
export function logger({ logLevel }: Config): Log {
  const least = SEVERITY.indexOf(logLevel)
  return ({ error, msg, level = error === undefined ? 'info' : 'error', ...record }: LogRecord) => {
    if (logLevel === 'silent' || SEVERITY.indexOf(level) < least) return
    const err = error instanceof Error && {
      err: { type: error.name, message: error.message, stack: error.stack },
    }
    // biome-ignore lint/suspicious/noConsole: on Workers the console is the log.
    console.log(JSON.stringify({ level, time: new Date().toISOString(), ...record, ...err, msg }))
  }
}
