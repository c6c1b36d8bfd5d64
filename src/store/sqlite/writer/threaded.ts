import { Worker } from 'node:worker_threads'
import { StoreUnavailable } from '../../../domain/error.ts'
import type { Call } from '../../sql/port.ts'
import { boundValues, type Statement } from '../../sql/statement.ts'
import { rowsOf } from '../connection.ts'
import type { Answered, Asked, Fault, Step, Task } from './message.ts'
import type { Writer } from './writer.ts'

/** Start-up data for the thread. */
export interface Opened {
  readonly file: string
  /** How long a plan waits while another process has the lock, in milliseconds. */
  readonly patience: number
}

interface Thread {
  ask(plan: readonly Call[] | Task): Promise<unknown[][]>
  /** Resolves once the thread has ended. */
  readonly gone: Promise<void>
}

/** A statement that the thread knows by number. */
interface Known {
  readonly number: number
  /** Turns rows into objects; set with the first answer. */
  objects: (rows: unknown[][]) => unknown[]
}

interface Waiting {
  readonly statements: readonly Known[]
  readonly resolve: (rows: unknown[][]) => void
  readonly reject: (error: Error) => void
}

/** Most waiting plans; each belongs to a waiting request. With more, the disk is too slow for the load. */
const MOST_WAITING = 10_000

/**
 * Writes in a separate thread, which waits for the disk; plans arriving meanwhile form the next group. `program` is the built
 * writer-thread.ts. If the thread ends unexpectedly, waiting plans fail as unavailable, and the next write starts a new
 * thread.
 */
export function threadedWriter(program: URL, opened: Opened, grouped?: (commits: number) => void): Writer {
  const begin = () =>
    openThread(program, opened, {
      grouped,
      ended() {
        thread = undefined
      },
    })
  // Started early, so that the first write need not wait; takes a tenth of a second.
  let thread: Thread | undefined = begin()

  const ask = (plan: readonly Call[] | Task) => {
    thread ??= begin()
    return thread.ask(plan)
  }

  return {
    commit: ask,
    async drain() {
      // If this fails, the next commit does the same or reports the error.
      await thread?.ask('drain').catch(() => {})
    },
    async scrub() {
      await ask('scrub')
    },
    async close() {
      if (!thread) return
      const { gone } = thread
      await thread.ask('close')
      await gone
    },
  }
}

interface Told {
  readonly grouped: ((commits: number) => void) | undefined
  readonly ended: () => void
}

function openThread(program: URL, opened: Opened, { grouped, ended }: Told): Thread {
  const worker = new Worker(program, { workerData: opened })
  const waiting = new Map<number, Waiting>()
  const statements = new Map<Statement, Known>()
  const byNumber: Known[] = []
  let asked = 0
  let mail: { texts: [number, string][]; plans: [number, Step[]][]; tasks: [number, Task][] } | undefined
  let reason = 'the writer thread has ended'
  let ending = false

  function posted(): NonNullable<typeof mail> {
    if (!mail) {
      mail = { texts: [], plans: [], tasks: [] }
      // Collects the plans of one event loop turn.
      setImmediate(() => {
        if (mail) worker.postMessage(mail satisfies Asked)
        mail = undefined
      })
    }
    return mail
  }

  function known(statement: Statement): Known {
    const found = statements.get(statement)
    if (found) return found
    const made: Known = { number: byNumber.length, objects: (rows) => rows }
    byNumber.push(made)
    statements.set(statement, made)
    posted().texts.push([made.number, statement.text])
    return made
  }

  function settled(number: number): Waiting | undefined {
    const one = waiting.get(number)
    waiting.delete(number)
    // The thread keeps the process alive only while a plan is waiting, or during shutdown.
    if (waiting.size === 0 && !ending) worker.unref()
    return one
  }

  worker.unref()
  worker.on('message', ({ columns, done, failed }: Answered) => {
    if (done.length > 0) grouped?.(done.length)
    for (const [number, names] of columns) {
      const one = byNumber[number]
      if (one) one.objects = rowsOf(names)
    }
    for (const [number, rows] of done) {
      const one = settled(number)
      one?.resolve(one.statements.map(({ objects }, at) => objects(rows[at] ?? [])))
    }
    for (const [number, fault] of failed) settled(number)?.reject(errorOf(fault))
  })
  worker.on('error', (error) => {
    reason = error.message
  })
  const gone = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      ended()
      for (const number of [...waiting.keys()]) settled(number)?.reject(new StoreUnavailable(reason))
      resolve()
    })
  })

  return {
    gone,
    ask(plan) {
      if (waiting.size >= MOST_WAITING) return Promise.reject(new StoreUnavailable('too many waiting writes'))
      return new Promise((resolve, reject) => {
        const number = asked++
        if (typeof plan === 'string') {
          ending ||= plan === 'close'
          posted().tasks.push([number, plan])
          waiting.set(number, { statements: [], resolve, reject })
        } else {
          const steps = plan.map((one) => ({ statement: known(one.statement), values: boundValues(one) }))
          const sent = steps.map(({ statement, values }) => ({ statement: statement.number, values }))
          posted().plans.push([number, sent])
          waiting.set(number, { statements: steps.map(({ statement }) => statement), resolve, reject })
        }
        if (waiting.size === 1) worker.ref()
      })
    },
  }
}

/** Restores SQLite's error in this thread; `failure.ts` interprets it. */
function errorOf({ kind, text }: Fault): Error {
  return kind === 'unavailable' ? new StoreUnavailable(text) : new WriteFault(text, kind === 'sqlite')
}

/** An error of the writing thread. */
export class WriteFault extends Error {
  override readonly name = 'WriteFault'
  /** Whether the error is SQLite's; then its text ends with the code. */
  readonly bySqlite: boolean

  constructor(text: string, bySqlite: boolean) {
    super(text)
    this.bySqlite = bySqlite
  }
}
