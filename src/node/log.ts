import { type Logger, pino } from 'pino'
import { prettyFactory } from 'pino-pretty'
import type { Config } from '../config.ts'
import { openSink, type Sink } from './sink.ts'

export type Log = Logger

/** Uses the same member names as the log on Workers: `level` as a word, `time`, `msg`, `err`. */
export function createLog(level: Config['logLevel'], output: NodeJS.WriteStream & { fd: 1 }) {
  const lost = (dropped: number) =>
    JSON.stringify({ level: 'warn', time: new Date().toISOString(), dropped, msg: 'log lines were dropped' })
  const sink: Sink = openSink(output, { lost })
  const shown = output.isTTY ? forPeople() : undefined
  const log: Logger = pino(
    {
      level,
      base: null,
      timestamp: isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => sink.write(shown ? shown(line) : line) },
  )
  return { log, sink }
}

let written = 0
let time = ''

/** Formatted at most once per millisecond: pino's own time function takes a third of the time of a line. */
function isoTime(): string {
  const now = Date.now()
  if (now !== written) {
    written = now
    time = `,"time":"${new Date(now).toISOString()}"`
  }
  return time
}

/** For terminals: one short line per request; other records keep all members. */
function forPeople(): (line: string) => string {
  const common = { translateTime: 'SYS:HH:MM:ss', ignore: 'requestId' }
  const whole = prettyFactory(common)
  const request = prettyFactory({
    ...common,
    hideObject: true,
    messageFormat: (entry) =>
      [
        entry.status,
        entry.dialect ?? '-',
        entry.method,
        entry.route,
        `${entry.ms} ms`,
        ...(entry.app ? [`app=${entry.app}`] : []),
        ...(entry.code ? [`(${entry.code})`] : []),
      ].join(' '),
  })
  return (line) =>
    line.includes('"err":') || !line.includes('"msg":"request"') ? whole(line) : request(line)
}
