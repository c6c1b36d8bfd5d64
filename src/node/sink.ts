import { constants, fstatSync, openSync, writeSync } from 'node:fs'

/** Output that must never block the process: the log, and messages to the operator. */
export interface Sink {
  /** Writes the line with the others of this turn of the event loop, or drops and counts it; never throws, never blocks. */
  write(line: string): void
  /** Waits briefly for buffered lines; lines that are not read by then are lost. */
  close(): Promise<void>
}

export interface SinkOptions {
  /** Renders the line, without line end, that reports the number of dropped lines. */
  readonly lost: (count: number) => string
}

/** Bytes buffered for a slow reader or a full disk; further lines are dropped. */
const KEPT = 256 * 1024
/**
 * Lines of one turn are written together, up to the size that a pipe writes atomically, so that several
 * writers do not split each other's lines.
 */
const TOGETHER = 4096
const RETRY_EVERY = 100
/** How long an exit waits for a slow reader, in milliseconds. */
const LAST = 500

interface Outlet {
  /** Writes as many bytes as fit and returns their number; throws if there is no room or no reader. */
  readonly write: (bytes: Uint8Array) => number
  /** Bytes accepted but not written yet. */
  readonly waiting: () => number
}

/**
 * Opens a sink over standard output or standard error. A slow, hanging or missing reader and a full disk neither block
 * the process nor throw: lines are buffered up to a limit, then dropped, and their number is reported as soon as writing
 * works again.
 */
export function openSink(stream: NodeJS.WriteStream & { fd: 1 | 2 }, { lost }: SinkOptions): Sink {
  const outlet = outletOf(stream)
  const kept: Uint8Array[] = []
  /** The lines of the current turn. */
  let lines = ''
  let length = 0
  /** The number of bytes in `kept`. */
  let bytes = 0
  let dropped = 0
  let timer: NodeJS.Timeout | undefined

  function flush(): void {
    try {
      for (let [first] = kept; first; [first] = kept) {
        const written = outlet.write(first)
        bytes -= written
        if (written < first.length) kept[0] = first.subarray(written)
        else kept.shift()
        if (written < first.length) break
        if (kept.length === 0 && dropped > 0) keep(`${lost(dropped)}\n`, true)
      }
    } catch {
      // No room, or no reader: retried by the timer.
    }
    if (kept.length > 0) timer ??= setInterval(flush, RETRY_EVERY).unref()
    else {
      clearInterval(timer)
      timer = undefined
    }
  }

  function keep(text: string, count = false): void {
    const encoded = Buffer.from(text)
    kept.push(encoded)
    bytes += encoded.length
    if (count) dropped = 0
  }

  function endTurn(): void {
    if (length === 0) return
    keep(lines)
    lines = ''
    length = 0
    // While lines are buffered, only the timer retries.
    if (!timer) flush()
  }

  // An uncaught error ends the process within one turn, and its last lines must be written.
  process.once('exit', endTurn)

  return {
    write(line) {
      const more = Buffer.byteLength(line)
      if (length + more > TOGETHER) endTurn()
      if (bytes + length + more > KEPT) {
        dropped++
        return
      }
      if (length === 0) setImmediate(endTurn)
      lines += line
      length += more
    },
    async close() {
      endTurn()
      const late = performance.now() + LAST
      while ((kept.length > 0 || outlet.waiting() > 0) && performance.now() < late) {
        flush()
        await new Promise((resume) => setTimeout(resume, 10))
      }
      clearInterval(timer)
    },
  }
}

function outletOf(stream: NodeJS.WriteStream & { fd: 1 | 2 }): Outlet {
  // Other writers, such as Node's warnings, would otherwise fail with an unhandled error.
  stream.on('error', () => {})
  const { fd } = stream
  try {
    const kind = fstatSync(fd)
    const waiting = () => 0
    if (kind.isFile()) return { write: (bytes) => writeSync(fd, bytes), waiting }
    if (kind.isFIFO() || kind.isCharacterDevice()) return { write: nonBlocking(fd), waiting }
  } catch {
    // Closed, or no /proc: falls through.
  }
  // A socket, as under systemd: Node buffers and writes asynchronously.
  return {
    write(bytes) {
      if (stream.writableLength > KEPT || stream.destroyed) throw new Error('no room')
      stream.write(bytes)
      return bytes.length
    },
    waiting: () => (stream.destroyed ? 0 : stream.writableLength),
  }
}

/**
 * A write to a full pipe would block the whole process. Reopening the pipe with O_NONBLOCK avoids that without changing
 * the mode for processes that share it.
 */
function nonBlocking(fd: 1 | 2): Outlet['write'] {
  const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants
  const own = openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY)
  return (bytes) => writeSync(own, bytes)
}
