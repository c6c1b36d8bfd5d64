import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs'

/** Where lines go that nobody may wait for: the log, and what an operator reads. */
export interface Sink {
  /** Writes the line now or a little later, or drops and counts it; never throws, never waits. */
  write(line: string): void
  /** Waits a moment for what is kept. Whoever does not read loses it. */
  close(): Promise<void>
}

export interface SinkOptions {
  /** The line, without its end, that tells how many were dropped. */
  readonly lost: (count: number) => string
}

/** Bytes that are kept for a slow reader or a full disk; what comes after them is dropped. */
const KEPT = 256 * 1024
const RETRY_EVERY = 100
/** How long an exit waits for a slow reader. */
const LAST = 500

interface Outlet {
  /** Writes as much as there is room for and returns how much; throws where there is none, or where nobody reads. */
  readonly write: (bytes: Uint8Array) => number
  /** Bytes that were taken and are not written yet. */
  readonly waiting: () => number
}

/**
 * A sink over standard output or standard error. A pipe whose reader is slow, dead or gone and a file on a full disk
 * neither stop the process nor throw: lines are kept up to a bound, then dropped, and their count is written as soon as
 * anything can be written again.
 */
export function openSink(stream: NodeJS.WriteStream & { fd: 1 | 2 }, { lost }: SinkOptions): Sink {
  const outlet = outletOf(stream)
  const kept: Uint8Array[] = []
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
      // No room, or no reader: tried again.
    }
    if (kept.length > 0) timer ??= setInterval(flush, RETRY_EVERY).unref()
    else {
      clearInterval(timer)
      timer = undefined
    }
  }

  function keep(line: string, count = false): void {
    const encoded = new TextEncoder().encode(line)
    kept.push(encoded)
    bytes += encoded.length
    if (count) dropped = 0
  }

  return {
    write(line) {
      if (bytes + line.length > KEPT) {
        dropped++
        return
      }
      keep(line)
      // While something waits, the timer tries: not each line.
      if (!timer) flush()
    },
    async close() {
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
  // What others write there, Node's warnings for one, finds no reader either.
  stream.on('error', () => {})
  const { fd } = stream
  try {
    const kind = fstatSync(fd)
    const waiting = () => 0
    if (kind.isFile()) return { write: (bytes) => writeSync(fd, bytes), waiting }
    if (kind.isFIFO() || kind.isCharacterDevice()) return { write: neverWaiting(fd), waiting }
  } catch {
    // Closed, or no such path: as below.
  }
  // A socket, as systemd gives: Node writes when it can.
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
 * A write to a full pipe waits for its reader, and with it the whole process. Opened anew, the pipe makes nobody wait, and
 * stays as it is for the processes with which it is shared.
 */
function neverWaiting(fd: 1 | 2): Outlet['write'] {
  const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants
  const own = openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY)
  process.once('exit', () => closeSync(own))
  return (bytes) => writeSync(own, bytes)
}
