import { Worker } from 'node:worker_threads'
import { StoreUnavailable } from '../../../domain/error.ts'
import type { Call } from '../../sql/port.ts'
import { boundValues, type Statement } from '../../sql/statement.ts'
import { rowsOf } from '../connection.ts'
import type { Answered, Asked, Fault, Step, Task } from './message.ts'
import type { Writer } from './writer.ts'

/** What the thread is told when it begins. */
export interface Opened {
  readonly file: string
  /** Milliseconds for which a plan waits while another process holds the lock. */
  readonly patience: number
}

interface Thread {
  ask(plan: readonly Call[] | Task): Promise<unknown[][]>
  /** Resolves once it has ended. */
  readonly gone: Promise<void>
}

/** A statement that the thread knows by its number. */
interface Known {
  readonly number: number
  /** Makes its rows; known with its first answer. */
  objects: (rows: unknown[][]) => unknown[]
}

interface Waiting {
  readonly statements: readonly Known[]
  readonly resolve: (rows: unknown[][]) => void
  readonly reject: (error: Error) => void
}

/** Plans that wait at once, each a request that waits: beyond these the disk is too slow for what comes. */
const MOST_WAITING = 10_000

/**
 * Writes in a thread of its own: the disk is waited for there, not by everybody, and what comes meanwhile is the next group.
 * `program` is the bundle of writer-thread.ts. Should the thread end by itself, whoever waits is told that the store is
 * unavailable, and the next write begins another.
 */
export function threadedWriter(program: URL, opened: Opened, grouped?: (commits: number) => void): Writer {
  const begin = () =>
    openThread(program, opened, {
      grouped,
      ended() {
        thread = undefined
      },
    })
  // At once, so that it is there by the first write: that costs a start a tenth of a second.
  let thread: Thread | undefined = begin()

  const ask = (plan: readonly Call[] | Task) => {
    thread ??= begin()
    return thread.ask(plan)
  }

  return {
    commit: ask,
    async drain() {
      // What fails now the next commit does, or says why it cannot.
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
  let reason = 'the thread that writes has ended'
  let ending = false

  function posted(): NonNullable<typeof mail> {
    if (!mail) {
      mail = { texts: [], plans: [], tasks: [] }
      // All that comes in one turn of the event loop goes together.
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
    // Only what is waited for keeps the process alive; in the end that is the thread's own.
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
      if (waiting.size >= MOST_WAITING) return Promise.reject(new StoreUnavailable('too many writes wait'))
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

/** What SQLite said, as the error that it was there; `failure.ts` has the words for it. */
function errorOf({ kind, text }: Fault): Error {
  return kind === 'unavailable' ? new StoreUnavailable(text) : new WriteFault(text, kind === 'sqlite')
}

/** An error of the thread that writes. */
export class WriteFault extends Error {
  override readonly name = 'WriteFault'
  /** SQLite said it: the text ends with its code. */
  readonly bySqlite: boolean

  constructor(text: string, bySqlite: boolean) {
    super(text)
    this.bySqlite = bySqlite
  }
}
